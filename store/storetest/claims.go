package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"rator/store"
)

// claim claims things by their names.
func claim(tx store.Tx, prefix string, limit int) ([]Thing, error) {
	rs, err := tx.Claim(thingKind, "name", prefix, limit)
	if err != nil {
		return nil, err
	}
	return thingsOf(rs)
}

// claims says that a claim gives things of these names.
func claims(tx store.Tx, prefix string, limit int, want string) error {
	xs, err := claim(tx, prefix, limit)
	var names []string
	for _, x := range xs {
		names = append(names, x.Name)
	}
	return errors.Join(err, expect("claimed", strings.Join(names, " "), want))
}

var claimTests = []test{
	{"claim/the first, and what the transaction wrote", func(c *trial) {
		kept := c.keep("b2", "b1", "a", "b3")
		ask := func(tx store.Tx) error {
			return errors.Join(claims(tx, "b", 2, "b1 b2"), claims(tx, "b", 2, "b1 b2"), claims(tx, "", 9, "a b1 b2 b3"),
				claims(tx, "c", 9, ""), claims(tx, "b", 0, ""), claims(tx, "b\x00", 9, ""),
				tx.Delete(thingKind, kept[1].ID, 1), write(tx, "b0"), claims(tx, "b", 2, "b0 b2"),
				want(tx.Savepoint(func() error { return errors.Join(claims(tx, "b3", 1, "b3"), write(tx, "b"), errMine) }), errMine),
				claims(tx, "b", 1, "b0"))
		}
		c.soon(c.Rehearse, ask)
		c.soon(c.Update, ask)
		refused := func(tx store.Tx) error { _, err := claim(tx, "", 1); return want(err, store.ErrReadOnly) }
		c.view(refused)
		c.update(func(tx store.Tx) error { return refused(tx.Before()) })
	}},
	{"claim/nobody is given what another has, and nothing is lost", func(c *trial) {
		const things, callers = 30, 6
		var names []string
		for n := range things {
			names = append(names, fmt.Sprintf("%02d", n))
		}
		c.keep(names...)
		var mu sync.Mutex
		var got []string
		together(callers, func(caller int) {
			for n := range things / callers {
				name := ""
				err := c.Update(context.Background(), func(tx store.Tx) error {
					name = ""
					xs, err := claim(tx, "", 1)
					if err != nil || len(xs) == 0 {
						return err // the others have all that there are
					}
					name = xs[0].Name
					if n%3 == 2 {
						return errMine // who leaves it leaves it to the others
					}
					return tx.Delete(thingKind, xs[0].ID, xs[0].Version)
				})
				switch {
				case errors.Is(err, errMine):
				case err != nil:
					c.Error(err)
				case name != "":
					mu.Lock()
					got = append(got, name)
					mu.Unlock()
				}
			}
		})
		slices.Sort(got)
		if once := slices.Compact(slices.Clone(got)); len(once) != len(got) {
			c.Errorf("some were given twice: %v", got)
		}
		if n := c.count(); n != int64(things-len(got)) {
			c.Errorf("%d were taken, and %d of %d are left", len(got), n, things)
		}
		c.soon(c.Update, func(tx store.Tx) error { // nobody else is under way
			xs, err := claim(tx, "", things)
			return errors.Join(err, expect("claimed", len(xs), things-len(got)))
		})
	}},
}

var appendTests = []test{
	{"append/finds as any index does", func(c *trial) {
		c.update(func(tx store.Tx) error {
			for n := range 5 {
				if err := shelved.Insert(tx, &Thing{Name: fmt.Sprint(n), Shelf: []string{"a", "ab"}[n%2]}); err != nil {
					return err
				}
			}
			return expectShelves(c, tx)
		})
		c.view(func(tx store.Tx) error { return expectShelves(c, tx) })
		c.update(func(tx store.Tx) error {
			x, err := shelved.By(tx, "name", "1")
			if err != nil {
				return err
			}
			x.Shelf = ""
			rs, _, e := tx.Range(shelvedKind, "shelf", "a", nil, 9)
			if err := errors.Join(e, expect("on shelves", len(rs), 5), shelved.Put(tx, x)); err != nil {
				return err
			}
			rs, _, err = tx.Range(shelvedKind, "shelf", "a", nil, 9)
			return errors.Join(err, expect("on shelves", namesOf(c, rs), "0 2 4 3"))
		})
	}},
	{"append/what was given is checked", func(c *trial) {
		// All put the same thing, which they found by its shelf: no change is lost.
		c.update(func(tx store.Tx) error { return shelved.Insert(tx, &Thing{Shelf: "a"}) })
		together(racers, func(int) {
			for range raceRounds {
				err := c.Update(context.Background(), func(tx store.Tx) error {
					rs, err := tx.Find(shelvedKind, "shelf", "a", 0, 1)
					if err != nil || len(rs) == 0 {
						return errors.Join(err, expect("found", len(rs), 1))
					}
					x, err := fieldsOf(rs[0])
					if err != nil {
						return err
					}
					x.Note += "."
					if err := shelved.Insert(tx, &Thing{Shelf: "a"}); err != nil { // which nobody waits for
						return err
					}
					return shelved.Put(tx, &x)
				})
				if err != nil {
					c.Error(err)
				}
			}
		})
		c.view(func(tx store.Tx) error {
			x, err := tx.Find(shelvedKind, "shelf", "a", 0, 9*racers*raceRounds)
			if err != nil {
				return err
			}
			return errors.Join(expect("changes", len(thing(c, x[0]).Note), racers*raceRounds), expect("on the shelf", len(x), racers*raceRounds+1))
		})
	}},
}

func expectShelves(c *trial, tx store.Tx) error {
	a, errA := tx.Find(shelvedKind, "shelf", "a", 0, 9)
	newest, errN := tx.FindMany([]store.Ask{{Kind: shelvedKind, Index: "shelf", Value: "ab", Newest: true, Limit: 1}})
	if err := errors.Join(errA, errN); err != nil {
		return err
	}
	all, _, err := tx.Range(shelvedKind, "shelf", "a", nil, 9)
	return errors.Join(err, expect("on a", namesOf(c, a), "0 2 4"), expect("newest on ab", namesOf(c, newest[0]), "3"),
		expect("on both", namesOf(c, all), "0 2 4 1 3"))
}
