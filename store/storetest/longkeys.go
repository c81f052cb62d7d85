package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"rator/store"
)

// noise is text of at least n bytes that nothing makes shorter, the same for each seed.
func noise(seed uint64, n int) string {
	rng := rand.New(rand.NewPCG(seed, 1))
	var b strings.Builder
	for b.Len() < n {
		switch r := rune(1 + rng.IntN(0xFFFF)); {
		case 0xD800 <= r && r < 0xE000: // halves of others
		case rng.IntN(4) == 0:
			b.WriteRune(r)
		default:
			b.WriteRune(' ' + r%95)
		}
	}
	return b.String()
}

// longKeys are values that differ only behind what orders them, beside ones that come
// before and after those, and one that ends where they begin to differ.
func longKeys() (before, same, after []string) {
	alike := noise(1, store.OrderedKeyLength) // in which the last letter may be cut
	for n := range 6 {
		same = append(same, alike+noise(uint64(n)+10, 1+n*2400))
	}
	same = append(same, alike)
	return []string{"\x01" + noise(2, 5000), "\x01" + noise(3, 100)}, same, []string{"\U0001F600" + noise(4, store.MaxKeyLength-50), "\U0001F600"}
}

var longKeyTests = []test{
	{"long keys/each is found, once, and is taken", func(c *trial) {
		before, same, after := longKeys()
		all := slices.Concat(before, same, after)
		c.update(func(tx store.Tx) error {
			for n, value := range all {
				if _, err := insert(tx, Thing{Name: value, Group: value, Number: fmt.Sprint(n)}); err != nil {
					return err
				}
			}
			return nil
		})
		look := func(tx store.Tx) error {
			for n, value := range all {
				for _, index := range []string{"name", "group"} {
					rs, err := tx.Find(thingKind, index, value, 0, 9)
					if err != nil || len(rs) != 1 || thing(c, rs[0]).Number != fmt.Sprint(n) {
						return errors.Join(fmt.Errorf("value %d by %s: %d found", n, index, len(rs)), err)
					}
					back, err := tx.FindMany([]store.Ask{{Kind: thingKind, Index: index, Value: value, Newest: true, Limit: 2}})
					if err != nil {
						return err
					}
					if len(back[0]) != 1 || back[0][0].ID != rs[0].ID {
						return fmt.Errorf("value %d by %s, from the other end: %d found", n, index, len(back[0]))
					}
				}
				none, err := tx.Find(thingKind, "name", value+"x", 0, 1)
				if err := errors.Join(err, expect("found", len(none), 0)); err != nil {
					return err
				}
			}
			return nil
		}
		c.view(look)
		c.reopen()
		c.update(func(tx store.Tx) error {
			for n, value := range all {
				_, err := insert(tx, Thing{Name: value})
				if err := wantTaken(err, "name"); err != nil {
					return fmt.Errorf("value %d: %w", n, err)
				}
			}
			return look(tx)
		})
	}},
	{"long keys/what orders them is in order, and pages have each once", func(c *trial) {
		before, same, after := longKeys()
		c.update(func(tx store.Tx) error {
			for _, value := range slices.Concat(after, same, before) {
				if _, err := insert(tx, Thing{Name: value}); err != nil {
					return err
				}
			}
			return nil
		})
		ask := func(tx store.Tx) error {
			var got []string
			for position := []byte(nil); ; {
				rs, next, err := tx.Range(thingKind, "name", "", position, 2)
				if err != nil {
					return err
				}
				for _, r := range rs {
					got = append(got, thing(c, r).Name)
				}
				if position = next; next == nil {
					break
				}
			}
			for n, of := range [][]string{before, same, after} {
				part := got[:min(len(of), len(got))]
				got = got[len(part):]
				if n == 1 { // in any order
					slices.Sort(part)
				}
				if of := slices.Sorted(slices.Values(of)); !slices.Equal(part, of) {
					return fmt.Errorf("part %d of the range has %d values, not its %d", n, len(part), len(of))
				}
			}
			// A prefix of any length gives all that begin with it, and no others.
			for n, value := range same {
				rs, _, err := tx.Range(thingKind, "name", value, nil, 99)
				begin := 0
				for _, other := range same {
					if strings.HasPrefix(other, value) {
						begin++
					}
				}
				if err := errors.Join(err, expect(fmt.Sprint("from value ", n), len(rs), begin)); err != nil {
					return err
				}
			}
			return nil
		}
		c.view(ask)
		c.update(ask)
		c.update(func(tx store.Tx) error { // each moves to where another was
			last := same[len(same)-1]
			x, err := Things.By(tx, "name", last)
			if err != nil {
				return err
			}
			y, err := Things.By(tx, "name", same[0])
			if err != nil {
				return err
			}
			x.Name = "between"
			if err := Things.Put(tx, x); err != nil {
				return err
			}
			x.Name, y.Name = same[0], last
			return errors.Join(Things.Put(tx, y), Things.Put(tx, x), ask(tx))
		})
		c.view(ask)
	}},
}
