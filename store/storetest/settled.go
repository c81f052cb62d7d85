package storetest

import (
	"slices"
	"time"

	"rator/store"
)

// follower goes through things by their ids, as far as they are settled, and keeps a mark.
type follower struct {
	mark store.ID
	seen []store.ID
}

func (f *follower) follow(c *trial, s store.Store) {
	c.Helper()
	upTo, err := s.Settled(c.Context())
	if err != nil {
		c.Error(err)
		return
	}
	err = s.View(c.Context(), func(tx store.Tx) error {
		for after := f.mark; ; {
			page, err := tx.Scan(thingKind, after, 10)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, r := range page {
				if after = r.ID; after > upTo {
					return nil
				}
				f.seen, f.mark = append(f.seen, after), after
			}
		}
	})
	if err != nil {
		c.Error(err)
	}
}

// settles has some callers keep things in stores while a follower reads, and says whether it
// has missed one.
func (c *trial) settles(stores ...store.Store) {
	const callers, each = 4, 12
	var f follower
	together(callers+1, func(i int) {
		for n := range each {
			if i == callers {
				f.follow(c, stores[n%len(stores)])
				continue
			}
			c.clock.set(c.clock.now().Add(700 * time.Millisecond))
			if err := stores[(i+n)%len(stores)].Update(c.Context(), func(tx store.Tx) error { return write(tx, string(rune('a'+i))+string(rune('a'+n))) }); err != nil {
				c.Error(err)
			}
		}
	})
	c.clock.set(c.clock.now().Add(time.Minute))
	for end := time.Now().Add(time.Minute); len(f.seen) < callers*each && time.Now().Before(end); time.Sleep(time.Millisecond) {
		f.follow(c, c.Store) // what was under way may be ending
	}
	var all []store.ID
	c.view(func(tx store.Tx) error {
		kept, err := tx.Scan(thingKind, 0, callers*each+1)
		for _, r := range kept {
			all = append(all, r.ID)
		}
		return err
	})
	if len(all) != callers*each || !slices.Equal(f.seen, all) {
		c.Errorf("of %d things who goes by what is settled has seen %d", len(all), len(f.seen))
	}
}

var settledTests = []test{
	{"settled/who keeps a mark misses none", func(c *trial) { c.settles(c.Store) }},
	{"settled/nothing is, in a store without ids", func(c *trial) {
		if upTo, err := c.Settled(c.Context()); err != nil || upTo > store.FirstIDAt(start) {
			c.Errorf("up to %s, %v", upTo, err)
		}
	}},
	{"settled/what comes, comes after", func(c *trial) {
		for _, name := range []string{"a", "b", "c"} {
			upTo, err := c.Settled(c.Context())
			if made := c.keep(name)[0].ID; err != nil || made <= upTo {
				c.Errorf("%s comes, after all up to %s was settled, %v", made, upTo, err)
			}
			c.clock.set(c.clock.now().Add(8 * time.Second))
		}
	}},
}
