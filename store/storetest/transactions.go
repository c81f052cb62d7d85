package storetest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"rator/store"
)

var transactionTests = []test{
	{"transaction/an error leaves nothing", func(c *trial) {
		kept := c.keep("a")[0]
		err := c.Update(c.Context(), func(tx store.Tx) error {
			_, err := tx.Next("sequence")
			return errors.Join(err, write(tx, "b"), tx.Delete(thingKind, kept.ID, 1), errMine)
		})
		if err := want(err, errMine); err != nil {
			c.Error(err)
		}
		c.view(func(tx store.Tx) error { return leave(c, tx, "a; a; 1; 0") })
	}},
	{"transaction/an error of the driver's own is not passed over", func(c *trial) {
		kept := c.keep("a")[0]
		own := func(tx store.Tx) error { _, err := tx.Scan("nothing", 0, 1); return err }
		var said error
		c.view(func(tx store.Tx) error { said = own(tx); return nil })
		for name, fails := range map[string]func(store.Tx) error{
			"asked":          own,
			"asked before":   func(tx store.Tx) error { return own(tx.Before()) },
			"in a savepoint": func(tx store.Tx) error { return tx.Savepoint(func() error { return own(tx) }) },
			"in a batch":     func(tx store.Tx) error { _, err := tx.FindMany([]store.Ask{{Kind: "nothing"}}); return err },
			"written":        func(tx store.Tx) error { return tx.Delete("nothing", 1, 1) },
			"in the end":     func(tx store.Tx) error { return tx.Finally(0, 0, func(tx store.Tx) error { _ = own(tx); return nil }) },
		} {
			for _, made := range []error{nil, errMine, unknownThing.Error()} { // fn makes this of it
				fn := func(tx store.Tx) error {
					if err := write(tx, "b"); err != nil {
						return err
					}
					_ = fails(tx)
					tx.After(func() { c.Errorf("%s: After ran", name) })
					if made == nil {
						_, err := insert(tx, Thing{Name: "c"})
						return err
					}
					return made
				}
				for of, run := range map[string]func(context.Context, func(store.Tx) error) error{"update": c.Update, "rehearsal": c.Rehearse} {
					err := run(c.Context(), fn)
					if name == "in the end" && made != nil {
						if err := want(err, made); err != nil { // the end was not come to
							c.Errorf("%s, %s: %v", of, name, err)
						}
						continue
					}
					if err == nil || err.Error() != said.Error() || errors.Is(err, errMine) {
						c.Errorf("%s, %s, made %v of it: error is %v, want %v", of, name, made, err, said)
					}
				}
			}
		}
		c.view(func(tx store.Tx) error { return leave(c, tx, "a; a; 1; 0") })
		c.update(func(tx store.Tx) error { // and what is an answer leaves it usable
			_, absent := tx.Get(thingKind, 1)
			_, taken := insert(tx, Thing{Name: "a"})
			_, key := insert(tx, Thing{Name: "\xff"})
			_, sum := tx.Sum("a")
			stale := tx.Delete(thingKind, kept.ID, 7)
			readOnly := tx.Before().Add("a", 1)
			if absent == nil || taken == nil || key == nil || sum == nil || stale == nil || readOnly == nil {
				return errors.New("it was not refused")
			}
			return write(tx, "b")
		})
		c.view(func(tx store.Tx) error { return leave(c, tx, "a b; a b; 2; 1") })
	}},
	{"transaction/a panic leaves nothing and goes on in the caller", func(c *trial) {
		panicked := func() (v any) {
			defer func() { v = recover() }()
			return c.Update(c.Context(), func(tx store.Tx) error {
				if err := write(tx, "a"); err != nil {
					return err
				}
				panic(errMine)
			})
		}()
		value := panicked
		if p, ok := panicked.(*store.Panic); ok {
			value = p.Value
			if !errors.Is(p, errMine) || !strings.Contains(string(p.Stack), "storetest") {
				c.Errorf("the panic is %v", p)
			}
		}
		if value != errMine {
			c.Errorf("panicked with %v, want %v", value, errMine)
		}
		c.view(func(tx store.Tx) error { return leave(c, tx, "; ; 0; 0") })
		c.keep("a") // and the store goes on
	}},
	{"transaction/an ended goroutine leaves nothing", func(c *trial) {
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_ = c.Update(context.Background(), func(tx store.Tx) error {
				if err := write(tx, "a"); err != nil {
					return err
				}
				runtime.Goexit()
				return nil
			})
			c.Error("Update returned")
		}()
		<-ended
		c.view(func(tx store.Tx) error { return leave(c, tx, "; ; 0; 0") })
		c.keep("a")
	}},
	{"transaction/After runs once, after the commit", func(c *trial) {
		var ran []string
		err := c.Update(c.Context(), func(tx store.Tx) error {
			note := func(s string) func() {
				return func() {
					if n := c.count(); n != 1 {
						c.Errorf("%s: count is %d, want 1", s, n)
					}
					ran = append(ran, s)
				}
			}
			tx.After(note("first"))
			_ = tx.Savepoint(func() error { tx.After(note("undone")); return errMine })
			_ = tx.Savepoint(func() error {
				tx.After(note("second"))
				_ = tx.Savepoint(func() error { tx.After(note("undone inside")); return errMine })
				return nil
			})
			func() {
				defer func() { _ = recover() }()
				_ = tx.Savepoint(func() error { tx.After(note("panicked")); panic("mine") })
			}()
			tx.After(note("third"))
			return write(tx, "a")
		})
		if err := errors.Join(err, expect("ran", strings.Join(ran, ", "), "first, second, third")); err != nil {
			c.Error(err)
		}
	}},
	{"transaction/After does not run on failure", func(c *trial) {
		err := c.Update(c.Context(), func(tx store.Tx) error {
			tx.After(func() { c.Error("After ran") })
			return errMine
		})
		if err := want(err, errMine); err != nil {
			c.Error(err)
		}
	}},
	{"transaction/After may begin another", func(c *trial) {
		c.update(func(tx store.Tx) error {
			tx.After(func() { c.keep("b") })
			return write(tx, "a")
		})
		if n := c.count(); n != 2 {
			c.Errorf("count is %d, want 2", n)
		}
	}},
	{"transaction/Now stands still, in UTC and microseconds", func(c *trial) {
		look := func(tx store.Tx) error {
			before := c.clock.now()
			now := tx.Now()
			c.clock.set(before.Add(time.Hour))
			again := tx.Now()
			c.clock.set(before)
			return errors.Join(expect("now", now, before.UTC().Truncate(time.Microsecond)), expect("again", again, now), expect("zone", now.Location(), time.UTC))
		}
		c.clock.set(start.In(time.FixedZone("CET", 3600)))
		c.view(look)
		c.update(look)
	}},
	{"transaction/View is read only", func(c *trial) {
		x := c.keep("a")[0]
		c.view(func(tx store.Tx) error {
			_, id := tx.NextID()
			_, next := tx.Next("sequence")
			_, drop := tx.DropBefore(thingKind, start.Add(time.Hour), 9)
			return errors.Join(
				want(id, store.ErrReadOnly), want(next, store.ErrReadOnly), want(drop, store.ErrReadOnly),
				want(tx.Insert(thingKind, Thing{Base: store.Base{ID: 1}}.record()), store.ErrReadOnly),
				want(tx.Put(thingKind, x.record()), store.ErrReadOnly),
				want(tx.Delete(thingKind, x.ID, 1), store.ErrReadOnly),
				want(tx.Emit(store.Event{Topic: "topic", Body: []byte(`{}`)}), store.ErrReadOnly),
				want(tx.Savepoint(func() error { return tx.Delete(thingKind, x.ID, 1) }), store.ErrReadOnly))
		})
	}},
	{"transaction/Before is what it began with", func(c *trial) {
		a := c.keep("a")[0]
		var kept store.Tx
		c.update(func(tx store.Tx) error {
			before := func() error { return leave(c, tx.Before(), "a; a; 1; 0") }
			first := before()
			if err := write(tx, "b"); err != nil {
				return err
			}
			a := a
			a.Name = "c"
			kept = tx.Before()
			return errors.Join(first, before(), Things.Put(tx, &a),
				tx.Savepoint(func() error { return errors.Join(write(tx, "d"), before()) }),
				want(tx.Before().Emit(store.Event{Topic: "topic", Body: []byte(`{}`)}), store.ErrReadOnly),
				before(), leave(c, tx, "c b d; b c d; 3; 2"))
		})
		if _, err := kept.Get(thingKind, a.ID); err == nil {
			c.Error("it was used after the transaction's end")
		}
		c.view(func(tx store.Tx) error { return leave(c, tx.Before(), "c b d; b c d; 3; 2") })
	}},
	{"transaction/View sees one state", func(c *trial) {
		c.keep("a")
		c.view(func(tx store.Tx) error {
			if _, err := tx.Count(otherKind); err != nil { // the first question
				return err
			}
			done := make(chan error)
			go func() { done <- c.Update(context.Background(), func(tx store.Tx) error { return write(tx, "b") }) }()
			if err := <-done; err != nil {
				return err
			}
			return leave(c, tx, "a; a; 1; 0")
		})
		c.view(func(tx store.Tx) error { return leave(c, tx, "a b; a b; 2; 1") })
	}},
	{"transaction/a View's error and panic come out", func(c *trial) {
		if err := want(c.View(c.Context(), func(store.Tx) error { return errMine }), errMine); err != nil {
			c.Error(err)
		}
		panicked := func() (v any) {
			defer func() { v = recover() }()
			return c.View(c.Context(), func(store.Tx) error { panic("mine") })
		}()
		if err := expect("panic", panicked, "mine"); err != nil {
			c.Error(err)
		}
	}},
	{"transaction/a context that has ended", func(c *trial) {
		ctx, cancel := context.WithCancel(c.Context())
		cancel()
		never := func(store.Tx) error { c.Error("fn was begun"); return nil }
		if err := errors.Join(want(c.View(ctx, never), context.Canceled), want(c.Update(ctx, never), context.Canceled)); err != nil {
			c.Error(err)
		}
	}},
	{"transaction/a context that ends later has no effect", func(c *trial) {
		var err error
		// A driver that repeats a closure, as it may, has the context end before the last time.
		for range 20 {
			ctx, cancel := context.WithCancel(c.Context())
			runs := 0
			err = c.Update(ctx, func(tx store.Tx) error {
				if runs++; runs == c.runs() {
					cancel()
				}
				return write(tx, "a")
			})
			if cancel(); !errors.Is(err, context.Canceled) {
				break
			}
		}
		if err != nil || c.count() != 1 {
			c.Errorf("error is %v, count is %d", err, c.count())
		}
	}},
	{"transaction/not after its end", func(c *trial) {
		var kept []store.Tx
		take := func(tx store.Tx) error { kept = append(kept, tx); return nil }
		c.view(take)
		c.update(take)
		for _, tx := range kept {
			_, get := tx.Get(thingKind, 1)
			_, events := tx.EventsAfter(0, 1)
			if get == nil || errors.Is(get, store.ErrAbsent) || events == nil || tx.Emit(store.Event{Topic: "topic", Body: nil}) == nil {
				c.Error("a transaction that is over was used")
			}
		}
	}},
	{"transaction/ready until closed", func(c *trial) {
		c.soon(func(context.Context, func(store.Tx) error) error { return c.Ready() }, nil)
		s := c.open(c.T, c.TempDir(), c.clock.now)
		if err := s.Close(); err != nil {
			c.Fatal(err)
		}
		nothing := func(store.Tx) error { return nil }
		_, verify := s.Verify(c.Context(), func(error) {})
		_, backup := s.Backup(c.Context(), new(strings.Builder))
		if err := errors.Join(want(s.Ready(), store.ErrClosed), want(verify, store.ErrClosed), want(backup, store.ErrClosed),
			want(s.View(c.Context(), nothing), store.ErrClosed), want(s.Update(c.Context(), nothing), store.ErrClosed), s.Close()); err != nil {
			c.Error(err)
		}
	}},
	{"transaction/what was committed is there after reopening", func(c *trial) {
		c.keep("a", "b")
		c.reopen()
		c.view(func(tx store.Tx) error { return leave(c, tx, "a b; a b; 2; 0") })
	}},
	{"transaction/verify counts the records", func(c *trial) {
		c.keep("a", "b")
		c.update(func(tx store.Tx) error { return Others.Insert(tx, &Thing{}) })
		n, err := c.Verify(c.Context(), func(fault error) { c.Error(fault) })
		if err := errors.Join(err, expect("records", n, 3)); err != nil {
			c.Error(err)
		}
	}},
	{"transaction/a backup writes something", func(c *trial) {
		c.keep("a")
		file, err := os.Create(filepath.Join(c.TempDir(), "backup"))
		if err != nil {
			c.Fatal(err)
		}
		defer file.Close()
		size, err := c.Backup(c.Context(), file)
		if err != nil {
			c.Fatal(err)
		}
		if stat, err := file.Stat(); err != nil || size == 0 || stat.Size() != size {
			c.Errorf("%d bytes were written, %d said: %v", stat.Size(), size, err)
		}
	}},
}
