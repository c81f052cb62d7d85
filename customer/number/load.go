package number

import (
	"slices"

	"rator/store"
)

// Ended is a line that ended, by its number and its subscription.
type Ended struct {
	Number       string // in digits of E.164
	Subscription store.ID
}

// ReturnedOf gives the numbers that lines gave back when they ended and that nobody has
// got since, each once.
func ReturnedOf(tx store.Tx, lines []Ended) ([]*Returned, error) {
	found := make([][]*Returned, len(lines))
	var b store.Batch
	for i, l := range lines {
		returned.Ask(&b, byReturned, l.Number, &found[i])
	}
	if err := b.Answer(tx); err != nil {
		return nil, err
	}
	var all []*Returned
	for i, rs := range found {
		for _, n := range rs {
			known := slices.ContainsFunc(all, func(other *Returned) bool { return other.ID == n.ID })
			if n.Subscription == lines[i].Subscription && !known {
				all = append(all, n)
			}
		}
	}
	slices.SortFunc(all, func(a, b *Returned) int { return int(a.ID - b.ID) })
	return all, nil
}

// Load keeps a number that was given back, of elsewhere or of before, as it is. It fails
// with NUMBER_IN_QUARANTINE where the number was given back already.
func (n *Returned) Load(tx store.Tx) error { return returned.Load(tx, n) }

// ReservationsByID gives the reservations with these ids that there are.
func ReservationsByID(tx store.Tx, ids []store.ID) ([]*Reservation, error) {
	all, err := reservations.GetMany(tx, ids)
	return slices.DeleteFunc(all, func(r *Reservation) bool { return r == nil }), err
}

// Load keeps a reservation of elsewhere, or of before, as it is. It fails with
// NUMBER_RESERVED where another holds the number.
func (r *Reservation) Load(tx store.Tx) error { return reservations.Load(tx, r) }
