package storetest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"rator/store"
)

var historyRuns = flag.Int("storetest.histories", 40, "random histories of transactions that run at once")

// A history is some small transactions that run at once. What each writes, and whether it
// does, follows from all that it has read, so that a wrong read shows in the end as well.
// There must be an order in which the same transactions, one after the other over a model,
// read the same and leave the same.

// Sizes of a history.
const (
	historyThings = 3 // that are there before
	historyCalls  = 4 // transactions
	historyDeeds  = 5 // of one at most
)

// deed is one step of a transaction.
type deed struct {
	what  string
	slot  int    // which of the things that were there before
	value string // of the index
	inner []deed // of a savepoint, which is undone
}

// program is one transaction.
type program struct {
	deeds []deed
	view  bool // it only reads, in a View
	fails bool // it is undone in the end; what it read counts
}

func randomProgram(rng *rand.Rand) program {
	p := program{view: rng.IntN(5) == 0}
	p.fails = !p.view && rng.IntN(5) == 0
	for range 2 + rng.IntN(historyDeeds-1) {
		p.deeds = append(p.deeds, randomDeed(rng, p.view, true))
	}
	return p
}

func randomDeed(rng *rand.Rand, view, outer bool) deed {
	reads := []string{"get", "find", "range", "count", "newest"}
	writes := []string{"regroup", "rename", "insert", "insert", "delete"}
	words := []string{"a", "b", "ab"}
	d := deed{slot: rng.IntN(historyThings), value: words[rng.IntN(len(words))]}
	switch n := rng.IntN(10); {
	case view || n < 5:
		d.what = reads[rng.IntN(len(reads))]
	case n == 9 && outer:
		d.what = "undone"
		for range 2 {
			d.inner = append(d.inner, randomDeed(rng, view, false))
		}
	default:
		d.what = writes[rng.IntN(len(writes))]
	}
	return d
}

// world is what deeds are done to. Its answers say nothing of ids, which are given by
// whoever comes first.
type world interface {
	get(slot int) (Thing, error)        // store.ErrAbsent
	find(group string) ([]Thing, error) // in any order, as all below
	groupsFrom(prefix string) ([]Thing, error)
	count() (int, error)
	put(slot int, x Thing) error // x as get gave it, but for its fields; *store.TakenError
	insert(x Thing) error        // *store.TakenError
	drop(slot int, x Thing) error
	undo(fn func()) error
}

// run does deeds and gives what they saw. Its error is one that no deed has.
func (d deed) run(w world, saw *strings.Builder) error {
	word := func() string { // follows from all that was seen
		h := fnv.New32a()
		h.Write([]byte(saw.String()))
		return string("abc"[h.Sum32()%3])
	}
	tell := func(xs ...Thing) {
		var all []string
		for _, x := range xs {
			all = append(all, x.Name+"/"+x.Group+"/"+x.Note)
		}
		slices.Sort(all)
		fmt.Fprintf(saw, " %s%d%s:%v", d.what, d.slot, d.value, all)
	}
	var (
		taken *store.TakenError
		xs    []Thing
		x     Thing
		n     int
		err   error
	)
	switch d.what {
	case "find", "newest":
		xs, err = w.find(d.value)
		tell(xs...)
	case "range":
		xs, err = w.groupsFrom(d.value)
		tell(xs...)
	case "count":
		n, err = w.count()
		fmt.Fprintf(saw, " count:%d", n)
	case "undone":
		var inner error
		err = w.undo(func() {
			for _, d := range d.inner {
				inner = errors.Join(inner, d.run(w, saw))
			}
		})
		err = errors.Join(err, inner)
	case "insert":
		if seen := word(); seen != "c" {
			err = w.insert(Thing{Name: "new " + d.value, Group: seen, Note: seen})
		}
	default:
		if x, err = w.get(d.slot); err != nil {
			break
		}
		switch d.what {
		case "get":
			tell(x)
		case "regroup":
			x.Group, x.Note = word(), x.Note+word()
			err = w.put(d.slot, x)
		case "rename":
			x.Name = "name " + d.value
			err = w.put(d.slot, x)
		case "delete":
			if word() != "c" {
				err = w.drop(d.slot, x)
			}
		}
	}
	switch {
	case errors.Is(err, store.ErrAbsent):
		fmt.Fprintf(saw, " %s%d absent", d.what, d.slot)
	case errors.As(err, &taken):
		fmt.Fprintf(saw, " %s%d taken", d.what, d.slot)
	default:
		return err
	}
	return nil
}

func (p program) run(w world) (string, error) {
	var saw strings.Builder
	for _, d := range p.deeds {
		if err := d.run(w, &saw); err != nil {
			return "", err
		}
	}
	return saw.String(), nil
}

// kept is the world of a transaction.
type kept struct {
	tx  store.Tx
	ids []store.ID // of the slots
}

func (k kept) get(slot int) (Thing, error) {
	r, err := k.tx.Get(thingKind, k.ids[slot])
	if err != nil {
		return Thing{}, err
	}
	return fieldsOf(r)
}

func (k kept) find(group string) ([]Thing, error) {
	rs, err := k.tx.Find(thingKind, "group", group, 0, 99)
	if err != nil {
		return nil, err
	}
	back, err := k.tx.FindMany([]store.Ask{{Kind: thingKind, Index: "group", Value: group, Newest: true, Limit: 99}})
	if err == nil && len(back[0]) != len(rs) {
		err = fmt.Errorf("%d are found, and %d from the other end", len(rs), len(back[0]))
	}
	if err != nil {
		return nil, err
	}
	return thingsOf(rs)
}

func (k kept) groupsFrom(prefix string) ([]Thing, error) {
	rs, _, err := k.tx.Range(thingKind, "group", prefix, nil, 99)
	if err != nil {
		return nil, err
	}
	return thingsOf(rs)
}

func (k kept) count() (int, error) {
	n, err := k.tx.Count(thingKind)
	return int(n), err
}

func (k kept) put(_ int, x Thing) error { return k.tx.Put(thingKind, x.record()) }

func (k kept) insert(x Thing) error {
	_, err := insert(k.tx, x)
	return err
}

func (k kept) drop(_ int, x Thing) error { return k.tx.Delete(thingKind, x.ID, x.Version) }

func (k kept) undo(fn func()) error {
	return want(k.tx.Savepoint(func() error { fn(); return errMine }), errMine)
}

// thought is the world of the model: things by slot, and by what is no slot.
type thought struct{ things map[int]Thing }

func (t *thought) where(match func(Thing) bool) (xs []Thing) {
	for _, x := range t.things {
		if match(x) {
			xs = append(xs, x)
		}
	}
	return xs
}

func (t *thought) get(slot int) (Thing, error) {
	x, ok := t.things[slot]
	if !ok {
		return x, store.ErrAbsent
	}
	return x, nil
}

func (t *thought) find(group string) ([]Thing, error) {
	return t.where(func(x Thing) bool { return x.Group == group }), nil
}

func (t *thought) groupsFrom(prefix string) ([]Thing, error) {
	return t.where(func(x Thing) bool { return strings.HasPrefix(x.Group, prefix) }), nil
}

func (t *thought) count() (int, error) { return len(t.things), nil }

func (t *thought) put(slot int, x Thing) error {
	for other, y := range t.things {
		if other != slot && y.Name == x.Name {
			return &store.TakenError{Index: "name", Value: x.Name}
		}
	}
	t.things[slot] = x
	return nil
}

func (t *thought) insert(x Thing) error {
	place := historyThings
	for t.things[place].Name != "" {
		place++
	}
	return t.put(place, x)
}

func (t *thought) drop(slot int, _ Thing) error {
	delete(t.things, slot)
	return nil
}

func (t *thought) undo(fn func()) error {
	before := maps.Clone(t.things)
	fn()
	t.things = before
	return nil
}

// orders calls try with each order of 0 to n-1 until it says true, and says whether it did.
func orders(n int, try func([]int) bool) bool {
	var from func(order []int) bool
	from = func(order []int) bool {
		if len(order) == n {
			return try(order)
		}
		for i := range n {
			if !slices.Contains(order, i) && from(append(slices.Clone(order), i)) {
				return true
			}
		}
		return false
	}
	return from(nil)
}

// history runs one over an empty store and says what no order explains.
func (c *trial) history(rng *rand.Rand) error {
	programs := make([]program, historyCalls)
	for i := range programs {
		programs[i] = randomProgram(rng)
	}
	began := map[int]Thing{}
	var ids []store.ID
	c.update(func(tx store.Tx) error {
		ids = nil
		if _, err := tx.DropBefore(thingKind, start.AddDate(1, 0, 0), 99); err != nil {
			return err
		}
		for slot, group := range []string{"a", "b", "a"} {
			x, err := insert(tx, Thing{Name: fmt.Sprint("slot ", slot), Group: group})
			if err != nil {
				return err
			}
			began[slot], ids = Thing{Name: x.Name, Group: x.Group}, append(ids, x.ID)
		}
		return nil
	})
	saw, failed := make([]string, len(programs)), make([]error, len(programs))
	together(len(programs), func(i int) {
		p := programs[i]
		run := c.Update
		if p.view {
			run = c.View
		}
		failed[i] = run(context.Background(), func(tx store.Tx) (err error) {
			if saw[i], err = p.run(kept{tx, ids}); err == nil && p.fails {
				err = errMine
			}
			return err
		})
		if p.fails {
			failed[i] = want(failed[i], errMine)
		}
	})
	if err := errors.Join(failed...); err != nil {
		return err
	}
	left := ""
	c.view(func(tx store.Tx) (err error) {
		left, err = program{deeds: []deed{{what: "range"}, {what: "count"}}}.run(kept{tx, ids})
		return err
	})
	explained := orders(len(programs), func(order []int) bool {
		t := &thought{things: maps.Clone(began)}
		for _, i := range order {
			var would string
			run := func() { would, _ = programs[i].run(t) }
			if programs[i].fails {
				_ = t.undo(run)
			} else {
				run()
			}
			if would != saw[i] {
				return false
			}
		}
		would, _ := program{deeds: []deed{{what: "range"}, {what: "count"}}}.run(t)
		return would == left
	})
	if explained {
		return nil
	}
	var all strings.Builder
	for i, p := range programs {
		fmt.Fprintf(&all, "\n%+v\n  saw%s", p, saw[i])
	}
	return fmt.Errorf("no order explains this:%s\nleft%s", all.String(), left)
}

var historyTests = []test{
	{"history/transactions that run at once have an order", func(c *trial) {
		seed := *modelSeed
		if seed == 0 {
			seed = rand.Uint64()
		}
		c.Logf("seed %d; repeat with -storetest.seed=%d", seed, seed)
		for n := range *historyRuns {
			if err := c.history(rand.New(rand.NewPCG(seed, uint64(n)))); err != nil {
				c.Fatalf("seed %d, history %d: %v", seed, n, err)
			}
		}
	}},
}
