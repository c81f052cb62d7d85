package storetest

import (
	"errors"
	"fmt"

	"rator/store"
)

var errMine = errors.New("storetest: my own")

// left is what a transaction has: things by id, places in the name index, and events.
func left(c *trial, tx store.Tx) (string, error) {
	rs, err := tx.Scan(thingKind, 0, 99)
	if err != nil {
		return "", err
	}
	byName, _, err := tx.Range(thingKind, "name", "", nil, 99)
	if err != nil {
		return "", err
	}
	events, err := tx.EventsAfter(0, 99)
	if err != nil {
		return "", err
	}
	n, err := tx.Count(thingKind)
	return fmt.Sprintf("%s; %s; %d; %d", namesOf(c, rs), namesOf(c, byName), n, len(events)), err
}

// leave says that the transaction has something else.
func leave(c *trial, tx store.Tx, want string) error {
	got, err := left(c, tx)
	return errors.Join(err, expect("left", got, want))
}

// write writes a bit of everything.
func write(tx store.Tx, name string) error {
	if _, err := insert(tx, Thing{Name: name}); err != nil {
		return err
	}
	return tx.Emit(store.Event{Topic: "topic", Body: []byte(`{}`)})
}

var savepointTests = []test{
	{"savepoint/kept", func(c *trial) {
		c.update(func(tx store.Tx) error {
			if err := write(tx, "a"); err != nil {
				return err
			}
			err := tx.Savepoint(func() error { return errors.Join(write(tx, "b"), leave(c, tx, "a b; a b; 2; 2")) })
			return errors.Join(err, write(tx, "c"))
		})
		c.view(func(tx store.Tx) error { return leave(c, tx, "a b c; a b c; 3; 3") })
	}},
	{"savepoint/undone", func(c *trial) {
		kept := c.keep("a")[0]
		c.update(func(tx store.Tx) error {
			if err := write(tx, "b"); err != nil {
				return err
			}
			err := tx.Savepoint(func() error {
				changed := kept
				changed.Name = "z"
				return errors.Join(write(tx, "c"), tx.Put(thingKind, changed.record()), leave(c, tx, "z b c; b c z; 3; 2"), errMine)
			})
			return errors.Join(want(err, errMine), leave(c, tx, "a b; a b; 2; 1"), write(tx, "c"))
		})
		c.view(func(tx store.Tx) error { return leave(c, tx, "a b c; a b c; 3; 2") })
	}},
	{"savepoint/nested", func(c *trial) {
		c.update(func(tx store.Tx) error {
			err := tx.Savepoint(func() error {
				inner := tx.Savepoint(func() error { return write(tx, "a") })
				failed := tx.Savepoint(func() error { return errors.Join(write(tx, "b"), errMine) })
				return errors.Join(inner, want(failed, errMine), write(tx, "c"))
			})
			undone := tx.Savepoint(func() error {
				return errors.Join(tx.Savepoint(func() error { return write(tx, "d") }), leave(c, tx, "a c d; a c d; 3; 3"), errMine)
			})
			return errors.Join(err, want(undone, errMine), leave(c, tx, "a c; a c; 2; 2"))
		})
		c.view(func(tx store.Tx) error { return leave(c, tx, "a c; a c; 2; 2") })
	}},
	{"savepoint/deleted and inserted again", func(c *trial) {
		kept := c.keep("a")[0]
		c.update(func(tx store.Tx) error {
			err := tx.Savepoint(func() error {
				if err := tx.Delete(thingKind, kept.ID, 1); err != nil {
					return err
				}
				undone := tx.Savepoint(func() error { return errors.Join(write(tx, "a"), errMine) })
				return errors.Join(want(undone, errMine), leave(c, tx, "; ; 0; 0"), write(tx, "a"))
			})
			return errors.Join(err, leave(c, tx, "a; a; 1; 1"))
		})
		c.view(func(tx store.Tx) error {
			_, err := tx.Get(thingKind, kept.ID)
			return errors.Join(want(err, store.ErrAbsent), leave(c, tx, "a; a; 1; 1"))
		})
	}},
	{"savepoint/a panic undoes it and leaves the Tx usable", func(c *trial) {
		c.update(func(tx store.Tx) error {
			panicked := func() (v any) {
				defer func() { v = recover() }()
				return tx.Savepoint(func() error {
					if err := write(tx, "a"); err != nil {
						return err
					}
					panic("mine")
				})
			}()
			return errors.Join(expect("panic", panicked, "mine"), leave(c, tx, "; ; 0; 0"), write(tx, "b"))
		})
		c.view(func(tx store.Tx) error { return leave(c, tx, "b; b; 1; 1") })
	}},
	{"savepoint/sequences and ids never come twice", func(c *trial) {
		c.update(func(tx store.Tx) error {
			var inside store.ID
			_ = tx.Savepoint(func() error {
				var err error
				inside, err = tx.NextID()
				return errors.Join(err, errMine)
			})
			outside, err := tx.NextID()
			if err == nil && outside <= inside {
				c.Errorf("id %s comes after %s", outside, inside)
			}
			return err
		})
	}},
	{"savepoint/a state that was is never again", func(c *trial) {
		first := c.keep("a")[0]
		c.update(func(tx store.Tx) error {
			seen := map[int64]string{}
			// is looks at the Tx twice, and at what it was in the same state.
			is := func(want string) error {
				for range 2 {
					state := tx.State()
					got, err := left(c, tx)
					if before, known := seen[state]; known && before != got {
						c.Errorf("in state %d there was %q, now there is %q", state, before, got)
					}
					seen[state] = got
					if err := errors.Join(err, expect("left", got, want)); err != nil {
						return err
					}
				}
				return nil
			}
			second := Thing{Name: "b"}
			changed := Thing{Base: first.Base, Name: "z"}
			return errors.Join(is("a; a; 1; 0"),
				func() (err error) { second, err = insert(tx, second); return err }(), is("a b; a b; 2; 0"),
				tx.Put(thingKind, changed.record()), is("z b; b z; 2; 0"),
				want(tx.Savepoint(func() error {
					return errors.Join(tx.Delete(thingKind, second.ID, 1), is("z; z; 1; 0"), errMine)
				}), errMine), is("z b; b z; 2; 0"),
				tx.Savepoint(func() error { return errors.Join(tx.Delete(thingKind, second.ID, 1), is("z; z; 1; 0")) }), is("z; z; 1; 0"),
				func() error {
					n, err := tx.DropBefore(thingKind, start.AddDate(1, 0, 0), 9)
					return errors.Join(err, expect("dropped", n, 1))
				}(), is("; ; 0; 0"))
		})
	}},
	{"savepoint/in a View", func(c *trial) {
		c.view(func(tx store.Tx) error {
			return want(tx.Savepoint(func() error { return errMine }), errMine)
		})
	}},
}
