package store

import (
	"iter"
	"strings"
)

// By finds the first with that value in an index.
func (k *Kind[T]) By(tx Tx, index, value string) (*T, error) {
	rs, err := tx.Find(k.name, k.must(index), value, 0, 1)
	if err == nil && len(rs) == 0 {
		err = ErrAbsent
	}
	if err != nil {
		return nil, k.told(err, strings.ReplaceAll(value, "\x1f", "/"), nil)
	}
	return k.read(rs[0])
}

// Page gives at most limit of those whose value in an index starts with prefix,
// in the index's order, from the position after (nil = start), and the position
// to go on from: nil when nothing follows.
func (k *Kind[T]) Page(tx Tx, index, prefix string, after []byte, limit int) ([]*T, []byte, error) {
	rs, next, err := tx.Range(k.name, k.must(index), prefix, after, limit)
	if err != nil {
		return nil, nil, err
	}
	xs := make([]*T, len(rs))
	for i, r := range rs {
		if xs[i], err = k.read(r); err != nil {
			return nil, nil, err
		}
	}
	return xs, next, nil
}

// page is how many records All and Scan ask for at a time.
const page = 256

// All gives everything with that value in an index, in id order.
func (k *Kind[T]) All(tx Tx, index, value string) iter.Seq2[*T, error] {
	return k.AllAfter(tx, index, value, 0)
}

// AllAfter is All from the id after on, itself not included.
func (k *Kind[T]) AllAfter(tx Tx, index, value string, after ID) iter.Seq2[*T, error] {
	index = k.must(index)
	return k.pages(after, func(after ID) ([]Record, error) { return tx.Find(k.name, index, value, after, page) })
}

// Scan gives everything of the kind, in id order.
func (k *Kind[T]) Scan(tx Tx) iter.Seq2[*T, error] { return k.ScanAfter(tx, 0) }

// ScanAfter is Scan from the id after on, itself not included.
func (k *Kind[T]) ScanAfter(tx Tx, after ID) iter.Seq2[*T, error] {
	return k.pages(after, func(after ID) ([]Record, error) { return tx.Scan(k.name, after, page) })
}

// Count is how many there are.
func (k *Kind[T]) Count(tx Tx) (int64, error) { return tx.Count(k.name) }

func (k *Kind[T]) pages(from ID, next func(after ID) ([]Record, error)) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for after := from; ; {
			rs, err := next(after)
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
			if len(rs) < page {
				return
			}
		}
	}
}
