package store

import "slices"

// Batch is questions that are asked at once: a driver that is far away answers them in
// one trip. The zero Batch asks nothing.
type Batch struct {
	asks  []Ask
	takes []func(tx Tx, rs []Record) error
	then  []func() error
}

// Grow makes room for n more questions at once.
func (b *Batch) Grow(n int) {
	b.asks, b.takes = slices.Grow(b.asks, n), slices.Grow(b.takes, n)
}

// Ask has a batch ask for everything with that value in an index; *into is set to it, in
// id order, once the batch is answered. Copies of stable kinds are not looked at.
func (k *Kind[T]) Ask(b *Batch, index, value string, into *[]*T) {
	ask := Ask{Kind: k.name, Index: k.must(index), Value: value, Limit: page}
	b.asks = append(b.asks, ask)
	b.takes = append(b.takes, func(tx Tx, rs []Record) (err error) {
		if *into, err = k.readAll(rs); err != nil || len(rs) < page {
			return err
		}
		for x, err := range k.AllAfter(tx, index, value, rs[page-1].ID) {
			if err != nil {
				return err
			}
			*into = append(*into, x)
		}
		return nil
	})
}

// AskFew has a batch ask for the first limit of what Ask asks for.
func (k *Kind[T]) AskFew(b *Batch, index, value string, limit int, into *[]*T) {
	b.asks = append(b.asks, Ask{Kind: k.name, Index: k.must(index), Value: value, Limit: limit})
	b.takes = append(b.takes, func(_ Tx, rs []Record) (err error) {
		*into, err = k.readAll(rs)
		return err
	})
}

// AskID has a batch ask for the one with an id; *into is set to it, nil where there is
// none. Copies of stable kinds are not looked at.
func (k *Kind[T]) AskID(b *Batch, id ID, into **T) {
	b.asks = append(b.asks, Ask{Kind: k.name, ID: id})
	b.takes = append(b.takes, func(_ Tx, rs []Record) (err error) {
		if *into = nil; len(rs) > 0 {
			*into, err = k.read(rs[0])
		}
		return err
	})
}

// AskAny has a batch ask whether there is one with that value in an index.
func (k *Kind[T]) AskAny(b *Batch, index, value string, into *bool) {
	b.asks = append(b.asks, Ask{Kind: k.name, Index: k.must(index), Value: value, Limit: 1})
	b.takes = append(b.takes, func(_ Tx, rs []Record) error {
		*into = len(rs) > 0
		return nil
	})
}

// AskNewest has a batch ask for the newest with that value in an index; *into is set to
// it, nil where there is none.
func (k *Kind[T]) AskNewest(b *Batch, index, value string, into **T) {
	b.asks = append(b.asks, Ask{Kind: k.name, Index: k.must(index), Value: value, Newest: true, Limit: 1})
	b.takes = append(b.takes, func(_ Tx, rs []Record) (err error) {
		if *into = nil; len(rs) > 0 {
			*into, err = k.read(rs[0])
		}
		return err
	})
}

// AskDoc is AskID for who needs single members; into.ID is 0 where there is none.
func (k *Kind[T]) AskDoc(b *Batch, id ID, into *Doc) {
	b.asks = append(b.asks, Ask{Kind: k.name, ID: id})
	b.takes = append(b.takes, func(_ Tx, rs []Record) error {
		if *into = (Doc{}); len(rs) > 0 {
			*into = docOf(rs[0])
		}
		return nil
	})
}

// AskDocs has a batch ask what Docs gives.
func (k *Kind[T]) AskDocs(b *Batch, index, value string, limit int, into *[]Doc) {
	b.asks = append(b.asks, Ask{Kind: k.name, Index: k.must(index), Value: value, Limit: limit})
	b.takes = append(b.takes, func(_ Tx, rs []Record) error {
		*into = docsOf(rs)
		return nil
	})
}

// Then has f called when what the batch was asked before is answered.
func (b *Batch) Then(f func() error) {
	b.then = append(b.then, f)
}

// Answer asks all questions of the batch, and empties it.
func (b *Batch) Answer(tx Tx) error {
	now := *b
	*b = Batch{}
	if len(now.asks) > 0 {
		found, err := tx.FindMany(now.asks)
		if err != nil {
			return err
		}
		for i, take := range now.takes {
			if err := take(tx, found[i]); err != nil {
				return err
			}
		}
	}
	for _, f := range now.then {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

// GetMany gives those with these ids, in their order, nil for an id that there is none
// of. Copies of stable kinds are not looked at.
func (k *Kind[T]) GetMany(tx Tx, ids []ID) ([]*T, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rs, err := tx.GetMany(k.name, ids)
	if err != nil {
		return nil, err
	}
	xs := make([]*T, len(rs))
	for i, r := range rs {
		if r.ID == 0 {
			continue
		}
		if xs[i], err = k.read(r); err != nil {
			return nil, err
		}
	}
	return xs, nil
}
