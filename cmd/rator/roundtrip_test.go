package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/server/servertest"
	"rator/suite"
	"rator/wire"
)

// TestRoundTripOfAPHPClient records what a PHP client does with a server, plays it
// against another server, and has the client do it again with a mock, which has no
// server behind it: the client sees the same, WSDL and faults included.
func TestRoundTripOfAPHPClient(t *testing.T) {
	suite.Foreign(t, "PHP")
	script, hookpoints := filepath.Join(clients, "php", "run"), filepath.Join(clients, "hookpoints")
	server := servertest.New(t)
	r := startRecorder(t, strings.TrimSuffix(server.Endpoint, wire.Path), "--gets", "--split", "none", "--hookpoints", hookpoints)
	saw := runClient(t, script, r.url+wire.Path, "mocked-php")
	if code := r.end(); code != exitOK || len(saw) == 0 {
		t.Fatalf("exit %d, %d lines: %s", code, len(saw), r.err.String())
	}
	play := func(endpoint string) {
		t.Helper()
		o := rator(t, "", "replay", r.dir, "--endpoint", endpoint, "--hookpoints", hookpoints, "--set", "PASSWORD=demo", "--set", "PASSWORD_2=correct horse battery")
		if o.code != exitOK || !strings.Contains(o.out, "all equal") {
			t.Errorf("played against %s: %d\n%s%s", endpoint, o.code, o.out, o.err)
		}
	}
	toml := filepath.Join(r.dir, "scenario.toml")
	servertest.Write(t, r.dir, "scenario.toml", "ignore = [\"**/@location\", \"**/@schemaLocation\"] # of the WSDL\n"+servertest.Read(t, toml))
	play(servertest.New(t).Endpoint)
	address, stop := startMock(t, r.dir, "--hookpoints", hookpoints)
	again := runClient(t, script, address+wire.Path, "mocked-php")
	if diff := cmp.Diff(saw, again); diff != "" {
		t.Errorf("(-server +mock)\n%s", diff)
	}
	other, end := startMock(t, r.dir, "--hookpoints", hookpoints) // the first has given its answers
	play(other + wire.Path)
	end()
	if code, said := stop(); code != exitOK {
		t.Errorf("%d %s", code, said)
	} else {
		t.Log(said)
	}
}
