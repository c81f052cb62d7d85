package storetest

import (
	"fmt"
	"strings"
	"testing"

	"rator/store"
)

// filledThings is how many Things Fill keeps.
const filledThings = 300

// Fill keeps some of everything in an empty store: records that were changed, and some that
// were deleted, long keys, events of which the first are dropped, numbers of sequences, sums.
func Fill(t testing.TB, s store.Store) {
	t.Helper()
	update := func(fn func(store.Tx) error) {
		t.Helper()
		if err := s.Update(t.Context(), fn); err != nil {
			t.Fatal(err)
		}
	}
	update(func(tx store.Tx) error {
		for n := range filledThings {
			x := &Thing{Name: fmt.Sprintf("name %d æ", n), Number: fmt.Sprint(n), Group: "group " + fmt.Sprint(n%7), Note: `"quoted" \ <b> ` + fmt.Sprint(n)}
			if n%100 == 0 {
				x.Group, x.Number = strings.Repeat("long ", 600)+fmt.Sprint(n), ""
			}
			if err := Things.Insert(tx, x); err != nil {
				return err
			}
			if err := tx.Emit(store.Event{Topic: "thing.made", Brand: "b", Account: store.ID(1 + n%3), About: []store.ID{x.ID}, Body: []byte(`{"n": ` + fmt.Sprint(n) + `}`)}); err != nil {
				return err
			}
		}
		return Steadies.Insert(tx, &Steady{Name: "steady"})
	})
	update(func(tx store.Tx) error {
		for n := range filledThings / 10 {
			x, err := Things.By(tx, "number", fmt.Sprint(10*n+3))
			if err == nil && n%5 == 0 {
				err = Things.Delete(tx, x)
			} else if err == nil {
				x.Note = "changed"
				err = Things.Put(tx, x)
			}
			if err != nil {
				return err
			}
		}
		if err := tx.Emit(store.Event{Topic: "no.body"}); err != nil {
			return err
		}
		if err := tx.Add("sum", 41); err != nil {
			return err
		}
		if err := tx.Add("other", -5); err != nil {
			return err
		}
		return tx.AtLeast("series", 4711)
	})
	update(func(tx store.Tx) error {
		if _, err := tx.DropEvents(1<<62, 10); err != nil {
			return err
		}
		_, err := tx.Next("numbers")
		return err
	})
}

// Same fails the test where two stores, one of which was made from the other, differ in
// anything but the cursors of events: those of the second are not below, and the newest is
// the same.
func Same(t testing.TB, from, to store.Store) {
	t.Helper()
	a, b := stateOf(t, from), stateOf(t, to)
	for n := range min(len(a.cursors), len(b.cursors)) {
		if b.cursors[n] < a.cursors[n] {
			t.Errorf("the event of cursor %d has %d", a.cursors[n], b.cursors[n])
		}
	}
	if len(b.cursors) != len(a.cursors) {
		t.Errorf("%d events, not %d", len(b.cursors), len(a.cursors))
	}
	for n := range max(len(a.lines), len(b.lines)) {
		if line, other := lineOf(a.lines, n), lineOf(b.lines, n); line != other {
			t.Errorf("the first has %q, the second %q", line, other)
			break
		}
	}
}

func lineOf(lines []string, n int) string {
	if n < len(lines) {
		return lines[n]
	}
	return ""
}

// state is what can be asked of a store, as lines, and the cursors of events.
type state struct {
	lines   []string
	cursors []int64
}

func (s *state) say(format string, args ...any) {
	s.lines = append(s.lines, fmt.Sprintf(format, args...))
}

func stateOf(t testing.TB, s store.Store) state {
	t.Helper()
	var st state
	err := s.View(t.Context(), func(tx store.Tx) error {
		for _, info := range store.Infos() {
			records, err := tx.Scan(info.Name, 0, 1<<20)
			if err != nil {
				return err
			}
			n, err := tx.Count(info.Name)
			st.say("%d of %s", n, info.Name)
			for _, r := range records {
				st.say("%s %d %s", r.ID, r.Version, r.Doc)
			}
			if err != nil {
				return err
			}
		}
		for _, account := range []store.ID{0, 1, 2} {
			ask := func() ([]store.Event, error) { return tx.EventsAfter(0, 1<<20) }
			if account != 0 {
				ask = func() ([]store.Event, error) { return tx.EventsOf(account, 0, 1<<20) }
			}
			events, err := ask()
			if err != nil {
				return err
			}
			for _, e := range events {
				st.cursors = append(st.cursors, e.Cursor)
				st.say("%s %s %d %s %s %v %s", e.ID, e.Topic, e.At.UnixMicro(), e.Brand, e.Account, e.About, e.Body)
			}
		}
		for _, name := range []string{"sum", "other", "none"} {
			n, err := tx.Sum(name)
			if err != nil {
				return err
			}
			st.say("sum %s %d", name, n)
		}
		span, err := tx.EventSpan()
		st.say("newest event %d", span.Newest)
		if err != nil {
			return err
		}
		found := 0
		for _, err := range Things.All(tx, "group", strings.Repeat("long ", 600)+"100") {
			if err != nil {
				return err
			}
			found++
		}
		st.say("%d of a long key", found)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Rehearse(t.Context(), func(tx store.Tx) error {
		for _, name := range []string{"series", "numbers", "none"} {
			n, err := tx.Next(name)
			if err != nil {
				return err
			}
			st.say("next of %s %d", name, n)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return st
}
