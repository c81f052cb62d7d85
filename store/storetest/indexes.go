package storetest

import (
	"errors"
	"strings"

	"rator/store"
)

var indexTests = []test{
	{"index/taken leaves the Tx usable and writes nothing", func(c *trial) {
		kept := c.keep("a", "b")
		c.update(func(tx store.Tx) error {
			_, byName := insert(tx, Thing{Name: "a"})
			if _, err := insert(tx, Thing{Name: "c", Number: "1"}); err != nil {
				return err
			}
			_, byNumber := insert(tx, Thing{Name: "d", Number: "1"}) // the name is free
			second := kept[1]
			second.Name = "a"
			put := tx.Put(thingKind, second.record())
			_, err := insert(tx, Thing{Name: "d"}) // and still is
			return errors.Join(err, wantTaken(byName, "name"), wantTaken(byNumber, "number"), wantTaken(put, "name"))
		})
		c.view(func(tx store.Tx) error {
			rs, err := tx.Scan(thingKind, 0, 9)
			return errors.Join(err, expect("kept", namesOf(c, rs), "a b c d"))
		})
	}},
	{"index/taken names the value", func(c *trial) {
		c.keep("a")
		c.update(func(tx store.Tx) error {
			var taken *store.TakenError
			_, err := insert(tx, Thing{Name: "a"})
			if !errors.As(err, &taken) {
				return errors.Join(errors.New("not taken"), err)
			}
			return expect("value", taken.Value, "a")
		})
	}},
	{"index/a record may keep its own value", func(c *trial) {
		x := c.keep("a")[0]
		c.update(func(tx store.Tx) error { return tx.Put(thingKind, x.record()) })
	}},
	{"index/a value is free again after change and delete", func(c *trial) {
		kept := c.keep("a", "b")
		c.update(func(tx store.Tx) error {
			changed := kept[0]
			changed.Name = "z"
			if err := tx.Put(thingKind, changed.record()); err != nil {
				return err
			}
			if err := tx.Delete(thingKind, kept[1].ID, 1); err != nil {
				return err
			}
			_, a := insert(tx, Thing{Name: "a"})
			_, b := insert(tx, Thing{Name: "b"})
			return errors.Join(a, b)
		})
		c.view(func(tx store.Tx) error {
			rs, _, err := tx.Range(thingKind, "name", "", nil, 9)
			return errors.Join(err, expect("by name", namesOf(c, rs), "a b z"))
		})
	}},
	{"index/empty is no place and never taken", func(c *trial) {
		c.keep("", "", "a")
		c.view(func(tx store.Tx) error {
			empty, err := tx.Find(thingKind, "name", "", 0, 9)
			all, _, rangeErr := tx.Range(thingKind, "name", "", nil, 9)
			return errors.Join(err, rangeErr, expect("empty", len(empty), 0), expect("all", namesOf(c, all), "a"))
		})
	}},
	{"index/a key left out is no place", func(c *trial) {
		x := c.keep("a")[0]
		c.update(func(tx store.Tx) error {
			r := Thing{Base: x.Base}.record()
			r.Keys = nil
			return tx.Put(thingKind, r)
		})
		c.view(func(tx store.Tx) error {
			rs, err := tx.Find(thingKind, "name", "a", 0, 9)
			return errors.Join(err, expect("found", len(rs), 0))
		})
	}},
	{"index/follows changes within the transaction", func(c *trial) {
		x := c.keep("a")[0]
		c.update(func(tx store.Tx) error {
			before := ""
			for _, group := range []string{"one", "two", "", "one"} {
				r, err := tx.Get(thingKind, x.ID)
				if err != nil {
					return err
				}
				changed := thing(c, r)
				changed.Group = group
				if err := tx.Put(thingKind, changed.record()); err != nil {
					return err
				}
				old, err := tx.Find(thingKind, "group", before, 0, 9)
				if err != nil {
					return err
				}
				now, err := tx.Find(thingKind, "group", group, 0, 9)
				expected := 1
				if group == "" {
					expected = 0
				}
				if err := errors.Join(err, expect("old", len(old), 0), expect("new", len(now), expected)); err != nil {
					return err
				}
				before = group
			}
			return nil
		})
	}},
	{"index/long values", func(c *trial) {
		long := strings.Repeat("ø", 5<<10)
		c.update(func(tx store.Tx) error {
			_, a := insert(tx, Thing{Name: long + "a"})
			_, b := insert(tx, Thing{Name: long + "b"})
			_, again := insert(tx, Thing{Name: long + "a"})
			_, most := insert(tx, Thing{Name: strings.Repeat("x", store.MaxKeyLength)})
			rs, _, err := tx.Range(thingKind, "name", long, nil, 9)
			return errors.Join(a, b, wantTaken(again, "name"), most, err, expect("found", len(rs), 2))
		})
		c.view(func(tx store.Tx) error {
			rs, err := tx.Find(thingKind, "name", long+"b", 0, 9)
			return errors.Join(err, expect("found", len(rs), 1))
		})
	}},
	{"index/values that cannot be keys", func(c *trial) {
		kept := c.keep("a")[0]
		c.update(func(tx store.Tx) error {
			for _, value := range []string{strings.Repeat("x", store.MaxKeyLength+1), "a\x00b", "\xff"} {
				var key *store.KeyError
				_, err := insert(tx, Thing{Name: "free", Group: value})
				if !errors.As(err, &key) || key.Kind != thingKind || key.Index != "group" {
					c.Errorf("%.10q: error is %v", value, err)
				}
				changed := kept
				changed.Group = value
				if err := tx.Put(thingKind, changed.record()); !errors.As(err, &key) {
					c.Errorf("put of %.10q: error is %v", value, err)
				}
			}
			_, err := insert(tx, Thing{Name: "free"})
			return err
		})
		if n := c.count(); n != 2 {
			c.Errorf("count is %d, want 2", n)
		}
	}},
	{"index/a look for what cannot be a key finds nothing", func(c *trial) {
		c.keep("a")
		c.view(func(tx store.Tx) error {
			for _, value := range []string{"a\x00", "a\x00\x02", "\x00", "\xff"} {
				rs, err := tx.Find(thingKind, "name", value, 0, 9)
				in, _, rangeErr := tx.Range(thingKind, "name", value, nil, 9)
				if err := errors.Join(err, rangeErr, expect("found", len(rs), 0), expect("range", len(in), 0)); err != nil {
					return err
				}
			}
			return nil
		})
	}},
}
