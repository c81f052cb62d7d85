package webhook

import (
	"testing"
	"time"

	"rator/access"
	"rator/event"
	"rator/event/delivery"
	"rator/store"
)

// numbers are those from first to last.
func numbers(first, last int) (all []int) {
	for n := first; n <= last; n++ {
		all = append(all, n)
	}
	return all
}

// TestNothingForIt: through events that are none for it a webhook comes without a word,
// and keeps its place now and then.
func TestNothingForIt(t *testing.T) {
	s, r := newScene(t), newReceiver(t)
	w := s.add(t, "every", r.URL, "try.told")
	s.run(t)
	s.emit(t, "try.made", "NORTH", numbers(1, mostUnkept+mostPage)...)
	until(t, "a place that is kept", func() bool { return s.get(t, w.ID).Cursor >= mostUnkept })
	s.emit(t, "try.told", "NORTH", 7)
	r.wants(t, 7)
	until(t, "its place", func() bool { return s.get(t, w.ID).Cursor == mostUnkept+mostPage+1 })
	s.emit(t, "try.made", "NORTH", 8)
	until(t, "looking through", func() bool { return s.deliverer.from(w) == mostUnkept+mostPage+2 })
	if got := s.get(t, w.ID).Cursor; got != mostUnkept+mostPage+1 {
		t.Errorf("its place is kept at each event: %d", got)
	}
	s.pass(longestUnkept)
	s.emit(t, "try.made", "NORTH", 9)
	until(t, "a place that is kept for its age", func() bool { return s.get(t, w.ID).Cursor == mostUnkept+mostPage+3 })
}

// TestEnded: events that ended while a webhook was suspended are counted when it is
// resumed; it goes on with what is there.
func TestEnded(t *testing.T) {
	s, r := newScene(t), newReceiver(t)
	w := s.add(t, "every", r.URL, "*")
	s.update(t, func(tx store.Tx) error { return access.Disable(tx, admin, "every") })
	s.run(t)
	s.emit(t, "try.made", "NORTH", numbers(1, 10)...)
	until(t, "the suspension", func() bool { return s.get(t, w.ID).State == delivery.Suspended })
	s.update(t, func(tx store.Tx) error {
		if err := access.Enable(tx, admin, "every"); err != nil {
			return err
		}
		_, err := tx.DropEvents(6, 100)
		return err
	})
	s.view(t, func(tx store.Tx) error {
		n, err := s.get(t, w.ID).Waiting(tx)
		if n != 4 {
			t.Errorf("%d wait", n)
		}
		return err
	})
	s.resume(t, w.ID, 6)
	r.wants(t, numbers(7, 10)...)
	if now := s.get(t, w.ID); now.Lost != 6 {
		t.Errorf("%+v", now)
	}
}

// TestEndedWhileActive: one whose events end before it is told, for whatever reason, goes
// on with what is there.
func TestEndedWhileActive(t *testing.T) {
	s, r := newScene(t), newReceiver(t)
	w := s.add(t, "every", r.URL, "*")
	s.emit(t, "try.made", "NORTH", numbers(1, 10)...)
	s.update(t, func(tx store.Tx) error { _, err := tx.DropEvents(6, 100); return err })
	s.run(t)
	r.wants(t, numbers(7, 10)...)
	if now := s.get(t, w.ID); now.Lost != 6 {
		t.Errorf("%+v", now)
	}
}

// TestBeyond: a place that no event had, of a store that lost some, is where it ends.
func TestBeyond(t *testing.T) {
	s, r := newScene(t), newReceiver(t)
	w := s.add(t, "every", r.URL, "*")
	s.emit(t, "try.made", "NORTH", 1, 2)
	s.update(t, func(tx store.Tx) error {
		w, err := Get(tx, w.ID)
		if err != nil {
			return err
		}
		w.Cursor = 1000
		return webhooks.Put(tx, w)
	})
	s.run(t)
	until(t, "its place", func() bool { return s.get(t, w.ID).Cursor == 2 })
	s.emit(t, "try.made", "NORTH", 3)
	r.wants(t, 3)
}

// TestNeeded: events are kept, however old, that come after the place of the active webhook
// which is farthest behind; for a suspended one they are not.
func TestNeeded(t *testing.T) {
	s := newScene(t)
	s.emit(t, "try.made", "NORTH", numbers(1, 5)...)
	first := s.add(t, "every", "http://127.0.0.1/1", "*")
	s.emit(t, "try.made", "NORTH", 6)
	s.add(t, "every", "http://127.0.0.1/2", "*")
	s.emit(t, "try.made", "NORTH", 7)
	s.pass(time.Hour)
	wants := func(dropped int, oldest int64) {
		t.Helper()
		n, err := event.Sweep(t.Context(), s.store, time.Minute)
		if err != nil || n != dropped {
			t.Errorf("%d dropped, want %d: %v", n, dropped, err)
		}
		s.view(t, func(tx store.Tx) error {
			span, err := tx.EventSpan()
			if none := span.Kept == span.Newest; none != (oldest == 0) || !none && span.Kept+1 != oldest {
				t.Errorf("kept after %d of %d, want from %d on", span.Kept, span.Newest, oldest)
			}
			return err
		})
	}
	wants(5, 6)
	s.update(t, func(tx store.Tx) error {
		w, err := Get(tx, first.ID)
		if err != nil {
			return err
		}
		w.Suspend("no more", tx.Now())
		return webhooks.Put(tx, w)
	})
	if events, suspended, err := s.deliverer.Behind(t.Context()); events != 1 || suspended != 1 || err != nil {
		t.Errorf("%d behind, %d suspended: %v", events, suspended, err)
	}
	wants(1, 7)
	s.resume(t, first.ID, 1)
	wants(0, 7)
	s.update(t, func(tx store.Tx) error {
		all, err := List(tx)
		for _, w := range all {
			if err == nil {
				err = Remove(tx, admin, w.ID)
			}
		}
		return err
	})
	wants(1, 0)
}
