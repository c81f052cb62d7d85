package storetest

import (
	"cmp"
	"errors"
	"fmt"
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

// asked are questions of every sort, and what Find answers to each.
func asked(tx store.Tx) (asks []store.Ask, want [][]store.Record, err error) {
	for _, a := range []store.Ask{
		{Kind: thingKind, Index: "group", Value: "even", Limit: 99},
		{Kind: thingKind, Index: "group", Value: "even", Limit: 1},
		{Kind: thingKind, Index: "group", Value: "even", Limit: 0},
		{Kind: thingKind, Index: "name", Value: "n2", Limit: 99},
		{Kind: thingKind, Index: "name", Value: "nobody", Limit: 99},
		{Kind: thingKind, Index: "group", Value: "odd", Limit: 99},
		{Kind: thingKind, Index: "group", Value: "even", Limit: 99},
		{Kind: thingKind, Index: "group", Value: "ev\x00en", Limit: 99},
	} {
		rs, err := tx.Find(a.Kind, a.Index, a.Value, 0, a.Limit)
		if err != nil {
			return nil, nil, err
		}
		asks, want = append(asks, a), append(want, rs)
	}
	for i, a := range asks[:len(asks):len(asks)] {
		all, err := tx.Find(a.Kind, a.Index, a.Value, 0, 99)
		if err != nil {
			return nil, nil, err
		}
		a.Newest = true
		asks, want = append(asks, a), append(want, newestOf(all, a))
		for _, r := range all {
			byID := store.Ask{Kind: thingKind, ID: r.ID}
			a.Before = r.ID
			asks, want = append(asks, byID, a), append(want, []store.Record{r}, newestOf(all, a))
		}
		asks, want = append(asks, store.Ask{Kind: thingKind, ID: store.ID(40 + i)}), append(want, nil)
	}
	return asks, want, nil
}

// newestOf is what all with a value in an index answer to an Ask of Newest.
func newestOf(all []store.Record, a store.Ask) (found []store.Record) {
	for _, r := range slices.Backward(all) {
		if len(found) < a.Limit && (a.Before == 0 || r.ID < a.Before) {
			found = append(found, r)
		}
	}
	return found
}

// manyAtOnce says that what is asked at once is answered as what is asked one by one.
func manyAtOnce(tx store.Tx) error {
	asks, want, err := asked(tx)
	if err != nil {
		return err
	}
	got, err := tx.FindMany(asks)
	if err != nil || len(got) != len(asks) {
		return fmt.Errorf("%d answers to %d questions, %w", len(got), len(asks), err)
	}
	for i := range asks {
		err = errors.Join(err, expect(fmt.Sprintf("answer to %+v", asks[i]), fmt.Sprint(got[i]), fmt.Sprint(want[i])))
	}
	var ids []store.ID
	for _, r := range slices.Backward(want[0]) {
		ids = append(ids, r.ID, 41, r.ID)
	}
	rs, wrong := tx.GetMany(thingKind, ids)
	if wrong != nil || len(rs) != len(ids) {
		return fmt.Errorf("%d records of %d ids, %w", len(rs), len(ids), wrong)
	}
	for i, r := range rs {
		one, absent := tx.Get(thingKind, ids[i])
		if absent != nil && !errors.Is(absent, store.ErrAbsent) {
			return absent
		}
		err = errors.Join(err, expect("record of "+ids[i].String(), fmt.Sprint(r), fmt.Sprint(one)))
	}
	none, wrong := tx.FindMany(nil)
	noIDs, unread := tx.GetMany(thingKind, nil)
	return errors.Join(err, wrong, unread, expect("answers to nothing", len(none)+len(noIDs), 0))
}

// moveAbout deletes every third thing, moves the others to the other group, and keeps
// two more.
func moveAbout(c *trial, tx store.Tx) error {
	rs, err := tx.Scan(thingKind, 0, 99)
	if err != nil {
		return err
	}
	for i, r := range rs {
		x := thing(c, r)
		if i%3 == 2 {
			err = tx.Delete(thingKind, x.ID, x.Version)
		} else {
			x.Group = map[string]string{"even": "odd", "odd": "even"}[x.Group]
			err = tx.Put(thingKind, x.record())
		}
		if err != nil {
			return err
		}
	}
	return grouped(tx, "p q")
}

// finders are the three ways to list things, each from after the last one and at
// most limit; failed gets what the driver fails with.
func finders(c *trial, tx store.Tx, failed *error) map[string]func(limit int) []string {
	pages := func(limit int, ask func(after store.ID) ([]store.Record, error)) (pages []string) {
		for after := store.ID(0); ; {
			rs, err := ask(after)
			if *failed = errors.Join(*failed, err); len(rs) == 0 {
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
				*failed = errors.Join(*failed, err)
				pages = append(pages, namesOf(c, rs))
				if after = slices.Clone(next); next == nil {
					return pages
				}
			}
		},
	}
}

var findTests = []test{
	{"find/many at once", func(c *trial) {
		c.update(func(tx store.Tx) error { return errors.Join(grouped(tx, "n5 n4 n3 n2 n1 m o"), manyAtOnce(tx)) })
		c.view(func(tx store.Tx) error { return manyAtOnce(tx) })
		c.update(func(tx store.Tx) error { // over what is committed, changed and deleted
			if err := moveAbout(c, tx); err != nil {
				return err
			}
			return manyAtOnce(tx)
		})
		c.view(func(tx store.Tx) error {
			if _, err := tx.FindMany([]store.Ask{{Kind: "nothing", Index: "name", Value: "a", Limit: 1}}); err == nil {
				return errors.New("a kind that there is none of was found")
			}
			if _, err := tx.GetMany("nothing", []store.ID{1}); err == nil || errors.Is(err, store.ErrAbsent) {
				return fmt.Errorf("a kind that there is none of: %v", err)
			}
			return nil
		})
	}},
	{"find/a batch, of more than a page", func(c *trial) {
		const many = 600
		c.update(func(tx store.Tx) error {
			for n := range many {
				if err := Things.Insert(tx, &Thing{Name: fmt.Sprint(n), Group: []string{"few", "most"}[min(n%100, 1)]}); err != nil {
					return err
				}
			}
			return nil
		})
		c.view(func(tx store.Tx) error {
			var (
				b                 store.Batch
				few, most, nobody []*Thing
			)
			Things.Ask(&b, "group", "few", &few)
			Things.Ask(&b, "group", "most", &most)
			Things.Ask(&b, "group", "nobody", &nobody)
			if err := errors.Join(b.Answer(tx), expect("few", names(few), "0 100 200 300 400 500"), expect("nobody", len(nobody), 0), expect("most", len(most), many-6)); err != nil {
				return err
			}
			for i, x := range most {
				if i > 0 && x.ID <= most[i-1].ID {
					c.Errorf("%s comes after %s", x.ID, most[i-1].ID)
				}
			}
			few = nil
			if err := errors.Join(checkNewest(tx, most), checkSome(tx, many)); err != nil {
				return err
			}
			got, err := Things.GetMany(tx, []store.ID{most[9].ID, 41, most[3].ID})
			if err != nil || len(got) != 3 || got[1] != nil || got[0].Name != most[9].Name || got[2].Name != most[3].Name {
				c.Errorf("got %v, %v", got, err)
			}
			return errors.Join(b.Answer(tx), expect("few of a batch that was answered", len(few), 0))
		})
	}},
	{"find/a batch of one of a sort", func(c *trial) {
		c.update(func(tx store.Tx) error { return grouped(tx, "a b c") })
		c.view(func(tx store.Tx) error {
			var (
				b                             store.Batch
				newest, none, byID, byUnknown = new(Thing), new(Thing), new(Thing), new(Thing)
				some, nobody                  bool
			)
			first, err := Things.By(tx, "name", "a")
			if err != nil {
				return err
			}
			Things.AskNewest(&b, "group", "even", &newest)
			Things.AskNewest(&b, "group", "nobody", &none)
			Things.AskID(&b, first.ID, &byID)
			Things.AskID(&b, 41, &byUnknown)
			Things.AskAny(&b, "group", "odd", &some)
			Things.AskAny(&b, "group", "nobody", &nobody)
			err = b.Answer(tx)
			if err != nil || newest == nil || byID == nil {
				return fmt.Errorf("newest %v, by id %v: %w", newest, byID, err)
			}
			return errors.Join(expect("newest", newest.Name, "c"), expect("by id", byID.Name, "a"), expect("absent", []any{none, byUnknown}, []any{(*Thing)(nil), (*Thing)(nil)}),
				expect("some", some, true), expect("nobody", nobody, false))
		})
	}},
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

// checkNewest checks that NewestFirst gives the things of the group "most" in the other
// order, from any of them on.
func checkNewest(tx store.Tx, most []*Thing) error {
	for _, from := range []int{len(most), len(most) - 1, 300, 33, 32, 1, 0} {
		before := store.ID(0)
		if from < len(most) {
			before = most[from].ID
		}
		n := from
		for x, err := range Things.NewestFirst(tx, "group", "most", before) {
			if n--; err != nil || n < 0 || x.ID != most[n].ID {
				return fmt.Errorf("newest first from %d: %+v is not the one of place %d: %w", from, x, n, err)
			}
		}
		if n != 0 {
			return fmt.Errorf("newest first from %d: %d are missing", from, n)
		}
	}
	return nil
}

// checkSome checks that ScanSome gives all many things, however few were likely to be wanted.
func checkSome(tx store.Tx, many int) error {
	for _, likely := range []int{-1, 0, 1, 300, many, many + 1} {
		n := 0
		for x, err := range Things.ScanSome(tx, 0, likely) {
			if err != nil || x.Name != fmt.Sprint(n) {
				return fmt.Errorf("of %d likely ones: place %d has %+v: %w", likely, n, x, err)
			}
			n++
		}
		if n != many {
			return fmt.Errorf("of %d likely ones there are %d, want %d", likely, n, many)
		}
	}
	return nil
}

// checkPages checks what finders give when things are, by id, n5 to n1 and two
// others, and the first, third and so on of them are even.
func checkPages(c *trial, tx store.Tx) error {
	var failed error
	finders := finders(c, tx, &failed)
	all := map[string]string{"scan": "n5 n4 n3 n2 n1 m o", "find": "n5 n3 n1 o", "range": "n1 n2 n3 n4 n5"}
	for name, list := range all {
		words := strings.Fields(list)
		for limit := 1; limit <= len(words)+1; limit++ {
			var pages []string
			for page := range slices.Chunk(words, limit) {
				pages = append(pages, strings.Join(page, " "))
			}
			got := strings.Join(finders[name](limit), "|")
			if err := cmp.Or(failed, expect(name, got, strings.Join(pages, "|"))); err != nil {
				return err
			}
		}
	}
	n, err := tx.Count(thingKind)
	return errors.Join(err, expect("count", n, 7))
}
