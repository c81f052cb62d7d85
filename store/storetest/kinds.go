package storetest

import (
	"errors"
	"fmt"
	"strings"

	"rator/failure"
	"rator/store"
)

var kindTests = []test{
	{"kind/insert, get, put, delete", func(c *trial) {
		var x *Thing
		c.update(func(tx store.Tx) error {
			x = &Thing{Name: "a", Note: "Åse & <Øre> €"}
			return Things.Insert(tx, x)
		})
		c.update(func(tx store.Tx) error {
			got, err := Things.Get(tx, x.ID)
			if err != nil {
				return err
			}
			if err := expect("thing", *got, *x); err != nil {
				return err
			}
			got.Name = "b"
			if err := Things.Put(tx, got); err != nil {
				return err
			}
			return expect("version", got.Version, 2)
		})
		c.update(func(tx store.Tx) error {
			got, err := Things.By(tx, "name", "b")
			if err != nil {
				return err
			}
			return Things.Delete(tx, got)
		})
		if n := c.count(); n != 0 {
			c.Errorf("count is %d, want 0", n)
		}
	}},
	{"kind/codes", func(c *trial) {
		c.update(func(tx store.Tx) error {
			x := &Thing{Name: "a", Number: "1"}
			if err := Things.Insert(tx, x); err != nil {
				return err
			}
			stale := *x
			if err := Things.Put(tx, x); err != nil {
				return err
			}
			_, byID := Things.Get(tx, x.ID+1000)
			_, byName := Things.By(tx, "name", "b")
			_, bare := Others.Get(tx, x.ID)
			return errors.Join(
				wantCode(byID, unknownThing), wantCode(byName, unknownThing), want(bare, store.ErrAbsent),
				wantCode(Things.Put(tx, &stale), failure.ByName("CHANGED_MEANWHILE")),
				wantCode(Things.Delete(tx, &stale), failure.ByName("CHANGED_MEANWHILE")),
				wantCode(Things.Insert(tx, &Thing{Name: "a"}), nameTaken),
				wantCode(Things.Insert(tx, &Thing{Number: "1"}), numberTaken),
				wantCode(Things.Insert(tx, &Thing{Group: strings.Repeat("x", 20_000)}), failure.InvalidRequest))
		})
	}},
	{"kind/a failed write leaves the thing as it was", func(c *trial) {
		c.update(func(tx store.Tx) error {
			if err := Things.Insert(tx, &Thing{Name: "a"}); err != nil {
				return err
			}
			fresh, b := &Thing{Name: "a"}, &Thing{Name: "b"}
			taken := Things.Insert(tx, fresh)
			if err := Things.Insert(tx, b); err != nil {
				return err
			}
			b.Name = "a"
			putTaken := Things.Put(tx, b)
			b.Name = "c"
			return errors.Join(wantCode(taken, nameTaken), wantCode(putTaken, nameTaken),
				expect("base", fresh.Base, store.Base{}), Things.Put(tx, b))
		})
	}},
	{"kind/all, scan and page go over many", func(c *trial) {
		const n = 600 // more than the two pages that All and Scan ask for
		c.update(func(tx store.Tx) error {
			for i := range n {
				if err := Things.Insert(tx, &Thing{Name: fmt.Sprintf("%03d", n-i), Group: "g" + fmt.Sprint(i%2)}); err != nil {
					return err
				}
			}
			return nil
		})
		c.view(func(tx store.Tx) error {
			seen, last := 0, store.ID(0)
			for x, err := range Things.Scan(tx) {
				if err != nil || x.ID <= last {
					return fmt.Errorf("after %s: %v %w", last, x, err)
				}
				seen, last = seen+1, x.ID
			}
			grouped := 0
			for x, err := range Things.All(tx, "group", "g1") {
				if err != nil || x.Group != "g1" {
					return fmt.Errorf("%v %w", x, err)
				}
				if grouped++; grouped == 290 {
					break
				}
			}
			paged, last2 := 0, ""
			for after := []byte(nil); ; {
				xs, next, err := Things.Page(tx, "name", "", after, 250)
				if err != nil {
					return err
				}
				for _, x := range xs {
					if x.Name <= last2 {
						return fmt.Errorf("%s comes after %s", x.Name, last2)
					}
					paged, last2 = paged+1, x.Name
				}
				if after = next; next == nil {
					break
				}
			}
			return errors.Join(expect("scanned", seen, n), expect("grouped", grouped, 290), expect("paged", paged, n))
		})
	}},
}
