package store

import (
	"errors"
	"iter"
	"strings"
)

// By finds the first with that value in an index.
func (k *Kind[T]) By(tx Tx, index, value string) (*T, error) {
	index = k.must(index)
	x, err := k.first(tx, question{index: index, value: value}, func() (Record, error) {
		rs, err := tx.Find(k.name, index, value, 0, 1)
		if err == nil && len(rs) == 0 {
			err = ErrAbsent
		}
		if err != nil {
			return Record{}, err
		}
		return rs[0], nil
	})
	if err != nil {
		return nil, k.told(err, strings.ReplaceAll(value, "\x1f", "/"), nil)
	}
	return x, nil
}

// Has reports whether there is one with that value in an index.
func (k *Kind[T]) Has(tx Tx, index, value string) (bool, error) {
	docs, err := k.Docs(tx, index, value, 1)
	return len(docs) > 0, err
}

// first answers q, which one thing answers at most, from the copies or by ask; with
// ErrAbsent where there is none.
func (k *Kind[T]) first(tx Tx, q question, ask func() (Record, error)) (*T, error) {
	copies := k.copies(tx)
	if xs, known := answerOf[T](copies, q); known {
		if len(xs) == 0 {
			return nil, ErrAbsent
		}
		return k.clone(xs[0]), nil
	}
	r, err := ask()
	if errors.Is(err, ErrAbsent) {
		copies.keep(q, []*T(nil), 0)
	}
	if err != nil {
		return nil, err
	}
	x, err := k.read(r)
	if err != nil || copies == nil {
		return x, err
	}
	copies.keep(q, []*T{x}, 1, r)
	return k.clone(x), nil
}

// Page gives at most limit of those whose value in an index starts with prefix,
// in the index's order, from the position after (nil = start), and the position
// to go on from: nil when nothing follows.
func (k *Kind[T]) Page(tx Tx, index, prefix string, after []byte, limit int) ([]*T, []byte, error) {
	rs, next, err := tx.Range(k.name, k.must(index), prefix, after, limit)
	if err != nil {
		return nil, nil, err
	}
	xs, err := k.readAll(rs)
	if err != nil {
		return nil, nil, err
	}
	return xs, next, nil
}

// Claim gives the first of those whose value in an index starts with prefix, at most
// limit, that no other transaction under way has or was given: see Tx.Claim.
func (k *Kind[T]) Claim(tx Tx, index, prefix string, limit int) ([]*T, error) {
	rs, err := tx.Claim(k.name, k.must(index), prefix, limit)
	if err != nil {
		return nil, err
	}
	return k.readAll(rs)
}

// page is how many records All and Scan ask for at a time; firstPage is how many
// NewestFirst asks for at first, as most who ask want few.
const (
	page      = 256
	firstPage = 32
)

// All gives everything with that value in an index, in id order.
func (k *Kind[T]) All(tx Tx, index, value string) iter.Seq2[*T, error] {
	return k.AllAfter(tx, index, value, 0)
}

// AllAfter is All from the id after on, itself not included.
func (k *Kind[T]) AllAfter(tx Tx, index, value string, after ID) iter.Seq2[*T, error] {
	index = k.must(index)
	return k.pages(tx, question{all: true, index: index, value: value}, after, page,
		func(after ID, limit int) ([]Record, error) { return tx.Find(k.name, index, value, after, limit) })
}

// NewestFirst gives those with that value in an index in descending order of ids, from
// the one before the id before (0 = the newest) on.
func (k *Kind[T]) NewestFirst(tx Tx, index, value string, before ID) iter.Seq2[*T, error] {
	ask := Ask{Kind: k.name, Index: k.must(index), Value: value, Newest: true, Before: before, Limit: firstPage}
	return func(yield func(*T, error) bool) {
		for {
			found, err := tx.FindMany([]Ask{ask})
			if err != nil {
				yield(nil, err)
				return
			}
			for _, r := range found[0] {
				if x, err := k.read(r); !yield(x, err) || err != nil {
					return
				}
				ask.Before = r.ID
			}
			if len(found[0]) < ask.Limit {
				return
			}
			ask.Limit = page
		}
	}
}

// Scan gives everything of the kind, in id order.
func (k *Kind[T]) Scan(tx Tx) iter.Seq2[*T, error] { return k.ScanAfter(tx, 0) }

// ScanAfter is Scan from the id after on, itself not included.
func (k *Kind[T]) ScanAfter(tx Tx, after ID) iter.Seq2[*T, error] {
	return k.ScanSome(tx, after, page)
}

// ScanSome is ScanAfter for who is likely to want no more than so many.
func (k *Kind[T]) ScanSome(tx Tx, after ID, likely int) iter.Seq2[*T, error] {
	return k.pages(tx, question{all: true}, after, max(likely, 1),
		func(after ID, limit int) ([]Record, error) { return tx.Scan(k.name, after, limit) })
}

// Count is how many there are.
func (k *Kind[T]) Count(tx Tx) (int64, error) { return tx.Count(k.name) }

// pages gives what ask has after the id from, of which it asks for first at first; q is
// what it asks when from is 0.
func (k *Kind[T]) pages(tx Tx, q question, from ID, first int, ask func(after ID, limit int) ([]Record, error)) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		if from == 0 && k.stable && k.copied(tx, q, ask, yield) {
			return
		}
		for after, limit := from, first; ; limit = page {
			rs, err := ask(after, limit)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, r := range rs {
				if x, err := k.read(r); !yield(x, err) || err != nil {
					return
				}
				after = r.ID
			}
			if len(rs) < limit {
				return
			}
		}
	}
}

// copied is pages from the copies, where they have all of it or can take it in; it
// says whether they did.
func (k *Kind[T]) copied(tx Tx, q question, ask func(after ID, limit int) ([]Record, error), yield func(*T, error) bool) bool {
	copies := k.copies(tx)
	if copies == nil {
		return false
	}
	xs, known := answerOf[T](copies, q)
	if !known {
		rs, err := ask(0, mostInAnswer+1)
		if err != nil || len(rs) > mostInAnswer {
			return false
		}
		if xs, err = k.readAll(rs); err != nil {
			return false
		}
		copies.keep(q, xs, len(xs), rs...)
	}
	for _, x := range xs {
		if !yield(k.clone(x), nil) {
			break
		}
	}
	return true
}

func (k *Kind[T]) readAll(rs []Record) ([]*T, error) {
	xs := make([]*T, len(rs))
	for i, r := range rs {
		var err error
		if xs[i], err = k.read(r); err != nil {
			return nil, err
		}
	}
	return xs, nil
}
