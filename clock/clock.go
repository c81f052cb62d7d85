// Package clock has the test clock of demo stores: a time of the store's own, which
// goes on as the real one does and can be put forward, never back. What it says is
// kept in the store, so that a restart goes on with it and nobody takes such a store
// for one of real customers.
package clock

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"rator/store"
)

// Clock tells the time of a store: the real one until the store is found to have a
// test clock. Safe for concurrent use.
type Clock struct {
	Real  func() time.Time // nil = time.Now
	ahead atomic.Int64     // of the real time, in nanoseconds
	test  atomic.Bool
}

// kept is the test clock of a store; one, or none.
type kept struct {
	store.Base
	Ahead time.Duration // of the real time
	Begun time.Time     // where it began
}

var clocks = store.Define("test_clock", nil, func(k *kept) *store.Base { return &k.Base })

func find(tx store.Tx) (*kept, error) {
	for k, err := range clocks.Scan(tx) {
		return k, err
	}
	return nil, nil
}

func (c *Clock) real() time.Time {
	if c.Real == nil {
		return time.Now()
	}
	return c.Real()
}

// Now is the time.
func (c *Clock) Now() time.Time { return c.real().Add(time.Duration(c.ahead.Load())) }

// Test reports whether it is a test clock.
func (c *Clock) Test() bool { return c.test.Load() }

// Resume goes on with the test clock of the store, when it has one.
func (c *Clock) Resume(ctx context.Context, st store.Store) error {
	return st.View(ctx, func(tx store.Tx) error {
		k, err := find(tx)
		if err == nil && k != nil {
			c.ahead.Store(int64(k.Ahead))
			c.test.Store(true)
		}
		return err
	})
}

// Begin gives the store a test clock. Records are in the order of their making, so a
// store that has some of later than at is refused.
func (c *Clock) Begin(ctx context.Context, st store.Store, at time.Time) error {
	before := c.ahead.Load()
	ahead := at.Sub(c.real())
	c.ahead.Store(int64(ahead)) // the transaction's time is the clock's
	err := st.Update(ctx, func(tx store.Tx) error {
		id, err := tx.NextID()
		if err != nil {
			return err
		}
		if id >= store.FirstIDAt(tx.Now().Add(time.Second)) {
			newest := id.String()
			return fmt.Errorf("the store has records of %s-%s-%s, later than %s; begin with a new store, or later", newest[:4], newest[4:6], newest[6:8], at.Format(time.RFC3339))
		}
		return clocks.Insert(tx, &kept{Ahead: ahead, Begun: at})
	})
	if err != nil {
		c.ahead.Store(before)
		return err
	}
	c.test.Store(true)
	return nil
}

// Set puts a test clock forward, for good. One that is not, and a time that is past,
// are refused.
func (c *Clock) Set(ctx context.Context, st store.Store, to time.Time) error {
	if !c.Test() {
		return errors.New("the store has no test clock")
	}
	if now := c.Now(); !to.After(now) {
		return fmt.Errorf("%s is not after %s: a clock goes forward only", to.Format(time.RFC3339), now.Format(time.RFC3339))
	}
	ahead := to.Sub(c.real())
	err := st.Update(ctx, func(tx store.Tx) error {
		k, err := find(tx)
		if err != nil {
			return err
		}
		k.Ahead = ahead
		return clocks.Put(tx, k)
	})
	if err == nil {
		c.ahead.Store(int64(ahead))
	}
	return err
}

// Begun is where the test clock of the store began; zero without one.
func Begun(tx store.Tx) (time.Time, error) {
	k, err := find(tx)
	if err != nil || k == nil {
		return time.Time{}, err
	}
	return k.Begun, nil
}
