package storetest

import (
	"errors"
	"strings"
	"time"

	"rator/store"
)

var recordTests = []test{
	{"record/insert, get, put, delete", func(c *trial) {
		x := c.keep("a")[0]
		c.view(func(tx store.Tx) error {
			r, err := tx.Get(thingKind, x.ID)
			if err != nil {
				return err
			}
			return errors.Join(expect("thing", thing(c, r), x), expect("keys", len(r.Keys), 0))
		})
		c.update(func(tx store.Tx) error {
			changed := x
			changed.Note = "changed"
			if err := tx.Put(thingKind, changed.record()); err != nil {
				return err
			}
			r, err := tx.Get(thingKind, x.ID)
			if err != nil {
				return err
			}
			changed.Version = 2
			return expect("own write", thing(c, r), changed)
		})
		c.update(func(tx store.Tx) error { return tx.Delete(thingKind, x.ID, 2) })
		c.view(func(tx store.Tx) error {
			_, err := tx.Get(thingKind, x.ID)
			return want(err, store.ErrAbsent)
		})
		if n := c.count(); n != 0 {
			c.Errorf("count is %d, want 0", n)
		}
	}},
	{"record/version is 1 at insert whatever is handed in", func(c *trial) {
		c.update(func(tx store.Tx) error {
			id, err := tx.NextID()
			if err != nil {
				return err
			}
			x := Thing{Base: store.Base{ID: id, Version: 7}, Name: "a"}
			if err := tx.Insert(thingKind, x.record()); err != nil {
				return err
			}
			r, err := tx.Get(thingKind, id)
			return errors.Join(err, expect("version", r.Version, 1))
		})
	}},
	{"record/an id is there once", func(c *trial) {
		x := c.keep("a")[0]
		c.update(func(tx store.Tx) error {
			again := Thing{Base: x.Base, Name: "b"}
			return errors.Join(
				wantTaken(tx.Insert(thingKind, again.record()), "id"),
				tx.Insert(otherKind, store.Record{ID: x.ID, Doc: []byte(`{}`)}), // another kind's ids are its own
			)
		})
		if n := c.count(); n != 1 {
			c.Errorf("count is %d, want 1", n)
		}
	}},
	{"record/no id", func(c *trial) {
		err := c.Update(c.Context(), func(tx store.Tx) error { return tx.Insert(thingKind, Thing{Name: "a"}.record()) })
		if err == nil {
			c.Error("a record without an id was taken")
		}
	}},
	{"record/stale and absent leave the Tx usable", func(c *trial) {
		x := c.keep("a")[0]
		c.update(func(tx store.Tx) error { return tx.Put(thingKind, x.record()) })
		c.update(func(tx store.Tx) error {
			ahead := x
			ahead.Version = 9
			gone := Thing{Base: store.Base{ID: x.ID + 1000, Version: 1}}
			_, absent := tx.Get(thingKind, gone.ID)
			_, other := tx.Get(otherKind, x.ID)
			_, err := insert(tx, Thing{Name: "b"})
			return errors.Join(
				want(tx.Put(thingKind, x.record()), store.ErrStale),
				want(tx.Put(thingKind, ahead.record()), store.ErrStale),
				want(tx.Delete(thingKind, x.ID, 1), store.ErrStale),
				want(tx.Put(thingKind, gone.record()), store.ErrAbsent),
				want(tx.Delete(thingKind, gone.ID, 1), store.ErrAbsent),
				want(absent, store.ErrAbsent),
				want(other, store.ErrAbsent),
				err)
		})
		if n := c.count(); n != 2 {
			c.Errorf("count is %d, want 2", n)
		}
	}},
	{"record/nothing aliases", func(c *trial) {
		var x Thing
		c.update(func(tx store.Tx) (err error) {
			if x, err = insert(tx, Thing{Name: "a", Group: "g"}); err != nil {
				return err
			}
			r := x.record()
			if err := tx.Put(thingKind, r); err != nil {
				return err
			}
			clear(r.Doc)
			r.Keys[0].Value = "z"
			return tx.Emit(store.Event{Topic: "topic", Body: []byte(`{"a":1}`)})
		})
		spoil := func(tx store.Tx) error {
			var rs []store.Record
			r, err := tx.Get(thingKind, x.ID)
			if err != nil {
				return err
			}
			rs = append(rs, r)
			for _, ask := range []func() ([]store.Record, error){
				func() ([]store.Record, error) { return tx.Find(thingKind, "group", "g", 0, 9) },
				func() ([]store.Record, error) { return tx.Scan(thingKind, 0, 9) },
				func() ([]store.Record, error) { rs, _, err := tx.Range(thingKind, "name", "", nil, 9); return rs, err },
			} {
				found, err := ask()
				if err != nil {
					return err
				}
				rs = append(rs, found...)
			}
			events, err := tx.EventsAfter(0, 9)
			if err != nil {
				return err
			}
			clear(events[0].Body)
			for _, r := range rs {
				clear(r.Doc)
			}
			events, err = tx.EventsAfter(0, 9)
			if err != nil {
				return err
			}
			r, err = tx.Get(thingKind, x.ID)
			return errors.Join(err, expect("records", len(rs), 4), expect("name", thing(c, r).Name, "a"),
				expect("body", strings.ReplaceAll(string(events[0].Body), " ", ""), `{"a":1}`))
		}
		c.view(spoil)
		c.update(spoil)
	}},
	{"record/unknown kinds and indexes are errors", func(c *trial) {
		c.view(func(tx store.Tx) error {
			_, get := tx.Get("nothing", 1)
			_, count := tx.Count("nothing")
			_, scan := tx.Scan("nothing", 0, 1)
			_, find := tx.Find(thingKind, "nothing", "a", 0, 1)
			_, _, inRange := tx.Range(thingKind, "nothing", "a", nil, 1)
			for n, err := range []error{get, count, scan, find, inRange} {
				if err == nil || errors.Is(err, store.ErrAbsent) {
					c.Errorf("question %d: error is %v", n, err)
				}
			}
			return nil
		})
		for n, write := range []func(store.Tx) error{
			func(tx store.Tx) error { _, err := tx.DropBefore("nothing", start, 1); return err },
			func(tx store.Tx) error { return tx.Insert("nothing", store.Record{ID: 1}) },
			func(tx store.Tx) error {
				return tx.Insert(otherKind, store.Record{ID: 1, Doc: []byte(`{}`), Keys: []store.Key{{Index: "name", Value: "a"}}})
			},
			func(tx store.Tx) error {
				return tx.Insert(thingKind, store.Record{ID: 1, Doc: []byte(`{}`), Keys: []store.Key{{Index: "group", Value: "a"}, {Index: "group", Value: "b"}}})
			},
		} {
			if err := c.Update(c.Context(), write); err == nil || errors.Is(err, store.ErrAbsent) {
				c.Errorf("write %d: error is %v", n, err)
			}
		}
	}},
	{"record/drop before", func(c *trial) {
		c.keep("a", "b", "c")
		c.clock.set(start.Add(time.Minute))
		c.keep("d")
		drop := func(before time.Time, limit, want int) {
			c.Helper()
			c.update(func(tx store.Tx) error {
				n, err := tx.DropBefore(thingKind, before, limit)
				return errors.Join(err, expect("dropped", n, want))
			})
		}
		drop(start, 9, 0) // of the very second of their making
		drop(start.Add(time.Minute), 2, 2)
		drop(start.Add(time.Minute), 2, 1)
		drop(start.Add(time.Minute), 2, 0)
		c.view(func(tx store.Tx) error {
			rs, err := tx.Scan(thingKind, 0, 9)
			again, findErr := tx.Find(thingKind, "name", "a", 0, 1)
			return errors.Join(err, findErr, expect("left", namesOf(c, rs), "d"), expect("index", len(again), 0))
		})
	}},
}
