package resource

import (
	"encoding/binary"
	"iter"
	"runtime"

	"rator/store"
	"rator/tmf/problem"
)

// Lists that several kinds make up, in the order in which all were made, which is
// that of their ids.

// entry is a place in a list that several kinds make up.
type entry[T any] struct {
	id store.ID
	// listed is the id in addresses, "" when it is no part of the list: so much is
	// known without making the thing.
	listed func(u *Work) (string, error)
	open   func(u *Work) (*entity[T], error) // of one that is listed; nil: it is not wanted
}

// only is the entity of an entry that is listed, as far as its id.
func (e *entry[T]) only(u *Work) (*entity[T], error) {
	id, err := e.listed(u)
	if id == "" || err != nil {
		return nil, err
	}
	return &entity[T]{id: id, taken: true}, nil
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

// oneEntry is what find finds.
func oneEntry[T any](find func() (*entity[T], error)) entries[T] {
	return func(yield func(entry[T], error) bool) {
		t, err := find()
		if p := problem.Of(err); p != nil && p.Status == problem.UnknownResource.Status {
			return
		}
		if err != nil {
			yield(entry[T]{}, err)
			return
		}
		found := entry[T]{t.object, func(*Work) (string, error) { return t.id, nil }, func(*Work) (*entity[T], error) { return t, nil }}
		yield(found, nil)
	}
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

// page gives the entities of a merged, at most limit, and the position to go on
// from. It looks at no more than lookedAt times limit places. What is left out, and
// that of which nothing is wanted, is not made.
func (l *merged[T]) page(u *Work, of wanted, skip, limit int) (all []*entity[T], next []byte, err error) {
	const lookedAt = 10
	defer l.close()
	for looked := 1; ; looked++ {
		if looked%yieldEvery == 0 {
			runtime.Gosched()
		}
		e, err := l.take()
		if err != nil || e == nil {
			return all, nil, err
		}
		t, err := e.only(u)
		if err == nil && t != nil && skip == 0 && !of.counted() {
			t, err = e.open(u)
		}
		if err != nil {
			return nil, nil, err
		}
		switch {
		case t == nil:
		case skip > 0:
			skip--
		default:
			all = append(all, t)
		}
		if len(all) == limit || looked >= lookedAt*limit && skip == 0 {
			return all, binary.BigEndian.AppendUint64(nil, uint64(e.id)), nil
		}
	}
}

// placeAfter reads a position.
func placeAfter(after []byte) store.ID {
	if len(after) < 8 {
		return 0
	}
	return store.ID(binary.BigEndian.Uint64(after))
}
