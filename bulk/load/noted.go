package load

import (
	"errors"

	"rator/store"
)

// noted is a transaction that notes the ids and unique values of what is loaded. Of a
// record that is refused because a value is taken it notes which that was, and lets it pass
// without the value once that is in passed: so all of a customer's are found.
type noted struct {
	store.Tx
	places []place
	passed map[place]bool
	failed *place // of the record that was refused last; nil = none was
	// nextID and next give ids and numbers that no other rehearsal gives.
	nextID func() (store.ID, error)
	next   func() int64
	least  map[string]int64 // what sequences are to be above, by their names
}

// NextID is of an id that nothing has.
func (n *noted) NextID() (store.ID, error) { return n.nextID() }

// Next is a number that nothing has.
func (n *noted) Next(string) (int64, error) { return n.next(), nil }

// AtLeast notes what a sequence is to be above.
func (n *noted) AtLeast(sequence string, least int64) error {
	if least < firstNext {
		n.least[sequence] = max(n.least[sequence], least)
	}
	return nil
}

// firstNext is the first number that noted gives, which no sequence has reached.
const firstNext = 1_000_000_000_000_000

// place is a unique value of a thing; byID is its id.
type place struct {
	kind, index, value string
	id                 store.ID
}

// byID is the index of which a thing's id is the value.
const byID = "id"

// Load is as of any transaction.
func (n *noted) Load(kind string, r store.Record) error {
	if len(n.passed) > 0 {
		for i, k := range r.Keys {
			if n.passed[place{kind, k.Index, k.Value, r.ID}] {
				r.Keys[i].Value = ""
			}
		}
	}
	if err := n.Tx.Load(kind, r); err != nil {
		var taken *store.TakenError
		if errors.As(err, &taken) {
			n.failed = &place{kind, taken.Index, taken.Value, r.ID}
		}
		return err
	}
	n.places = append(n.places, place{kind, byID, "", r.ID})
	for _, k := range r.Keys {
		if k.Unique && k.Value != "" {
			n.places = append(n.places, place{kind, k.Index, k.Value, r.ID})
		}
	}
	return nil
}

// appendTo appends what two equal places have in common.
func (p *place) appendTo(b []byte) []byte {
	b = append(append(append(b, p.kind...), 0), p.index...)
	b = append(b, 0)
	if p.index == byID {
		return append(b, p.id.String()...)
	}
	return append(b, p.value...)
}
