package storetest

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"rator/store"
)

var (
	modelSeed = flag.Uint64("storetest.seed", 0, "seed of the random sequences of operations; 0 = a new one")
	modelRuns = flag.Int("storetest.transactions", 60, "random transactions of each run of the model test")
)

// model is what the store should be: things by id, and the topics of the events.
type model struct {
	things map[store.ID]Thing
	topics []string
}

func (m *model) clone() *model {
	return &model{things: maps.Clone(m.things), topics: slices.Clone(m.topics)}
}

// list gives the things that match, by key and then by id.
func (m *model) list(key func(Thing) string, match func(Thing) bool) []Thing {
	var xs []Thing
	for _, x := range m.things {
		if match(x) {
			xs = append(xs, x)
		}
	}
	slices.SortFunc(xs, func(a, b Thing) int {
		if n := strings.Compare(key(a), key(b)); n != 0 {
			return n
		}
		return int(a.ID - b.ID)
	})
	return xs
}

func byID(Thing) string       { return "" }
func byGroup(x Thing) string  { return x.Group }
func everything(x Thing) bool { return true }

// taken is the first unique index that has a value of x for another thing.
func (m *model) taken(x Thing) string {
	for _, other := range m.things {
		if other.ID != x.ID && x.Name != "" && other.Name == x.Name {
			return "name"
		}
	}
	for _, other := range m.things {
		if other.ID != x.ID && x.Number != "" && other.Number == x.Number {
			return "number"
		}
	}
	return ""
}

// walk is one random transaction, over the store and the model.
type walk struct {
	c   *trial
	tx  store.Tx
	rng *rand.Rand
	m   *model
}

func (w *walk) word(words ...string) string { return words[w.rng.IntN(len(words))] }

func (w *walk) any() Thing {
	xs := w.m.list(byID, everything)
	if len(xs) == 0 || w.rng.IntN(10) == 0 {
		return Thing{Base: store.Base{ID: 7, Version: 1}} // which is never there
	}
	return xs[w.rng.IntN(len(xs))]
}

func (w *walk) fill(x *Thing) {
	x.Name = w.word("", "a", "b", "c", "ab", "ø")
	x.Number = w.word("", "", "1", "2")
	x.Group = w.word("", "g", "g", "ga", "h")
	x.Note = fmt.Sprint(w.rng.Uint32())
}

// step does one random thing to both and says where they differ.
func (w *walk) step(depth int) error {
	switch w.rng.IntN(10) {
	case 0, 1, 2:
		return w.insert()
	case 3, 4:
		return w.put()
	case 5:
		return w.delete()
	case 6:
		topic := w.word("one", "two")
		w.m.topics = append(w.m.topics, topic)
		return w.tx.Emit(store.Event{Topic: topic, Body: []byte(`{}`)})
	case 7:
		if depth < 3 {
			return w.savepoint(depth)
		}
		return nil
	default:
		return w.compare()
	}
}

func (w *walk) insert() error {
	x := Thing{}
	w.fill(&x)
	taken := w.m.taken(x)
	x, err := insert(w.tx, x)
	if taken != "" {
		return wantTaken(err, taken)
	}
	if err == nil {
		w.m.things[x.ID] = x
	}
	return err
}

func (w *walk) put() error {
	x := w.any()
	w.fill(&x)
	stale := w.rng.IntN(5) == 0
	if stale {
		x.Version++
	}
	_, there := w.m.things[x.ID]
	taken := w.m.taken(x)
	err := w.tx.Put(thingKind, x.record())
	switch {
	case !there:
		return want(err, store.ErrAbsent)
	case stale:
		return want(err, store.ErrStale)
	case taken != "":
		return wantTaken(err, taken)
	}
	x.Version++
	w.m.things[x.ID] = x
	return err
}

func (w *walk) delete() error {
	x := w.any()
	_, there := w.m.things[x.ID]
	err := w.tx.Delete(thingKind, x.ID, x.Version)
	if !there {
		return want(err, store.ErrAbsent)
	}
	delete(w.m.things, x.ID)
	return err
}

func (w *walk) savepoint(depth int) error {
	before := w.m.clone()
	undo := w.rng.IntN(2) == 0
	err := w.tx.Savepoint(func() error {
		for range w.rng.IntN(6) {
			if err := w.step(depth + 1); err != nil {
				return err
			}
		}
		if undo {
			return errMine
		}
		return nil
	})
	if undo {
		w.m = before
		return want(err, errMine)
	}
	return err
}

// compare compares all that can be asked.
func (w *walk) compare() error {
	limit := 1 + w.rng.IntN(6)
	all := w.m.list(byID, everything)
	var after store.ID
	if len(all) > 0 && w.rng.IntN(2) == 0 {
		after = all[w.rng.IntN(len(all))].ID
	}
	group := w.word("", "g", "ga", "x")
	later := func(x Thing) bool { return x.ID > after }
	inGroup := func(x Thing) bool { return later(x) && group != "" && x.Group == group }
	begins := func(x Thing) bool { return x.Group != "" && strings.HasPrefix(x.Group, group) }

	scan, e1 := w.tx.Scan(thingKind, after, limit)
	find, e2 := w.tx.Find(thingKind, "group", group, after, limit)
	count, e3 := w.tx.Count(thingKind)
	events, e4 := w.tx.EventsAfter(0, 999)
	var topics []string
	for _, e := range events {
		topics = append(topics, e.Topic)
	}
	var ranged []store.Record
	for position := []byte(nil); ; {
		rs, next, err := w.tx.Range(thingKind, "group", group, position, limit)
		ranged = append(ranged, rs...)
		if position = next; next == nil || err != nil {
			e4 = errors.Join(e4, err)
			break
		}
	}
	return errors.Join(e1, e2, e3, e4,
		w.same("scan", scan, first(w.m.list(byID, later), limit)),
		w.same("find", find, first(w.m.list(byID, inGroup), limit)),
		w.same("range", ranged, w.m.list(byGroup, begins)),
		expect("count", count, len(all)),
		expect("events", topics, w.m.topics))
}

func first(xs []Thing, limit int) []Thing { return xs[:min(limit, len(xs))] }

func (w *walk) same(what string, records []store.Record, want []Thing) error {
	var got []Thing
	for _, r := range records {
		got = append(got, thing(w.c, r))
	}
	return expect(what, got, want)
}

var modelTests = []test{
	{"model/random operations", func(c *trial) {
		seed := *modelSeed
		if seed == 0 {
			seed = rand.Uint64()
		}
		c.Logf("seed %d; repeat with -storetest.seed=%d", seed, seed)
		m := &model{things: map[store.ID]Thing{}}
		for n := range *modelRuns {
			var done *walk
			err := c.Update(c.Context(), func(tx store.Tx) error {
				// Seeded anew, so that a second run does the same.
				done = &walk{c: c, tx: tx, rng: rand.New(rand.NewPCG(seed, uint64(n))), m: m.clone()}
				for range done.rng.IntN(25) {
					if err := done.step(0); err != nil {
						return err
					}
				}
				if done.rng.IntN(4) == 0 {
					return errMine
				}
				return nil
			})
			if err == nil {
				m = done.m
			} else if err != errMine {
				c.Fatalf("seed %d, transaction %d: %v", seed, n, err)
			}
			if n%20 == 19 {
				c.reopen()
			}
			c.view(func(tx store.Tx) error {
				w := &walk{c: c, tx: tx, rng: rand.New(rand.NewPCG(seed, uint64(n))), m: m}
				return errors.Join(w.compare(), w.compare())
			})
		}
	}},
}
