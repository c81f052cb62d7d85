package storetest

import (
	"context"
	"errors"
	"sync"
	"time"

	"rator/failure"
	"rator/store"
)

// rehearse fails the test for an error.
func (c *trial) rehearse(fn func(store.Tx) error) {
	c.Helper()
	if err := c.Rehearse(c.Context(), fn); err != nil {
		c.Fatal(err)
	}
}

var rehearsalTests = []test{
	{"rehearsal/it sees what it wrote, and leaves nothing", func(c *trial) {
		c.keep("a")
		for range 2 {
			c.rehearse(func(tx store.Tx) error {
				tx.After(func() { c.Error("what a rehearsal registered was run") })
				kept, err := Things.By(tx, "name", "a")
				if err != nil {
					return err
				}
				kept.Note = "b"
				b := &Thing{Name: "b"}
				n, next := tx.Next("sequence")
				if err := errors.Join(next, Things.Put(tx, kept), Things.Insert(tx, b), tx.Emit(store.Event{Topic: "b"})); err != nil {
					return err
				}
				undone := tx.Savepoint(func() error { return errors.Join(write(tx, "c"), errMine) })
				count, counted := Things.Count(tx)
				events, told := tx.EventsAfter(0, 10)
				before, looked := Things.Count(tx.Before())
				return errors.Join(counted, told, looked, want(undone, errMine), wantCode(Things.Insert(tx, &Thing{Name: "b"}), nameTaken),
					expect("next", n, 1), expect("things", count, 2), expect("events", len(events), 1), expect("before", before, 1))
			})
		}
		c.view(func(tx store.Tx) error { return leave(c, tx, "a; a; 1; 0") })
	}},
	{"rehearsal/its ids come after those of the store, and do not move them", func(c *trial) {
		first := c.take(1)[0]
		c.rehearse(func(tx store.Tx) error {
			last := first
			for range 30_000 {
				id, err := tx.NextID()
				if err != nil || id <= last {
					return errors.Join(err, expect("an id", id, "one after "+last.String()))
				}
				last = id
			}
			return nil
		})
		if id := c.take(1)[0]; id.String()[:14] != first.String()[:14] {
			c.Errorf("after %s comes %s", first, id)
		}
	}},
	{"rehearsal/what is to be done in the end is done, and fails it", func(c *trial) {
		done := 0
		err := c.Rehearse(c.Context(), func(tx store.Tx) error {
			return errors.Join(
				tx.Finally(0, 0, func(tx store.Tx) error { done++; return write(tx, "a") }),
				tx.Finally(7, 7, func(tx store.Tx) error { done++; return errMine }))
		})
		if err := errors.Join(want(err, errMine), expect("done", done, 2), expect("things", c.count(), 0)); err != nil {
			c.Error(err)
		}
	}},
	{"rehearsal/many run beside each other and beside a writer", func(c *trial) {
		c.keep("a")
		const many = 8
		var inside sync.WaitGroup // all of them, at once
		inside.Add(many)
		var all sync.WaitGroup
		c.update(func(tx store.Tx) error {
			if err := write(tx, "of the writer"); err != nil {
				return err
			}
			if c.runs() == 2 {
				return nil // of which the first would leave no room for the second
			}
			for range many {
				all.Go(func() {
					err := c.Rehearse(context.Background(), func(tx store.Tx) error {
						if err := write(tx, "of the writer"); err != nil {
							return err
						}
						inside.Done()
						inside.Wait()
						n, err := Things.Count(tx)
						return errors.Join(err, expect("things", n, 2))
					})
					if err != nil {
						c.Error(err)
					}
				})
			}
			all.Wait()
			return nil
		})
	}},
	{"rehearsal/it is over when its closure has returned", func(c *trial) {
		var kept store.Tx
		c.rehearse(func(tx store.Tx) error { kept = tx; return nil })
		if _, err := kept.Scan(thingKind, 0, 1); err == nil {
			c.Error("it is read after its end")
		}
		if err := write(kept, "a"); err == nil {
			c.Error("it is written to after its end")
		}
		ended, cancel := context.WithCancel(c.Context())
		cancel()
		if err := want(c.Rehearse(ended, func(store.Tx) error { return nil }), context.Canceled); err != nil {
			c.Error(err)
		}
	}},
	{"rehearsal/copies are not of what it wrote", func(c *trial) {
		c.update(func(tx store.Tx) error { return Steadies.Insert(tx, &Steady{Name: "a"}) })
		c.view(func(tx store.Tx) error { _, err := Steadies.By(tx, "name", "a"); return err }) // is copied
		c.rehearse(func(tx store.Tx) error {
			x, err := Steadies.By(tx, "name", "a")
			if err != nil {
				return err
			}
			x.Name = "b"
			if err := Steadies.Put(tx, x); err != nil {
				return err
			}
			_, err = Steadies.By(tx, "name", "b")
			return err
		})
		c.view(func(tx store.Tx) error { _, err := Steadies.By(tx, "name", "a"); return err })
	}},
}

var loadTests = []test{
	{"load/a record comes with its id and version, and goes on from there", func(c *trial) {
		c.update(func(tx store.Tx) error {
			x := &Thing{Base: store.Base{ID: 199912312359590007, Version: 5}, Name: "old"}
			y := &Thing{Base: store.Base{ID: 199912312359590003}, Name: "older"}
			if err := errors.Join(Things.Load(tx, x), Things.Load(tx, y)); err != nil {
				return err
			}
			if err := errors.Join(expect("version", x.Version, 5), expect("version of none", y.Version, 1)); err != nil {
				return err
			}
			return Things.Put(tx, x)
		})
		c.keep("new")
		c.view(func(tx store.Tx) error {
			x, err := Things.By(tx, "name", "old")
			if err != nil {
				return err
			}
			rs, err := tx.Scan(thingKind, 0, 10)
			return errors.Join(err, expect("base", x.Base, store.Base{ID: 199912312359590007, Version: 6}), expect("in order", namesOf(c, rs), "older old new"))
		})
	}},
	{"load/what cannot be", func(c *trial) {
		c.keep("a")
		c.update(func(tx store.Tx) error {
			a, err := Things.By(tx, "name", "a")
			if err != nil {
				return err
			}
			load := func(id store.ID, name string) error {
				return Things.Load(tx, &Thing{Base: store.Base{ID: id}, Name: name})
			}
			return errors.Join(
				wantTaken(load(a.ID, "b"), "id"), wantCode(load(a.ID-1, "a"), nameTaken),
				wantCode(load(0, "b"), failure.InvalidRequest), wantCode(load(-5, "b"), failure.InvalidRequest),
				wantCode(load(202313312359590007, "b"), failure.InvalidRequest), // of month 13
				wantCode(load(store.FirstIDAt(start.Add(2*time.Hour)), "b"), failure.InvalidRequest))
		})
		if n := c.count(); n != 1 {
			c.Errorf("%d things, want 1", n)
		}
	}},
	{"load/new ids come after what was loaded, also after reopening", func(c *trial) {
		ahead := store.FirstIDAt(start.Add(30*time.Minute)) + 17
		c.rehearse(func(tx store.Tx) error {
			if err := Others.Load(tx, &Thing{Base: store.Base{ID: ahead}}); err != nil {
				return err
			}
			id, err := tx.NextID()
			return errors.Join(err, expect("id", id, ahead+1))
		})
		if id := c.take(1)[0]; id >= ahead {
			c.Errorf("a rehearsal moved the ids to %s", id)
		}
		c.update(func(tx store.Tx) error { return Others.Load(tx, &Thing{Base: store.Base{ID: ahead}}) })
		c.reopen()
		c.increasing(append([]store.ID{ahead}, c.take(2)...))
	}},
	{"load/sequences go on above what was loaded, and never back", func(c *trial) {
		next := func(is int64) {
			c.Helper()
			c.rehearse(func(tx store.Tx) error {
				n, err := tx.Next("loaded")
				return errors.Join(err, expect("next", n, is))
			})
		}
		raise := func(n int64) func(store.Tx) error {
			return func(tx store.Tx) error { return tx.AtLeast("loaded", n) }
		}
		c.update(raise(-5))
		next(1)
		c.update(raise(1_000))
		next(1_001)
		c.update(raise(999))
		next(1_001)
		c.reopen()
		next(1_001)
		c.update(func(tx store.Tx) error {
			undone := tx.Savepoint(func() error { return errors.Join(tx.AtLeast("loaded", 2_000), errMine) })
			n, err := tx.Next("loaded")
			return errors.Join(err, want(undone, errMine), nextAfter(1_000, n), tx.AtLeast("loaded", 1_500), tx.AtLeast("loaded", 1_400))
		})
		next(1_501)
		c.view(func(tx store.Tx) error { return want(tx.AtLeast("loaded", 1), store.ErrReadOnly) })
	}},
}
