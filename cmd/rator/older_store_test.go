package main

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rator/server/servertest"
)

// TestOlderStoreIsReadAsItIs: commands that only read do so on a file of the version
// before, and leave it as it is.
func TestOlderStoreIsReadAsItIs(t *testing.T) {
	file := servertest.UnpackStore(t, filepath.Join(servertest.EventsBefore, "store.db.gz"))
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ args, says string }{
		{"verify", `(?m)^\d+ records, 0 faults\n$`},
		{"hub list", `(?s)/all.*/v4`},
		{"operator list", `demo`},
		{"events tail", `"type":"customer.created"`},
	} {
		says(t, rator(t, "", append(strings.Fields(c.args), "--store", file)...), exitOK, c.says)
	}
	after, err := os.ReadFile(file)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file was changed: %v", err)
	}
}

// TestHistoryOfAnOlderStore: what a version before wrote is in the time line as what is
// written today.
func TestHistoryOfAnOlderStore(t *testing.T) {
	s := servertest.Upgraded(t, servertest.UnpackStore(t, filepath.Join(servertest.EventsBefore, "store.db.gz")), http.NotFoundHandler())
	s.KeepEventsOnce(t.Context())
	says(t, historyOf(t, s.Server.Server, "--customer", "100002"), exitOK, `(?s) BLOCKED +2026-11-29T21:57:5\d\.\d{3}Z +demo over soap +BLOCK_AS_LOST on 2026-11-01.*event +demo +soap +customer.created`)
}
