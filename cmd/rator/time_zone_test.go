package main

import (
	"bytes"
	"strings"
	"testing"

	"rator/server"
	"rator/server/servertest"
)

// TestStartSaysItsZone: a start in another zone says so and names the way back, and one
// whose machine's zone has no name says which it is in; others say nothing.
func TestStartSaysItsZone(t *testing.T) {
	t.Setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
	st := servertest.OpenStore(t, servertest.StoreFile(t))
	defer st.Close()
	for _, c := range []struct{ zone, says string }{
		{"Europe/Oslo", ""},
		{"Asia/Kolkata", "was served in Europe/Oslo until now, and is in Asia/Kolkata from now on"},
		{"Asia/Calcutta", ""},
		{"America/Denver", "start with --time-zone Asia/Calcutta\n"},
		{server.LocalZone, "the zone of this machine has no name"},
	} {
		var said bytes.Buffer
		if err := serveIn(&terminal{ctx: t.Context(), err: &said}, st, c.zone); err != nil {
			t.Errorf("%s: %v", c.zone, err)
		}
		if got := said.String(); (got == "") != (c.says == "") || !strings.Contains(got, c.says) {
			t.Errorf("%s: it says %q", c.zone, got)
		}
	}
}
