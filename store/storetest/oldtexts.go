package storetest

import (
	"errors"
	"testing"

	"rator/store"
)

// OldTexts wants a store of a version that kept U+0000 to stay readable and writable, and to
// take in no more of it. before has a transaction keep it as that version did.
func OldTexts(t *testing.T, db store.Store, before func(store.Tx)) {
	t.Helper()
	defer func() {
		Check(t, db)
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	update := func(fn func(store.Tx) error) {
		t.Helper()
		if err := db.Update(t.Context(), fn); err != nil {
			t.Fatal(err)
		}
	}
	old := &Thing{Name: "old", Note: "a\x00b"}
	steady := &Steady{Name: "old", Tags: []string{"\x00"}}
	update(func(s store.Tx) error {
		before(s)
		return errors.Join(Things.Insert(s, old), Steadies.Insert(s, steady),
			s.Emit(store.Event{Topic: "old", Body: []byte(`"\u0000"`)}))
	})
	fresh := func(s store.Tx) error { return Things.Insert(s, &Thing{Note: "\x00"}) }
	refused := func(s store.Tx) error {
		var text *store.TextError
		if err := fresh(s); !errors.As(err, &text) {
			t.Errorf("new U+0000: error is %v", err)
		}
		return nil
	}
	emit := func(s store.Tx) error { return s.Emit(store.Event{Topic: "told", Body: []byte(`"\u0000"`)}) }
	update(refused)
	for way, given := range map[string]func(s store.Tx) error{
		"changed": func(s store.Tx) error {
			old.Group += "g"
			return Things.Put(s, old)
		},
		"got":        func(s store.Tx) error { _, err := s.Get(Things.Name(), old.ID); return err },
		"got before": func(s store.Tx) error { _, err := s.Before().Get(Things.Name(), old.ID); return err },
		"found":      func(s store.Tx) error { _, err := s.Find(Things.Name(), "name", "old", 0, 1); return err },
		"scanned":    func(s store.Tx) error { _, err := s.Scan(Things.Name(), 0, 9); return err },
		"an event":   func(s store.Tx) error { _, err := s.EventsAfter(0, 1); return err },
	} {
		update(func(s store.Tx) error {
			if err := errors.Join(given(s), emit(s)); err != nil {
				t.Errorf("%s: %v", way, err)
			}
			return nil
		})
		update(refused) // of another transaction, that was given none
	}
	update(func(s store.Tx) error {
		events, err := s.EventsAfter(0, 1)
		if err != nil {
			return err
		}
		return s.RewriteEvent(store.Event{Cursor: events[0].Cursor, Brand: "b", Body: []byte(`["\u0000"]`)})
	})
	for range 2 { // from the record, and from its copy
		update(func(s store.Tx) error {
			if _, err := Steadies.By(s, "name", "old"); err != nil {
				return err
			}
			return emit(s)
		})
	}
}
