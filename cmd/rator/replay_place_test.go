package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPlacesAsGiven: messages name files as the user did, not from the root on.
func TestPlacesAsGiven(t *testing.T) {
	from, err := filepath.Abs(filepath.Join(root, "testdata", "soap", "SOAP_GET_CAMPAIGNS"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	done := rator(t, "", "replay", "--export", "curl", from, "--to", "play.sh")
	if done.code != exitOK || !strings.Contains(done.out, "scenarios: play.sh;") {
		t.Errorf("%+v", done)
	}
	if err := os.MkdirAll("suite", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("suite/01-a.request.xml", []byte("<a/>"), 0o644); err != nil {
		t.Fatal(err)
	}
	done = rator(t, "", "mock", "suite")
	if done.code != exitUsage || !strings.Contains(done.err, "rator: suite/01-a.request.xml: has no response") {
		t.Errorf("%+v", done)
	}
}
