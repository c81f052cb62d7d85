package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"rator/store"
)

var stableTests = []test{
	{"stable/asked once", func(c *trial) {
		c.keepSteady("a")
		for round, most := range []bool{true, false} {
			for name, run := range map[string]func(context.Context, func(store.Tx) error) error{"view": c.View, "update": c.Update} {
				err := run(c.Context(), func(tx store.Tx) error {
					q := &questions{Tx: tx}
					if err := areSteady(q, "a:first"); err != nil {
						return err
					}
					if !most && q.n != 0 {
						return fmt.Errorf("round %d, %s: the driver was asked %d times", round, name, q.n)
					}
					return nil
				})
				if err != nil {
					c.Error(err)
				}
			}
		}
	}},
	{"stable/what is given is one's own", func(c *trial) {
		c.keepSteady("a", "b")
		c.view(func(tx store.Tx) error {
			x, err := Steadies.By(tx, "name", "a") // before there is a copy
			if err != nil {
				return err
			}
			x.say("mine")
			return areSteady(tx, "a:first b:first")
		})
		for range 3 {
			c.view(func(tx store.Tx) error {
				if err := areSteady(tx, "a:first b:first"); err != nil {
					return err
				}
				x, err := Steadies.By(tx, "name", "a")
				if err != nil {
					return err
				}
				y, err := Steadies.Get(tx, x.ID)
				if err != nil {
					return err
				}
				given := []*Steady{x, y}
				for z, err := range Steadies.All(tx, "group", "g") {
					given = append(given, z)
					if err != nil {
						return err
					}
				}
				for z, err := range Steadies.Scan(tx) {
					given = append(given, z)
					if err != nil {
						return err
					}
				}
				for _, z := range given {
					z.say("mine")
				}
				return areSteady(tx, "a:first b:first")
			})
		}
	}},
	{"stable/the next one sees what was changed", func(c *trial) {
		see := func(want string) {
			c.Helper()
			c.view(func(tx store.Tx) error { return areSteady(tx, want) })
			if err := c.Look(c.Context(), func(tx store.Tx) error { return areSteady(tx, want) }); err != nil {
				c.Error(err)
			}
			c.update(func(tx store.Tx) error { return areSteady(tx, want) })
		}
		see("")
		c.keepSteady("a", "b")
		see("a:first b:first")
		c.update(func(tx store.Tx) error { return reword(tx, "a", "second") })
		see("a:second b:first")
		c.update(func(tx store.Tx) error { // past the kind
			rs, err := tx.Find(steadyKind, "name", "b", 0, 1)
			if err != nil {
				return err
			}
			return tx.Delete(steadyKind, rs[0].ID, rs[0].Version)
		})
		see("a:second")
		c.clock.set(start.Add(time.Hour))
		c.update(func(tx store.Tx) error {
			n, err := tx.DropBefore(steadyKind, start.Add(time.Minute), 9)
			return errors.Join(err, expect("dropped", n, 1))
		})
		see("")
		c.keepSteady("a")
		see("a:first")
		c.reopen()
		see("a:first")
	}},
	{"stable/its own writes, and what is left of them", func(c *trial) {
		c.keepSteady("a")
		c.view(func(tx store.Tx) error { return areSteady(tx, "a:first") })
		own := func(tx store.Tx) error {
			first := areSteady(tx, "a:first")
			undone := tx.Savepoint(func() error {
				return errors.Join(reword(tx, "a", "second"), areSteady(tx, "a:second"),
					Steadies.Insert(tx, newSteady("b", "g", "first")), areSteady(tx, "a:second b:first"), errMine)
			})
			after := areSteady(tx, "a:first")
			kept := tx.Savepoint(func() error {
				inner := tx.Savepoint(func() error { return errors.Join(reword(tx, "a", "third"), errMine) })
				return errors.Join(want(inner, errMine), areSteady(tx, "a:first"), reword(tx, "a", "fourth"))
			})
			return errors.Join(first, want(undone, errMine), after, kept, areSteady(tx, "a:fourth"), areSteady(tx.Before(), "a:first"))
		}
		failed := c.Update(c.Context(), func(tx store.Tx) error { return errors.Join(own(tx), errMine) })
		if err := expect("error", failed, errMine); err != nil {
			c.Error(err)
		}
		c.update(func(tx store.Tx) error { return areSteady(tx, "a:first") })
		c.view(func(tx store.Tx) error { return areSteady(tx, "a:first") })
		c.update(own)
		c.view(func(tx store.Tx) error { return areSteady(tx, "a:fourth") })
	}},
	{"stable/a View sees one state, in the copies too", func(c *trial) {
		for _, warm := range []bool{true, false} {
			name := "a"
			if !warm {
				c.update(func(tx store.Tx) error { return reword(tx, name, "first") })
			} else {
				c.keepSteady(name)
			}
			c.view(func(old store.Tx) error {
				if _, err := old.Count(otherKind); err != nil { // the first question
					return err
				}
				if warm {
					if err := areSteady(old, "a:first"); err != nil {
						return err
					}
				}
				done := make(chan error)
				go func() {
					done <- errors.Join(c.Update(context.Background(), func(tx store.Tx) error { return reword(tx, name, "second") }),
						c.View(context.Background(), func(tx store.Tx) error { return areSteady(tx, "a:second") }))
				}()
				if err := <-done; err != nil {
					return err
				}
				return areSteady(old, "a:first")
			})
			// What the old one read late is in no newer one's copies.
			c.view(func(tx store.Tx) error { return areSteady(tx, "a:second") })
		}
	}},
	{"stable/Look needs no transaction for what is known", func(c *trial) {
		c.keepSteady("a")
		c.keep("x")
		runs := func(fn func(tx store.Tx) error) (n int) {
			if err := c.Look(c.Context(), func(tx store.Tx) error { n++; return fn(tx) }); err != nil {
				c.Error(err)
			}
			return n
		}
		known := func(tx store.Tx) error { return areSteady(tx, "a:first") }
		other := func(tx store.Tx) error { return errors.Join(known(tx), leave(c, tx, "x; x; 1; 0")) }
		asked := 0
		swallowed := func(tx store.Tx) error { // each time another name, of which there is no copy
			_, _ = Steadies.By(tx, "name", fmt.Sprint("none ", asked))
			return nil
		}
		none := func(tx store.Tx) error {
			_, err := Steadies.By(tx, "name", "c")
			return wantCode(err, unknownThing)
		}
		runs(known)
		runs(none)
		if err := errors.Join(expect("warm", runs(known), 1), expect("that there is none", runs(none), 1)); err != nil {
			c.Error(err)
		}
		for name, fn := range map[string]func(store.Tx) error{"other kinds": other, "an error that fn swallows": swallowed} {
			c.soon(func(context.Context, func(store.Tx) error) error { // once where nothing was heard of the copies for too long
				asked++
				return expect(name, runs(fn), 2)
			}, nil)
		}
		ran := 0
		err := c.Look(c.Context(), func(tx store.Tx) error {
			tx.After(func() { ran++ })
			return errors.Join(known(tx), known(tx.Before()), expect("now", tx.Now(), start.Truncate(time.Microsecond)),
				tx.Savepoint(func() error { return known(tx) }), want(reword(tx, "a", "second"), store.ErrReadOnly))
		})
		mine := c.Look(c.Context(), func(tx store.Tx) error {
			tx.After(func() { ran++ })
			return errors.Join(known(tx), errMine)
		})
		ended, cancel := context.WithCancel(c.Context())
		cancel()
		gone := c.Look(ended, func(store.Tx) error { c.Error("fn was begun"); return nil })
		if err := errors.Join(err, want(mine, errMine), expect("After", ran, 1), want(gone, context.Canceled)); err != nil {
			c.Error(err)
		}
		s := c.open(c.T, c.TempDir(), c.clock.now)
		var kept store.Tx
		closed := errors.Join(s.Look(c.Context(), func(tx store.Tx) error { _, err := steadies(tx); kept = tx; return err }),
			s.Look(c.Context(), func(tx store.Tx) error { kept = tx; return nil }), s.Close(),
			want(s.Look(c.Context(), func(tx store.Tx) error { _, err := steadies(tx); return err }), store.ErrClosed),
			want(s.Look(c.Context(), func(store.Tx) error { return nil }), store.ErrClosed))
		if _, over := steadies(kept); closed != nil || over == nil {
			c.Errorf("%v; of one that is over: %v", closed, over)
		}
	}},
	{"stable/copies of one store are never another's", func(c *trial) {
		other := c.open(c.T, c.TempDir(), c.clock.now)
		c.keepSteady("a")
		for range 2 {
			c.view(func(tx store.Tx) error { return areSteady(tx, "a:first") })
			if err := other.View(c.Context(), func(tx store.Tx) error { return areSteady(tx, "") }); err != nil {
				c.Error(err)
			}
		}
		err := other.Update(c.Context(), func(tx store.Tx) error { return Steadies.Insert(tx, newSteady("b", "g", "other")) })
		if err != nil {
			c.Error(err)
		}
		for range 2 {
			if err := other.Look(c.Context(), func(tx store.Tx) error { return areSteady(tx, "b:other") }); err != nil {
				c.Error(err)
			}
			c.view(func(tx store.Tx) error { return areSteady(tx, "a:first") })
		}
		if err := other.Close(); err != nil {
			c.Error(err)
		}
	}},
	{"stable/more than copies hold", func(c *trial) {
		const many = 1500
		c.update(func(tx store.Tx) error {
			for n := range many {
				if err := Steadies.Insert(tx, newSteady(fmt.Sprint("n", n), "many", "first")); err != nil {
					return err
				}
			}
			return nil
		})
		for range 2 {
			c.view(func(tx store.Tx) error {
				var all, scanned, some int
				for x, err := range Steadies.All(tx, "group", "many") {
					if err != nil || x.Name != fmt.Sprint("n", all) {
						return fmt.Errorf("%d: %v %w", all, x, err)
					}
					all++
				}
				for _, err := range Steadies.Scan(tx) {
					if err != nil {
						return err
					}
					scanned++
				}
				for range Steadies.Scan(tx) {
					if some++; some == 3 {
						break
					}
				}
				return errors.Join(expect("all", all, many), expect("scanned", scanned, many), expect("some", some, 3))
			})
		}
	}},
	{"stable/nobody sees anything older than what he was told", func(c *trial) {
		c.keepSteady("a", "b")
		// Both always say the same number, which only grows.
		look := func(tx store.Tx) (int, error) {
			text, err := steadies(tx)
			if err != nil {
				return 0, err
			}
			var a, b string
			if _, err := fmt.Sscanf(text, "a:%s b:%s", &a, &b); err != nil || a != b || text != "a:"+a+" b:"+b {
				return 0, fmt.Errorf("%s: %w", text, err)
			}
			if a == "first" {
				return 0, nil
			}
			return strconv.Atoi(a)
		}
		next := func(tx store.Tx) (int, error) {
			n, err := look(tx)
			n++
			undone := tx.Savepoint(func() error { return errors.Join(reword(tx, "a", "undone"), errMine) })
			return n, errors.Join(err, want(undone, errMine), reword(tx, "a", strconv.Itoa(n)), reword(tx, "b", strconv.Itoa(n)))
		}
		const writers, each, readers = 3, 20, 3
		seen := func(last *int, run func(context.Context, func(store.Tx) error) error) error {
			var n int
			if err := run(context.Background(), func(tx store.Tx) (err error) { n, err = look(tx); return err }); err != nil {
				return err
			}
			if n < *last {
				return fmt.Errorf("%d comes after %d", n, *last)
			}
			*last = n
			return nil
		}
		var writing, reading sync.WaitGroup
		done := make(chan struct{})
		for range writers {
			writing.Go(func() {
				for range each {
					var n int
					err := c.Update(context.Background(), func(tx store.Tx) (err error) { n, err = next(tx); return err })
					_ = c.Update(context.Background(), func(tx store.Tx) error { _, err := next(tx); return errors.Join(err, errMine) })
					if err := errors.Join(err, seen(&n, c.Look), seen(&n, c.View)); err != nil {
						c.Error(err)
						return
					}
				}
			})
		}
		for r := range readers {
			reading.Go(func() {
				ways := slices.Repeat([]func(context.Context, func(store.Tx) error) error{c.Look, c.View, c.Update}, 2)[r:]
				for last, n := 0, 0; ; n++ {
					select {
					case <-done:
						return
					default:
					}
					if err := seen(&last, ways[n%3]); err != nil {
						c.Error(err)
						return
					}
				}
			})
		}
		writing.Wait()
		close(done)
		reading.Wait()
		c.view(func(tx store.Tx) error {
			n, err := look(tx)
			return errors.Join(err, expect("last", n, writers*each))
		})
	}},
}
