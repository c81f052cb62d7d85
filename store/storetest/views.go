package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"rator/store"
)

var viewsTests = []test{
	{"views/all see one state, which others write over", func(c *trial) {
		c.keep("a", "b")
		err := c.Views(c.Context(), 3, func(looks store.Looks) error {
			c.keep("c")
			var wg sync.WaitGroup
			seen := make([]error, len(looks.Txs))
			for i, tx := range looks.Txs {
				wg.Go(func() {
					rs, err := tx.Scan(thingKind, 0, 10)
					_, write := insert(tx, Thing{Name: "d"})
					seen[i] = errors.Join(err, expect("things", len(rs), 2), want(write, store.ErrReadOnly))
				})
			}
			wg.Wait()
			return errors.Join(append(seen, expect("looks", len(looks.Txs), 3))...)
		})
		if err != nil {
			c.Error(err)
		}
	}},
	{"views/they are over when the closure has returned", func(c *trial) {
		var kept []store.Tx
		failed := errors.New("failed")
		err := c.Views(c.Context(), 2, func(looks store.Looks) error {
			kept = looks.Txs
			return failed
		})
		for _, tx := range kept {
			if _, scan := tx.Scan(thingKind, 0, 1); scan == nil {
				c.Error("a look is read after its end")
			}
		}
		if err := errors.Join(want(err, failed), expect("looks", len(kept), 2)); err != nil {
			c.Error(err)
		}
		ended, cancel := context.WithCancel(c.Context())
		cancel()
		if err := want(c.Views(ended, 1, func(store.Looks) error { return nil }), context.Canceled); err != nil {
			c.Error(err)
		}
	}},
	{"views/everything is looked at once, and what is found is told in order", func(c *trial) {
		const things = 2000
		c.update(func(tx store.Tx) error {
			for n := range things {
				if _, err := insert(tx, Thing{Name: fmt.Sprintf("%04d", n)}); err != nil {
					return err
				}
			}
			return nil
		})
		for looks := 1; looks <= 4; looks++ {
			var told []string
			err := c.Views(c.Context(), looks, func(looks store.Looks) error {
				return Things.Spread(looks, func(fault error) { told = append(told, fault.Error()) }, nil, func(_ int, x *Thing, report func(error)) {
					report(errors.New(x.Name))
				})
			})
			if err := errors.Join(err, expect("told", len(told), things)); err != nil || !slices.IsSorted(told) {
				c.Error("with looks:", looks, err)
			}
		}
	}},
	{"views/a panic goes on in the caller's goroutine", func(c *trial) {
		c.keep("a")
		defer func() {
			p, ok := recover().(*store.Panic)
			if !ok || p.Value != "so bad" {
				c.Error("the panic is", p)
			}
		}()
		_ = c.Views(c.Context(), 2, func(looks store.Looks) error {
			return Things.Spread(looks, func(error) {}, nil, func(int, *Thing, func(error)) { panic("so bad") })
		})
	}},
}
