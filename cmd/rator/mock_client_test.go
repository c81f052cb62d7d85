package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAPHPClientIsMocked records what a PHP client does with a server, and has the
// client do it again with a mock, which has no server behind it: the client sees the
// same, WSDL and faults included.
func TestAPHPClientIsMocked(t *testing.T) {
	script, hookpoints := filepath.Join(clients, "php", "run"), filepath.Join(clients, "hookpoints")
	server := newTestServer(t)
	r := startRecorder(t, strings.TrimSuffix(server.endpoint, endpointPath), "--gets", "--split", "none", "--hookpoints", hookpoints)
	saw := runClient(t, script, r.url+endpointPath, "mocked-php")
	if code := r.end(); code != exitOK || len(saw) == 0 {
		t.Fatalf("exit %d, %d lines: %s", code, len(saw), r.err.String())
	}
	address, stop := startMock(t, r.dir, "--hookpoints", hookpoints)
	again := runClient(t, script, address+endpointPath, "mocked-php")
	if diff := cmp.Diff(saw, again); diff != "" {
		t.Errorf("(-server +mock)\n%s", diff)
	}
	if code, said := stop(); code != exitOK {
		t.Errorf("%d %s", code, said)
	} else {
		t.Log(said)
	}
}
