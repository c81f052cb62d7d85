package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"rator/store"
)

// take takes n ids in one transaction.
func (c *trial) take(n int) []store.ID {
	c.Helper()
	var ids []store.ID
	c.update(func(tx store.Tx) (err error) {
		ids, err = nextIDs(tx, n)
		return err
	})
	return ids
}

func nextIDs(tx store.Tx, n int) (ids []store.ID, err error) {
	for range n {
		id, err := tx.NextID()
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// increasing fails the test when an id does not come after the one before it.
func (c *trial) increasing(ids []store.ID) {
	c.Helper()
	for i := range ids[1:] {
		if ids[i+1] <= ids[i] {
			c.Fatalf("id %d is %s after %s", i+1, ids[i+1], ids[i])
		}
	}
}

// nextAfter says that n, which an Update took, does not come after last in a sequence, or not
// soon: runs that were undone may have taken numbers.
func nextAfter(last, n int64) error {
	if n <= last || n > last+100 {
		return fmt.Errorf("%d comes after %d", n, last)
	}
	return nil
}

var idTests = []test{
	{"id/18 digits, of the time", func(c *trial) {
		if id := c.take(1)[0]; len(id.String()) != 18 || id.String()[:14] != "20240228235958" {
			c.Errorf("id is %s", id)
		}
		c.clock.set(start.Add(2 * time.Second))
		if id := c.take(1)[0]; id.String()[:14] != "20240229000000" {
			c.Errorf("id is %s", id)
		}
	}},
	{"id/15,000 in one second run ahead", func(c *trial) {
		ids := c.take(15_000)
		c.increasing(ids)
		if ahead := ids[len(ids)-1].Time().Sub(start); ahead < 0 || ahead > 20*time.Second { // more of them when it was run again
			c.Errorf("the last is %s", ids[len(ids)-1])
		}
		c.increasing([]store.ID{ids[len(ids)-1], c.take(1)[0]})
	}},
	{"id/increasing when the clock goes back, and over reopening", func(c *trial) {
		ids := c.take(12_000)
		c.clock.set(start.Add(-time.Hour))
		ids = append(ids, c.take(2)...)
		c.reopen()
		ids = append(ids, c.take(2)...)
		c.clock.set(start.Add(time.Hour))
		ids = append(ids, c.take(2)...)
		c.reopen()
		ids = append(ids, c.take(2)...)
		c.increasing(ids)
	}},
	{"id/unique among many callers", func(c *trial) {
		var (
			mu  sync.Mutex
			all []store.ID
			wg  sync.WaitGroup
		)
		for range 8 {
			wg.Go(func() {
				for range 5 {
					var ids []store.ID
					err := c.Update(context.Background(), func(tx store.Tx) (err error) {
						ids, err = nextIDs(tx, 20)
						return err
					})
					if err != nil {
						c.Error(err)
					}
					mu.Lock()
					all = append(all, ids...)
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		slices.Sort(all)
		c.increasing(all)
		if len(all) != 800 {
			c.Errorf("%d ids, want 800", len(all))
		}
	}},
	{"id/sequences", func(c *trial) {
		next := func(name string) int64 {
			c.Helper()
			var n int64
			c.update(func(tx store.Tx) (err error) {
				n, err = tx.Next(name)
				return err
			})
			return n
		}
		last := map[string]int64{}
		for _, name := range []string{"a", "b", "a", "a", "", "a\x1fb", "b"} {
			n := next(name)
			if n <= last[name] || last[name] == 0 && nextAfter(0, n) != nil {
				c.Errorf("%q: %d after %d", name, n, last[name])
			}
			last[name] = n
		}
		c.reopen()
		if n := next("a"); n <= last["a"] {
			c.Errorf("%d after %d", n, last["a"])
		}
		c.update(func(tx store.Tx) error {
			one, e1 := tx.Next("a")
			two, e2 := tx.Next("a")
			return errors.Join(e1, e2, expect("next", two, one+1))
		})
	}},
}
