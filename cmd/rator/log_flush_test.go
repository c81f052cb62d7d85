package main

import (
	"path/filepath"
	"testing"
	"time"

	"rator/server"
	"rator/server/servertest"
)

// TestLogFindsACallJustMade: a server that writes its log once an hour is asked to write
// it before somebody looks.
func TestLogFindsACallJustMade(t *testing.T) {
	s, endpoint, file := servertest.LoggedWith(t, func(c *server.Config, _ string) { c.CallLog.Wait = time.Hour })
	servertest.CallAt(t, endpoint, "NONE", "before")
	if o := rator(t, "", "log", "show", "before", "--store", file); o.code == exitOK {
		t.Fatal("it was written without being asked for")
	}
	takeCommands(t, s, file)
	for id, args := range map[string][]string{
		"shown":    {"log", "show", "shown", "--store", file},
		"listed":   {"log", "--request-id", "listed", "--store", file},
		"exported": {"record", "--from-log", "exported", "--dir", filepath.Join(t.TempDir(), "recorded"), "--store", file},
	} {
		servertest.CallAt(t, endpoint, "NONE", id)
		if o := rator(t, "", args...); o.code != exitOK || o.err != "" {
			t.Errorf("%v: %+v", args, o)
		}
	}
}
