package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"rator/store"
)

// sharedTests are of two stores that are open on one place, as those of two processes are.
var sharedTests = []test{
	{"shared/each sees what the other has committed", func(c *trial) {
		other := c.second()
		c.keep("a")
		if err := other.View(c.Context(), func(tx store.Tx) error { return leave(c, tx, "a; a; 1; 0") }); err != nil {
			c.Error(err)
		}
		if err := other.Update(c.Context(), func(tx store.Tx) error {
			_, taken := insert(tx, Thing{Name: "a"})
			return errors.Join(wantTaken(taken, "name"), write(tx, "b"))
		}); err != nil {
			c.Error(err)
		}
		c.view(func(tx store.Tx) error { return leave(c, tx, "a b; a b; 2; 1") })
	}},
	{"shared/ids are unique, and increase to a second", func(c *trial) {
		stores := []store.Store{c.Store, c.second()}
		var all []store.ID
		for second := range 3 {
			c.clock.set(start.Add(time.Duration(2*second) * time.Second))
			taken := make([][]store.ID, 4)
			together(len(taken), func(i int) {
				for range 5 {
					var ids []store.ID
					err := stores[i%2].Update(context.Background(), func(tx store.Tx) (err error) {
						ids, err = nextIDs(tx, 30)
						return err
					})
					if err != nil {
						c.Error(err)
					}
					if !slices.IsSorted(ids) {
						c.Errorf("one process gave %v", ids)
					}
					taken[i] = append(taken[i], ids...)
				}
			})
			now := slices.Concat(taken...)
			slices.Sort(now)
			c.increasing(append([]store.ID{slices.Max(append(all, 0))}, now...)) // two seconds later
			all = append(all, now...)
		}
	}},
	{"shared/who keeps a mark of what is settled misses none", func(c *trial) { c.settles(c.Store, c.second()) }},
	{"shared/one of all processes has a lease", func(c *trial) {
		other := c.second()
		held, done, err := other.Hold(c.Context(), "a job")
		if err != nil {
			c.Fatal(err)
		}
		if err := other.Update(held, func(tx store.Tx) error { return write(tx, "under it") }); err != nil {
			c.Errorf("under a lease: %v", err)
		}
		again, doneAgain, err := other.Hold(c.Context(), "a job")
		if err != nil || store.Had(again) != nil {
			c.Errorf("the process that has it asks again: %v", err)
		}
		var has *store.HeldError
		if _, _, err := c.Store.Hold(c.Context(), "a job"); !errors.As(err, &has) || has.Lease != "a job" {
			c.Errorf("another process is given it too: %v", err)
		}
		if _, free, err := c.Store.Hold(c.Context(), "another job"); err != nil {
			c.Errorf("another lease: %v", err)
		} else {
			free()
		}
		doneAgain()
		done()
		if held.Err() == nil || again.Err() == nil {
			c.Error("what was done under a lease goes on after its end")
		}
		if err := other.Close(); err != nil {
			c.Error(err)
		}
		waited := 0
		held, done, err = store.Await(c.Context(), c.Store, "a job", func(*store.HeldError) { waited++ })
		if err != nil || store.Had(held) != nil || waited > 1 {
			c.Errorf("after the first was closed, another waited %d times: %v, %v", waited, store.Had(held), err)
		}
		done()
	}},
	{"shared/a sequence gives no number twice", func(c *trial) {
		stores := []store.Store{c.Store, c.second()}
		numbers := make([][]int64, 4)
		together(len(numbers), func(i int) {
			for range 10 {
				var n int64
				err := stores[i%2].Update(context.Background(), func(tx store.Tx) (err error) {
					n, err = tx.Next("sequence")
					return err
				})
				if err != nil {
					c.Error(err)
				}
				numbers[i] = append(numbers[i], n)
			}
		})
		all := slices.Concat(numbers...)
		slices.Sort(all)
		if len(slices.Compact(slices.Clone(all))) != len(all) {
			c.Errorf("a number came twice: %v", all)
		}
	}},
	{"shared/no event comes before one that was read", func(c *trial) {
		stores := []store.Store{c.Store, c.second()}
		var seen []string
		cursor := int64(0)
		read := func() {
			err := c.View(context.Background(), func(tx store.Tx) error {
				events, err := tx.EventsAfter(cursor, 999)
				for _, e := range events {
					if e.Cursor <= cursor {
						c.Errorf("cursor %d after %d", e.Cursor, cursor)
					}
					cursor, seen = e.Cursor, append(seen, e.Topic)
				}
				return err
			})
			if err != nil {
				c.Error(err)
			}
		}
		together(5, func(i int) {
			for n := range 10 {
				if i == 4 {
					read() // alone has cursor and seen until all are done
					continue
				}
				err := stores[i%2].Update(context.Background(), func(tx store.Tx) error {
					return tx.Emit(store.Event{Topic: fmt.Sprintf("%d-%02d", i, n), Body: []byte(`{}`)})
				})
				if err != nil {
					c.Error(err)
				}
			}
		})
		read()
		if slices.Sort(seen); len(slices.Compact(seen)) != 40 {
			c.Errorf("of 40 events these were read: %v", seen)
		}
	}},
	{"shared/a copy of a stable kind is of the newest state", func(c *trial) {
		other := c.second()
		c.keepSteady("a")
		for _, s := range []store.Store{c.Store, other} {
			if err := s.View(c.Context(), func(tx store.Tx) error { return areSteady(tx, "a:first") }); err != nil {
				c.Error(err)
			}
		}
		c.keepSteady("b")
		if err := other.View(c.Context(), func(tx store.Tx) error { return areSteady(tx, "a:first b:first") }); err != nil {
			c.Error(err)
		}
	}},
}

// second is another store on the place.
func (c *trial) second() store.Store {
	c.Helper()
	s := c.open(c.T, c.place, c.clock.now)
	c.Cleanup(func() {
		if err := s.Close(); err != nil {
			c.Error(err)
		}
	})
	return s
}
