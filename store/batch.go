package store

// Batch is questions that are asked at once: a driver that is far away answers them in
// one trip. The zero Batch asks nothing.
type Batch struct {
	asks  []Ask
	takes []func(tx Tx, rs []Record) error
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

// Answer asks all questions of the batch, and empties it.
func (b *Batch) Answer(tx Tx) error {
	asks, takes := b.asks, b.takes
	*b = Batch{}
	if len(asks) == 0 {
		return nil
	}
	found, err := tx.FindMany(asks)
	if err != nil {
		return err
	}
	for i, take := range takes {
		if err := take(tx, found[i]); err != nil {
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
