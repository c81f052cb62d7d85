package storetest

import (
	"encoding/json"
	"errors"

	"rator/failure"
	"rator/store"
)

// refused says that err does not tell that a field holds U+0000.
func refused(err error, kind, field string) error {
	var text *store.TextError
	if !errors.As(err, &text) {
		return errors.Join(errors.New("it is no TextError"), err)
	}
	return errors.Join(expect("kind", text.Kind, kind), expect("field", text.Field, field), wantCode(err, failure.InvalidRequest))
}

var textTests = []test{
	{"text/U+0000 is refused, and leaves the Tx usable", func(c *trial) {
		kept := c.keep("a")[0]
		bad := json.RawMessage(`{"b":[{"c":1},{"d":"\\\u0000"}],"e":"f"}`)
		c.update(func(tx store.Tx) error {
			_, insertErr := insert(tx, Thing{Name: "b", Note: "a\x00b"})
			changed := kept
			changed.Note = "\x00"
			put := tx.Put(thingKind, changed.record())
			load := tx.Load(otherKind, store.Record{ID: kept.ID, Version: 1, Doc: bad})
			member := tx.Insert(otherKind, store.Record{ID: kept.ID, Doc: []byte(`{"a\u0000b":1}`)})
			emit := tx.Emit(store.Event{Topic: "topic", Body: bad})
			byKind := Things.Insert(tx, &Thing{Note: "\x00"})
			return errors.Join(refused(insertErr, thingKind, "Note"), refused(put, thingKind, "Note"), refused(load, otherKind, "b.d"),
				refused(member, otherKind, "ab"), refused(emit, "event topic", "b.d"), refused(byKind, thingKind, "Note"),
				leave(c, tx, "a; a; 1; 0"), write(tx, "b"))
		})
		c.update(func(tx store.Tx) error {
			events, err := tx.EventsAfter(0, 1)
			if err != nil || len(events) != 1 {
				return errors.Join(err, errors.New("no event"))
			}
			e := events[0]
			e.Body = bad
			return refused(tx.RewriteEvent(e), "event topic", "b.d")
		})
		c.view(func(tx store.Tx) error { return leave(c, tx, "a b; a b; 2; 1") })
	}},
	{"text/what only looks like U+0000 is kept", func(c *trial) {
		const note = `\u0000 \\u0000` + "\u0001\u2028\U0001F600"
		c.update(func(tx store.Tx) error {
			x := Thing{Name: "a", Note: note}
			if err := Things.Insert(tx, &x); err != nil {
				return err
			}
			return tx.Emit(store.Event{Topic: "topic", Body: []byte(`{"a":"\\u0000"}`)})
		})
		c.view(func(tx store.Tx) error {
			x, err := Things.By(tx, "name", "a")
			if err != nil {
				return err
			}
			events, err := tx.EventsAfter(0, 1)
			if err != nil {
				return err
			}
			var body struct{ A string }
			err = json.Unmarshal(events[0].Body, &body)
			return errors.Join(err, expect("note", x.Note, note), expect("body", body.A, `\u0000`))
		})
	}},
}
