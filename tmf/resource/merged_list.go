package resource

import (
	"cmp"
	"encoding/binary"
	"iter"
	"runtime"
	"slices"

	"rator/customer"
	"rator/store"
)

// Lists that several kinds make up, in the order in which all were made, which is
// that of their ids.

// entry is a place in a list that several kinds make up.
type entry[T any] struct {
	id       store.ID
	account  store.ID          // whose it is, who must be listed; 0 = nobody's
	customer *customer.Partial // of account; nil: not read yet
	read     T                 // what the list's kind gave
	made     *entity[T]        // nil: not made yet
}

// opener makes entities of entries.
type opener[T any] interface {
	// listed gives the ids in addresses of entries, "" for one that is no part of the
	// list: so much is known without making the thing. Their customers are read.
	listed(u *Work, some []entry[T]) ([]string, error)
	// open makes the entities of entries that are listed; nil for one that is not wanted.
	open(u *Work, some []entry[T]) ([]*entity[T], error)
}

// readCustomers reads whose entries are where that is not known, at once with what a
// batch asks already.
func readCustomers[T any](u *Work, b *store.Batch, some []entry[T]) error {
	known := map[store.ID]*customer.Partial{}
	for i := range some {
		e := &some[i]
		if e.account == 0 || e.customer != nil {
			continue
		}
		if known[e.account] == nil {
			known[e.account] = customer.AskPartial(b, u.Tx, e.account)
		}
		e.customer = known[e.account]
	}
	return b.Answer(u.Tx)
}

// isListed reports whether who an entry is of is a customer of the brand.
func (e *entry[T]) isListed(u *Work) (bool, error) {
	if e.account == 0 {
		return true, nil
	}
	return e.customer.Listed(u.Brand)
}

// entries are those of one kind, in the order of their ids.
type entries[T any] = iter.Seq2[entry[T], error]

// entriesOf makes entries of what a kind gives.
func entriesOf[K, T any](all iter.Seq2[K, error], of func(K) entry[T]) entries[T] {
	return func(yield func(entry[T], error) bool) {
		for x, err := range all {
			if err != nil {
				yield(entry[T]{}, err)
				return
			}
			if !yield(of(x), nil) {
				return
			}
		}
	}
}

// beyond leaves out what comes before a place.
func beyond[T any](all entries[T], from store.ID) entries[T] {
	return func(yield func(entry[T], error) bool) {
		for e, err := range all {
			if (err != nil || e.id > from) && !yield(e, err) {
				return
			}
		}
	}
}

// madeEntries are of what was made already, in the order of their objects' ids; nil is
// none.
func madeEntries[T any](all []*entity[T]) entries[T] {
	all = slices.DeleteFunc(slices.Clone(all), func(t *entity[T]) bool { return t == nil })
	slices.SortFunc(all, func(a, b *entity[T]) int { return cmp.Compare(a.object, b.object) })
	return entriesOf(Each(all), func(t *entity[T]) entry[T] { return entry[T]{id: t.object, made: t} })
}

func Each[T any](all []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, x := range all {
			if !yield(x, nil) {
				return
			}
		}
	}
}

// merged brings entries of several kinds into one order.
type merged[T any] struct {
	next  []func() (entry[T], error, bool)
	stop  []func()
	heads []*entry[T]
	last  store.ID // that was taken
	err   error
}

func newMerged[T any](sources ...entries[T]) *merged[T] {
	l := &merged[T]{}
	for _, s := range sources {
		next, stop := iter.Pull2(s)
		l.next, l.stop = append(l.next, next), append(l.stop, stop)
		l.heads = append(l.heads, nil)
		l.advance(len(l.heads) - 1)
	}
	return l
}

func (l *merged[T]) advance(i int) {
	e, err, ok := l.next[i]()
	l.heads[i] = nil
	if err != nil {
		l.err = err
	} else if ok {
		l.heads[i] = &e
	}
}

// take gives the entry with the smallest id, once if several sources have it; nil at
// the end.
func (l *merged[T]) take() (*entry[T], error) {
	for {
		e, err := l.smallest()
		if err != nil || e == nil || e.id != l.last {
			if e != nil {
				l.last = e.id
			}
			return e, err
		}
	}
}

func (l *merged[T]) smallest() (*entry[T], error) {
	first := -1
	for i, h := range l.heads {
		if h != nil && (first < 0 || h.id < l.heads[first].id) {
			first = i
		}
	}
	if l.err != nil || first < 0 {
		return nil, l.err
	}
	e := l.heads[first]
	l.advance(first)
	return e, nil
}

func (l *merged[T]) close() {
	for _, stop := range l.stop {
		stop()
	}
}

// some are the next entries, at most n.
func (l *merged[T]) some(n int) (taken []entry[T], err error) {
	for len(taken) < n {
		e, err := l.take()
		if err != nil || e == nil {
			return taken, err
		}
		taken = append(taken, *e)
	}
	return taken, nil
}

// page gives the entities of a merged, at most limit, and the position to go on
// from. It looks at no more than lookedAt times limit places. What is left out, and
// that of which nothing is wanted, is not made.
func (l *merged[T]) page(u *Work, with opener[T], of wanted, skip, limit int) (all []*entity[T], next []byte, err error) {
	const lookedAt = 10
	defer l.close()
	for looked := 0; ; runtime.Gosched() {
		n := limit
		if skip > 0 {
			n = min(skip, yieldEvery)
		}
		some, err := l.some(n)
		if err != nil || len(some) == 0 {
			return all, nil, err
		}
		last := some[len(some)-1].id
		made, err := opened(u, with, some, of.counted() || skip > 0)
		if err != nil {
			return nil, nil, err
		}
		looked += len(some)
		if skip > 0 {
			skip -= len(made)
			continue
		}
		if room := limit - len(all); len(made) > room { // what follows is of the next page
			made, last = made[:room], made[room-1].place
		}
		for _, t := range made {
			all = append(all, t.entity)
		}
		if len(all) == limit || looked >= lookedAt*limit {
			return all, binary.BigEndian.AppendUint64(nil, uint64(last)), nil
		}
	}
}

// placed is an entity with its place in a list.
type placed[T any] struct {
	place store.ID
	*entity[T]
}

// opened are the entities of those entries that are listed and wanted; with only, no
// more than their ids.
func opened[T any](u *Work, with opener[T], some []entry[T], only bool) (all []placed[T], err error) {
	var open []entry[T] // that are still to be made
	ids, err := with.listed(u, some)
	if err != nil {
		return nil, err
	}
	for i := range some {
		if e := &some[i]; ids[i] != "" && e.made == nil && !only {
			open = append(open, *e)
		}
	}
	made, err := with.open(u, open)
	if err != nil {
		return nil, err
	}
	for i := range some {
		e := &some[i]
		t := e.made
		switch {
		case ids[i] == "":
			continue
		case only:
			t = &entity[T]{id: ids[i], taken: true}
		case t == nil:
			t, made = made[0], made[1:]
		}
		if t != nil {
			all = append(all, placed[T]{e.id, t})
		}
	}
	return all, nil
}

// likelyOf is how many places of a kind a page looks at most often: one more than it takes,
// to know which kind has the next.
func likelyOf(skip, limit int) int { return min(skip, MaxBounded) + limit + 1 }

// placeAfter reads a position.
func placeAfter(after []byte) store.ID {
	if len(after) < 8 {
		return 0
	}
	return store.ID(binary.BigEndian.Uint64(after))
}
