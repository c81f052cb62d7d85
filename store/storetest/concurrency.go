package storetest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"

	"rator/store"
)

var concurrentTests = []test{
	{"concurrent/no update is lost", func(c *trial) {
		x := c.keep("0")[0]
		const callers, each = 8, 12
		var wg sync.WaitGroup
		for range callers {
			wg.Go(func() {
				for range each {
					err := c.Update(context.Background(), func(tx store.Tx) error {
						r, err := tx.Get(thingKind, x.ID)
						if err != nil {
							return err
						}
						now := thing(c, r)
						n, err := strconv.Atoi(now.Name)
						if err != nil {
							return err
						}
						now.Name = strconv.Itoa(n + 1)
						return tx.Put(thingKind, now.record())
					})
					if err != nil {
						c.Error(err)
					}
				}
			})
		}
		wg.Wait()
		c.view(func(tx store.Tx) error {
			r, err := tx.Get(thingKind, x.ID)
			return errors.Join(err, expect("name", thing(c, r).Name, callers*each), expect("version", r.Version, callers*each+1))
		})
	}},
	{"concurrent/one gets a unique value, and the others lose nothing else", func(c *trial) {
		const callers, rounds = 8, 6
		for round := range rounds {
			var got atomic.Int32
			var wg sync.WaitGroup
			for caller := range callers {
				wg.Go(func() {
					err := c.Update(context.Background(), func(tx store.Tx) error {
						if _, err := insert(tx, Thing{Note: "before"}); err != nil {
							return err
						}
						_, err := insert(tx, Thing{Name: fmt.Sprint("round ", round), Note: fmt.Sprint(caller)})
						return err
					})
					if err == nil {
						got.Add(1)
					} else if err := wantTaken(err, "name"); err != nil {
						c.Error(err)
					}
				})
			}
			wg.Wait()
			if n := got.Load(); n != 1 {
				c.Errorf("round %d: %d got it", round, n)
			}
		}
		if n := c.count(); n != 2*rounds {
			c.Errorf("count is %d, want %d", n, 2*rounds)
		}
	}},
	{"concurrent/what is read together belongs together", func(c *trial) {
		pair := c.keep("a0", "b0")
		set := func(tx store.Tx, x Thing, name string) error {
			r, err := tx.Get(thingKind, x.ID)
			if err != nil {
				return err
			}
			x.Version, x.Name = r.Version, name
			return tx.Put(thingKind, x.record())
		}
		var wg sync.WaitGroup
		for writer := range 4 {
			wg.Go(func() {
				for n := range 15 {
					err := c.Update(context.Background(), func(tx store.Tx) error {
						tag := fmt.Sprint(writer, "-", n)
						return errors.Join(set(tx, pair[0], "a"+tag), set(tx, pair[1], "b"+tag))
					})
					if err != nil {
						c.Error(err)
					}
				}
			})
		}
		for range 3 {
			wg.Go(func() {
				for range 60 {
					err := c.View(context.Background(), func(tx store.Tx) error {
						a, err := tx.Get(thingKind, pair[0].ID)
						if err != nil {
							return err
						}
						b, err := tx.Get(thingKind, pair[1].ID)
						if err != nil {
							return err
						}
						found, err := tx.Find(thingKind, "name", thing(c, b).Name, 0, 9)
						return errors.Join(err, expect("pair", thing(c, a).Name[1:], thing(c, b).Name[1:]), expect("found", len(found), 1))
					})
					if err != nil {
						c.Error(err)
					}
				}
			})
		}
		wg.Wait()
	}},
	{"concurrent/no invariant over two records is broken", func(c *trial) {
		// Each may leave only while the other is there: under less than
		// serializable both would.
		for round := range 10 {
			pair := c.keep(fmt.Sprint("a", round), fmt.Sprint("b", round))
			var wg sync.WaitGroup
			for n := range pair {
				wg.Go(func() {
					err := c.Update(context.Background(), func(tx store.Tx) error {
						if _, err := tx.Get(thingKind, pair[1-n].ID); err != nil {
							return err
						}
						return tx.Delete(thingKind, pair[n].ID, 1)
					})
					if err != nil && !errors.Is(err, store.ErrAbsent) {
						c.Error(err)
					}
				})
			}
			wg.Wait()
		}
		if n := c.count(); n != 10 {
			c.Errorf("count is %d, want 10", n)
		}
	}},
}
