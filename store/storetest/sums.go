package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"rator/store"
)

// summed fails the test when a counter's sum is another.
func (c *trial) summed(counter string, want int64) {
	c.Helper()
	c.view(func(tx store.Tx) error {
		n, err := tx.Sum(counter)
		before, beforeErr := tx.Before().Sum(counter)
		return errors.Join(err, beforeErr, expect(counter, n, want), expect(counter+" before", before, want))
	})
}

var sumTests = []test{
	{"sum/is what was added and committed", func(c *trial) {
		c.summed("a", 0)
		c.update(func(tx store.Tx) error { return errors.Join(tx.Add("a", 2), tx.Add("b", 1<<62), tx.Add("a", 3)) })
		c.update(func(tx store.Tx) error { return errors.Join(tx.Add("a", -7), tx.Add("", 1), tx.Add("b", 0)) })
		c.reopen()
		c.summed("a", -2)
		c.summed("b", 1<<62)
		c.summed("", 1)
	}},
	{"sum/what is undone is not added", func(c *trial) {
		err := c.Update(c.Context(), func(tx store.Tx) error { return errors.Join(tx.Add("a", 1), errMine) })
		if err := want(err, errMine); err != nil {
			c.Error(err)
		}
		c.update(func(tx store.Tx) error {
			undone := tx.Savepoint(func() error {
				return errors.Join(tx.Add("a", 10), tx.Savepoint(func() error { return tx.Add("a", 20) }), errMine)
			})
			return errors.Join(want(undone, errMine), tx.Add("a", 100), tx.Savepoint(func() error {
				return errors.Join(tx.Add("a", 200), want(tx.Savepoint(func() error { return errors.Join(tx.Add("a", 400), errMine) }), errMine))
			}))
		})
		c.summed("a", 300)
	}},
	{"sum/is not for an Update, nor Add for a View", func(c *trial) {
		c.update(func(tx store.Tx) error {
			_, err := tx.Sum("a")
			_, before := tx.Before().Sum("a")
			return errors.Join(want(err, store.ErrSumInUpdate), want(before, store.ErrSumInUpdate), want(tx.Before().Add("a", 1), store.ErrReadOnly))
		})
		c.view(func(tx store.Tx) error { return want(tx.Add("a", 1), store.ErrReadOnly) })
		c.summed("a", 0)
	}},
	{"sum/a counter is no sequence", func(c *trial) {
		c.update(func(tx store.Tx) error {
			n, err := tx.Next("a")
			return errors.Join(err, tx.Add("a", 7), nextAfter(0, n))
		})
		c.summed("a", 7)
	}},
	{"sum/names that are too long", func(c *trial) {
		if c.Update(c.Context(), func(tx store.Tx) error { return tx.Add(strings.Repeat("x", 1025), 1) }) == nil {
			c.Error("a name of 1,025 bytes was taken")
		}
		c.update(func(tx store.Tx) error { return tx.Add(strings.Repeat("x", 1024), 1) })
		c.summed(strings.Repeat("x", 1024), 1)
	}},
	{"sum/nothing that is added by many is lost", func(c *trial) {
		const callers, each = 8, 12
		var wg sync.WaitGroup
		for caller := range callers {
			wg.Go(func() {
				for n := range each {
					err := c.Update(context.Background(), func(tx store.Tx) error {
						if err := errors.Join(tx.Add("all", 1), tx.Add(fmt.Sprint(caller), int64(n))); err != nil || n%3 > 0 {
							return err
						}
						return errMine
					})
					if err != nil && !errors.Is(err, errMine) {
						c.Error(err)
					}
				}
			})
		}
		wg.Wait()
		c.summed("all", callers*each*2/3)
		c.summed("3", each*(each-1)/2-(0+3+6+9))
	}},
	{"sum/a View sees one state", func(c *trial) {
		c.update(func(tx store.Tx) error { return tx.Add("a", 1) })
		c.view(func(tx store.Tx) error {
			if _, err := tx.Count(otherKind); err != nil { // the first question
				return err
			}
			done := make(chan error)
			go func() {
				done <- c.Update(context.Background(), func(tx store.Tx) error { return tx.Add("a", 1) })
			}()
			if err := <-done; err != nil {
				return err
			}
			n, err := tx.Sum("a")
			return errors.Join(err, expect("a", n, 1))
		})
		c.summed("a", 2)
	}},
}
