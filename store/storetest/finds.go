package storetest

import (
	"errors"
	"slices"
	"strings"

	"rator/store"
)

// grouped keeps things named for their order, of two groups, by turns.
func grouped(tx store.Tx, names string) error {
	for i, name := range strings.Fields(names) {
		if _, err := insert(tx, Thing{Name: name, Group: []string{"even", "odd"}[i%2]}); err != nil {
			return err
		}
	}
	return nil
}

// finders are the three ways to list things, each from after the last one and at
// most limit.
func finders(c *trial, tx store.Tx) map[string]func(limit int) []string {
	pages := func(limit int, ask func(after store.ID) ([]store.Record, error)) (pages []string) {
		for after := store.ID(0); ; {
			rs, err := ask(after)
			if err != nil {
				c.Fatal(err)
			}
			if len(rs) == 0 {
				return pages
			}
			pages = append(pages, namesOf(c, rs))
			after = rs[len(rs)-1].ID
		}
	}
	return map[string]func(limit int) []string{
		"scan": func(limit int) []string {
			return pages(limit, func(after store.ID) ([]store.Record, error) { return tx.Scan(thingKind, after, limit) })
		},
		"find": func(limit int) []string {
			return pages(limit, func(after store.ID) ([]store.Record, error) {
				return tx.Find(thingKind, "group", "even", after, limit)
			})
		},
		"range": func(limit int) (pages []string) {
			for after := []byte(nil); ; {
				rs, next, err := tx.Range(thingKind, "name", "n", after, limit)
				if err != nil {
					c.Fatal(err)
				}
				pages = append(pages, namesOf(c, rs))
				if after = slices.Clone(next); next == nil {
					return pages
				}
			}
		},
	}
}

var findTests = []test{
	{"find/pages", func(c *trial) {
		c.update(func(tx store.Tx) error { return grouped(tx, "n5 n4 n3 n2 n1 m o") })
		c.view(func(tx store.Tx) error { return checkPages(c, tx) })
	}},
	{"find/pages of what is not committed", func(c *trial) {
		c.update(func(tx store.Tx) error {
			if err := grouped(tx, "n5 n4 n3 n2 n1 m o"); err != nil {
				return err
			}
			return checkPages(c, tx)
		})
	}},
	{"find/pages of committed, changed and deleted", func(c *trial) {
		c.update(func(tx store.Tx) error { return grouped(tx, "n5 x1 x2 n4 n3 x3 x4 a") })
		c.update(func(tx store.Tx) error {
			rs, err := tx.Scan(thingKind, 0, 99)
			if err != nil {
				return err
			}
			for _, r := range rs {
				x := thing(c, r)
				switch {
				case strings.HasPrefix(x.Name, "x"):
					err = tx.Delete(thingKind, x.ID, x.Version)
				case x.Name == "a": // becomes the fourth
					x.Name, x.Group = "n2", "odd"
					err = tx.Put(thingKind, x.record())
				case x.Name == "n4":
					x.Group = "odd"
					err = tx.Put(thingKind, x.record())
				case x.Name == "n3":
					x.Group = "even"
					err = tx.Put(thingKind, x.record())
				}
				if err != nil {
					return err
				}
			}
			if err := grouped(tx, "n1 m o"); err != nil {
				return err
			}
			return checkPages(c, tx)
		})
	}},
	{"find/byte order of the key, then of the id", func(c *trial) {
		values := []string{"ab", "Z", "a", "ø", "a\x1fb", "z", "aa", "\U0001F600", "a b", "Ø", "\x01", "\uFFFD"}
		c.update(func(tx store.Tx) error {
			for range 2 {
				for _, value := range values {
					if _, err := insert(tx, Thing{Group: value, Note: value}); err != nil {
						return err
					}
				}
			}
			return nil
		})
		sorted := slices.Concat(values, values)
		slices.Sort(sorted)
		c.view(func(tx store.Tx) error {
			rs, next, err := tx.Range(thingKind, "group", "", nil, 99)
			if err != nil || next != nil {
				return errors.Join(err, expect("next", next, []byte(nil)))
			}
			var got []string
			for i, r := range rs {
				got = append(got, thing(c, r).Note)
				if i > 0 && got[i] == got[i-1] && rs[i].ID <= rs[i-1].ID {
					c.Errorf("%q: id %s comes after %s", got[i], rs[i].ID, rs[i-1].ID)
				}
			}
			return expect("order", strings.Join(got, "|"), strings.Join(sorted, "|"))
		})
	}},
	{"find/only the very value, and every beginning", func(c *trial) {
		c.update(func(tx store.Tx) error {
			for _, x := range []Thing{{Name: "1", Group: "a"}, {Name: "2", Group: "ab"}, {Name: "3", Group: "a\x01"}, {Name: "4", Group: "b"}} {
				if _, err := insert(tx, x); err != nil {
					return err
				}
			}
			return nil
		})
		c.view(func(tx store.Tx) error {
			find, err := tx.Find(thingKind, "group", "a", 0, 9)
			begin, _, rangeErr := tx.Range(thingKind, "group", "a", nil, 9)
			return errors.Join(err, rangeErr, expect("find", namesOf(c, find), "1"), expect("range", namesOf(c, begin), "1 3 2"))
		})
	}},
	{"find/a limit below 1 gives nothing", func(c *trial) {
		c.keep("a")
		c.view(func(tx store.Tx) error {
			for _, limit := range []int{0, -1} {
				scan, e1 := tx.Scan(thingKind, 0, limit)
				find, e2 := tx.Find(thingKind, "name", "a", 0, limit)
				in, _, e3 := tx.Range(thingKind, "name", "a", nil, limit)
				events, e4 := tx.EventsAfter(0, limit)
				if err := errors.Join(e1, e2, e3, e4, expect("found", len(scan)+len(find)+len(in)+len(events), 0)); err != nil {
					return err
				}
			}
			return nil
		})
	}},
}

// checkPages checks what finders give when things are, by id, n5 to n1 and two
// others, and the first, third and so on of them are even.
func checkPages(c *trial, tx store.Tx) error {
	finders := finders(c, tx)
	all := map[string]string{"scan": "n5 n4 n3 n2 n1 m o", "find": "n5 n3 n1 o", "range": "n1 n2 n3 n4 n5"}
	for name, list := range all {
		words := strings.Fields(list)
		for limit := 1; limit <= len(words)+1; limit++ {
			var pages []string
			for page := range slices.Chunk(words, limit) {
				pages = append(pages, strings.Join(page, " "))
			}
			if err := expect(name, strings.Join(finders[name](limit), "|"), strings.Join(pages, "|")); err != nil {
				return err
			}
		}
	}
	n, err := tx.Count(thingKind)
	return errors.Join(err, expect("count", n, 7))
}
