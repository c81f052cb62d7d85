package event_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"rator/event"
	"rator/store"
)

// read reads to the end, limit by limit, and gives the cursors of what came.
func (h *house) read(r event.Reader, cursor int64, limit int) string {
	h.t.Helper()
	var got []string
	for end := false; !end; {
		h.view(func(tx store.Tx) error {
			p, err := r.After(tx, cursor, limit)
			if p.Cursor < cursor || !p.End && p.Cursor == cursor {
				h.t.Fatalf("after cursor %d comes a page with %+v, %v", cursor, p, err)
			}
			for _, e := range p.Events {
				got = append(got, fmt.Sprint(e.Cursor))
			}
			cursor, end = p.Cursor, p.End
			return err
		})
	}
	if cursor != 6 {
		h.t.Errorf("the end is at cursor %d", cursor)
	}
	return strings.Join(got, " ")
}

func TestReader(t *testing.T) {
	h := open(t)
	h.opens(5) // brands A B - A B, accounts 7 8 7 8 7
	h.update(func(tx store.Tx) error {
		return cut.Emit(tx, event.Whose{Brand: "A", Account: 7}, event.ID("DOOR_ID", 1), event.Text("CODE", "1"))
	})
	for _, test := range []struct {
		name   string
		reader event.Reader
		after  int64
		want   string
	}{
		{"all", event.Reader{}, 0, "1 2 3 4 5"},
		{"after 2", event.Reader{}, 2, "3 4 5"},
		{"after the end", event.Reader{}, 6, ""},
		{"the secret by name", event.Reader{Patterns: event.Patterns{"door.key"}}, 0, "6"},
		{"nothing of the topic", event.Reader{Patterns: event.Patterns{"door.shut"}}, 0, ""},
		{"brand A", event.Reader{Brands: []string{"A"}}, 0, "1 4"},
		{"brand B and none", event.Reader{Brands: []string{"B", ""}}, 0, "2 3 5"},
		{"no brand at all", event.Reader{Brands: []string{}}, 0, ""},
		{"account 7", event.Reader{Account: 7}, 0, "1 3 5"},
		{"account 7 after 1, brand B", event.Reader{Account: 7, Brands: []string{"B"}}, 1, "5"},
		{"account 9", event.Reader{Account: 9}, 0, ""},
	} {
		for _, limit := range []int{0, 1, 2, 3, 5, 6, 7, 100} {
			if got := h.read(test.reader, test.after, limit); got != test.want {
				t.Errorf("%s, %d at a time: %q, want %q", test.name, limit, got, test.want)
			}
		}
	}
}

func TestReaderOutsideOfTheStream(t *testing.T) {
	h := open(t)
	after := func(cursor int64) (err error) {
		h.view(func(tx store.Tx) error {
			_, err = (&event.Reader{}).After(tx, cursor, 10)
			_, sameErr := event.FromCursor(cursor).Cursor(tx)
			if fmt.Sprint(err) != fmt.Sprint(sameErr) {
				t.Errorf("since %d: %v, and reading after it: %v", cursor, sameErr, err)
			}
			return nil
		})
		return err
	}
	gone := func(cursor, lost, kept int64) {
		t.Helper()
		var gone *event.GoneError
		if err := after(cursor); !errors.As(err, &gone) || *gone != (event.GoneError{After: cursor, Lost: lost, Kept: kept}) {
			t.Errorf("after %d: %v", cursor, err)
		}
	}
	beyond := func(cursor, newest int64) {
		t.Helper()
		var beyond *event.BeyondError
		if err := after(cursor); !errors.As(err, &beyond) || *beyond != (event.BeyondError{After: cursor, Newest: newest}) {
			t.Errorf("after %d: %v", cursor, err)
		}
	}
	well := func(cursor int64) {
		t.Helper()
		if err := after(cursor); err != nil {
			t.Errorf("after %d: %v", cursor, err)
		}
	}
	drop := func(upTo int64) {
		h.update(func(tx store.Tx) error { _, err := tx.DropEvents(upTo, 100); return err })
	}
	well(0)
	beyond(1, 0)
	h.opens(6)
	well(0)
	well(6)
	beyond(7, 6)
	beyond(-1, 6)
	drop(4)
	gone(0, 4, 4)
	gone(3, 1, 4)
	well(4)
	drop(6)
	gone(4, 2, 6)
	well(6)
	beyond(7, 6)
}

func TestSince(t *testing.T) {
	h := open(t)
	cursor := func(text string) string {
		s, err := event.ParseSince(text, begins.Add(time.Minute))
		if err != nil {
			return err.Error()
		}
		var got string
		h.view(func(tx store.Tx) error {
			c, err := s.Cursor(tx)
			got = fmt.Sprint(c, " ", err)
			return err
		})
		return got
	}
	is := func(text, want string) {
		t.Helper()
		if got := cursor(text); got != want+" <nil>" {
			t.Errorf("since %q: %s, want %s", text, got, want)
		}
	}
	is("", "0")
	is("2026-05-02T00:00:00Z", "0")
	h.opens(9) // of 10:11:12 to 10:11:20
	is("", "0")
	is("4", "4")
	is("2026-05-02T10:11:11Z", "0")
	is("2026-05-02T10:11:12Z", "0")
	is("2026-05-02T10:11:13Z", "1")
	is("2026-05-02T12:11:16.9+02:00", "4")
	is("2026-05-02T10:11:20Z", "8")
	is("2026-05-02T10:11:21Z", "9")
	is("0001-01-01T00:00:00Z", "0")
	is("9999-01-01T00:00:00Z", "9")
	is("54s", "6")
	is("2026-05-02", "0")
	is("2026-05-03", "9")
	is("1d", "0")
	is("0d", "9")
	is("0s", "9")
	h.update(func(tx store.Tx) error { _, err := tx.DropEvents(3, 100); return err })
	is("", "3")
	is("2026-05-02T10:11:11Z", "3")
	is("2026-05-02T10:11:16Z", "4")
	h.update(func(tx store.Tx) error { _, err := tx.DropEvents(9, 100); return err })
	is("", "9")
	is("2026-05-02T10:11:11Z", "9")
	for _, text := range []string{"-1", "yesterday", "-5m", "2026-5-2", "1.5", "-1d", "70000d"} {
		if got := cursor(text); !strings.Contains(got, "give a cursor, a time") {
			t.Errorf("since %q: %s", text, got)
		}
	}
}

// TestSparseCursors: cursors of a database begin anywhere and have gaps, and yet nothing is gone
// before something was dropped; how many were, nobody knows.
func TestSparseCursors(t *testing.T) {
	h := openDatabase(t)
	h.opens(1)
	h.opens(2)
	read := func(cursor int64) (p event.Page, err error) {
		h.view(func(tx store.Tx) error {
			p, err = (&event.Reader{}).After(tx, cursor, 10)
			return nil
		})
		return p, err
	}
	all, err := read(0)
	if err != nil || len(all.Events) < 2 {
		t.Fatalf("%d events, %v", len(all.Events), err)
	}
	h.update(func(tx store.Tx) error {
		_, err := tx.DropEvents(all.Events[0].Cursor, 10)
		return err
	})
	var gone *event.GoneError
	if _, err := read(0); !errors.As(err, &gone) || *gone != (event.GoneError{Kept: all.Events[0].Cursor}) {
		t.Errorf("after the first was dropped: %v", err)
	}
	if p, err := read(gone.Kept); err != nil || len(p.Events) != len(all.Events)-1 {
		t.Errorf("%d events of %d, %v", len(p.Events), len(all.Events)-1, err)
	}
}
