package number

import (
	"cmp"
	"fmt"

	"rator/failure"
	"rator/store"
)

// msisdnMember is the member of all that have numbers which says how one is spelled.
var msisdnMember = store.MemberName(func(r *Reservation) *string { return &r.MSISDN })

// VerifyShared names both of two that have one number, of which index holds the older.
func VerifyShared[T any](tx store.Tx, report func(error), kind *store.Kind[T], index string, shared bool, spelling, number string, id store.ID) {
	if !shared {
		return
	}
	others, err := kind.Docs(tx, index, number, 1)
	if err != nil || len(others) == 0 {
		report(fmt.Errorf("phone number %s of %s %s is of another too, which is not there: %w", spelling, kind.Name(), id, cmp.Or(err, store.ErrAbsent)))
		return
	}
	d := others[0]
	other, _ := d.Text(msisdnMember)
	report(fmt.Errorf("phone number %s of %s %s, spelled %s, is of %s %s too, spelled %s: the older has it; give one of them another", number, kind.Name(), id, spelling, kind.Name(), d.ID, other))
}

// Verify reports numbers that are kept from others and used at the same
// time, and what points nowhere.
func Verify(tx store.Tx, report func(error)) {
	for r, err := range reservations.Scan(tx) {
		if err != nil {
			report(err)
			return
		}
		r.Verify(tx, report)
	}
	for n, err := range returned.Scan(tx) {
		if err != nil {
			report(err)
			return
		}
		n.Verify(tx, report)
	}
}

// Verify is what the check of all numbers says of a reservation.
func (r *Reservation) Verify(tx store.Tx, report func(error)) {
	if r.State == Held {
		unused(tx, report, "reserved", r.Number)
		VerifyShared(tx, report, reservations, byHeldNumber, r.Shared, r.MSISDN, r.Number, r.ID)
	}
	if r.State == Used {
		if err := lines.ServiceExists(tx, r.Service); err != nil {
			report(fmt.Errorf("reservation %s of %s: %w", r.ID, r.Number, err))
		}
	}
}

// Verify is what the check of all numbers says of one that was given back.
func (n *Returned) Verify(tx store.Tx, report func(error)) {
	unused(tx, report, "given back", n.Number)
	VerifyShared(tx, report, returned, byReturned, n.Shared, n.MSISDN, n.Number, n.ID)
	if _, err := reservations.By(tx, byHeldNumber, n.Number); failure.CodeOf(err) != UnknownReservation {
		report(fmt.Errorf("phone number %s is given back and reserved", n.Number))
	}
	if n.Subscription == 0 {
		return
	}
	if err := lines.SubscriptionExists(tx, n.Subscription); err != nil {
		report(fmt.Errorf("phone number %s was given back: %w", n.Number, err))
	}
}

func unused(tx store.Tx, report func(error), how, number string) {
	inUse, err := InUse(tx, number)
	if err != nil {
		report(err)
	} else if inUse {
		report(fmt.Errorf("phone number %s is %s, and a service has it", number, how))
	}
}
