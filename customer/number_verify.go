package customer

import (
	"cmp"
	"fmt"

	"rator/failure"
	"rator/store"
)

// number looks the number of a service up, as unique does names, and reports one
// that an older version gave to two services in two spellings.
func (v *verification) number(s *Service) {
	if place := s.numberKey(); place != "" {
		if found, err := services.By(v.tx, byLineNumber, place); err != nil || found.ID != s.ID {
			v.shared("phone number", s.MSISDN, s.ID, err)
		}
	}
	twice(v.tx, v.report, services.Kind, byLineNumber, s.sharedKey() != "", s.MSISDN, s.Number, s.ID)
}

// twice names both of two that have one number, of which index holds the older.
func twice[T any](tx store.Tx, report func(error), kind *store.Kind[T], index string, shared bool, msisdn, number string, id store.ID) {
	if !shared {
		return
	}
	others, err := kind.Docs(tx, index, number, 1)
	if err != nil || len(others) == 0 {
		report(fmt.Errorf("phone number %s of %s %s is of another too, which is not there: %w", msisdn, kind.Name(), id, cmp.Or(err, store.ErrAbsent)))
		return
	}
	d := others[0]
	other, _ := d.Text("MSISDN")
	report(fmt.Errorf("phone number %s of %s %s, spelled %s, is of %s %s too, spelled %s: the older has it; give one of them another", number, kind.Name(), id, msisdn, kind.Name(), d.ID, other))
}

// verifyNumbers reports numbers that are kept from others and used at the same
// time, and what points nowhere.
func verifyNumbers(tx store.Tx, report func(error)) {
	for r, err := range numberReservations.Scan(tx) {
		if err != nil {
			report(err)
			return
		}
		if r.State == Held {
			unused(tx, report, "reserved", r.Number)
			twice(tx, report, numberReservations, byHeldNumber, r.Shared, r.MSISDN, r.Number, r.ID)
		}
		if r.State == Used {
			if _, err := services.Get(tx, r.Service); err != nil {
				report(fmt.Errorf("reservation %s of %s: %w", r.ID, r.Number, err))
			}
		}
	}
	for n, err := range returnedNumbers.Scan(tx) {
		if err != nil {
			report(err)
			return
		}
		unused(tx, report, "given back", n.Number)
		twice(tx, report, returnedNumbers, byReturned, n.Shared, n.MSISDN, n.Number, n.ID)
		if _, err := numberReservations.By(tx, byHeldNumber, n.Number); failure.CodeOf(err) != UnknownReservation {
			report(fmt.Errorf("phone number %s is given back and reserved", n.Number))
		}
		if n.Subscription == 0 {
			continue
		}
		if _, err := subscriptions.Get(tx, n.Subscription); err != nil {
			report(fmt.Errorf("phone number %s was given back: %w", n.Number, err))
		}
	}
}

func unused(tx store.Tx, report func(error), how, number string) {
	inUse, err := numberInUse(tx, number)
	if err != nil {
		report(err)
	} else if inUse {
		report(fmt.Errorf("phone number %s is %s, and a service has it", number, how))
	}
}
