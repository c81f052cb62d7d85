package server_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"rator/card"
	"rator/server"
	"rator/server/servertest"
)

// TestAnotherCardKey: a store knows its key, and warns of another.
func TestAnotherCardKey(t *testing.T) {
	st := servertest.OpenStore(t, servertest.StoreFile(t))
	defer st.Close()
	one, other := card.NewKey([]byte(strings.Repeat("1", 32))), card.NewKey([]byte(strings.Repeat("2", 32)))
	for i, c := range []struct {
		key  *card.Key
		warn bool
	}{{one, false}, {one, false}, {other, true}, {one, true}} {
		var log bytes.Buffer
		if err := server.NoteCardKey(st, "a.db", c.key, "a.pin-key", slog.New(slog.NewTextHandler(&log, nil))); err != nil {
			t.Fatal(err)
		}
		if warned := strings.Contains(log.String(), "another key file"); warned != c.warn {
			t.Errorf("start %d: %s", i, log.String())
		}
	}
}
