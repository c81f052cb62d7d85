package customer

import (
	"fmt"
	"time"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

// ReturnedNumber is a number that somebody had or held and that went back to its
// series. Before FreeFrom, its quarantine, nobody gets it but the subscription
// that had it; it goes away when the number is given out again.
type ReturnedNumber struct {
	store.Base
	Brand        string // of the series
	Series       string
	MSISDN       string
	Subscription store.ID // that had it; 0 after a reservation
	FreeFrom     time.Time
}

const (
	byReturned = "msisdn"
	byFreeFrom = "free_from" // brand, series and time
)

var returnedNumbers = store.Define("returned_number", nil,
	func(n *ReturnedNumber) *store.Base { return &n.Base },
	store.Index[ReturnedNumber]{Name: byReturned, Taken: NumberInQuarantine, Value: func(n *ReturnedNumber) string { return n.MSISDN }},
	store.Index[ReturnedNumber]{Name: byFreeFrom, Value: func(n *ReturnedNumber) string {
		return store.Compose(n.Brand, n.Series, sortable(n.FreeFrom))
	}})

// giveBack returns a number to the series it is of; a number of none, ported in
// perhaps, is its range holder's and is not kept.
func giveBack(tx store.Tx, msisdn string, subscription store.ID, freeFrom time.Time) error {
	s, err := catalogue.NumberSeriesOf(tx, msisdn)
	if err != nil || s == nil {
		return err
	}
	return returnedNumbers.Insert(tx, &ReturnedNumber{Brand: s.Brand, Series: s.Code, MSISDN: msisdn, Subscription: subscription, FreeFrom: freeFrom})
}

// returnNumbers gives the numbers of a subscription that ended back, into the
// quarantine of their series.
func returnNumbers(tx store.Tx, sub *Subscription) error {
	lines, err := servicesOf(tx, sub.ID)
	if err != nil {
		return err
	}
	for _, line := range lines {
		if line.MSISDN == "" {
			continue
		}
		s, err := catalogue.NumberSeriesOf(tx, line.MSISDN)
		if err != nil {
			return err
		}
		if s == nil {
			continue
		}
		_, days := s.Days()
		if err := giveBack(tx, line.MSISDN, sub.ID, sub.Ended.AddDate(0, 0, days)); err != nil {
			return err
		}
	}
	return nil
}

// reclaimNumbers takes the numbers of a subscription that lives again out of
// quarantine.
func reclaimNumbers(tx store.Tx, sub *Subscription) error {
	lines, err := servicesOf(tx, sub.ID)
	if err != nil {
		return err
	}
	for _, line := range lines {
		if line.MSISDN == "" {
			continue
		}
		if err := claimNumber(tx, line.MSISDN, claim{subscription: sub.ID}); err != nil {
			return err
		}
	}
	return nil
}

// returnedNumber takes a free number of a series that was given back, else one
// whose reservation expired; none is why.
func returnedNumber(tx store.Tx, s *catalogue.NumberSeries, none error) (string, error) {
	const step = 20
	for after := []byte(nil); ; {
		page, next, err := returnedNumbers.Page(tx, byFreeFrom, store.Compose(s.Brand, s.Code, ""), after, step)
		if err != nil {
			return "", err
		}
		for _, n := range page {
			if tx.Now().Before(n.FreeFrom) {
				next = nil
				break
			}
			if free, err := claimIfFree(tx, n.MSISDN); err != nil || free {
				return n.MSISDN, err
			}
		}
		if after = next; after == nil {
			break
		}
	}
	held, _, err := numberReservations.Page(tx, byExpiry, store.Compose(s.Brand, s.Code, ""), nil, 1)
	if err != nil {
		return "", err
	}
	for _, r := range held {
		if free, err := claimIfFree(tx, r.MSISDN); err != nil || free {
			return r.MSISDN, err
		}
	}
	return "", none
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
			unused(tx, report, "reserved", r.MSISDN)
		}
		if r.State == Used {
			if _, err := services.Get(tx, r.Service); err != nil {
				report(fmt.Errorf("reservation %s of %s: %w", r.ID, r.MSISDN, err))
			}
		}
	}
	for n, err := range returnedNumbers.Scan(tx) {
		if err != nil {
			report(err)
			return
		}
		unused(tx, report, "given back", n.MSISDN)
		if _, err := numberReservations.By(tx, byHeldNumber, n.MSISDN); failure.CodeOf(err) != UnknownReservation {
			report(fmt.Errorf("phone number %s is given back and reserved", n.MSISDN))
		}
		if n.Subscription == 0 {
			continue
		}
		if _, err := subscriptions.Get(tx, n.Subscription); err != nil {
			report(fmt.Errorf("phone number %s was given back: %w", n.MSISDN, err))
		}
	}
}

func unused(tx store.Tx, report func(error), how, msisdn string) {
	inUse, err := numberInUse(tx, msisdn)
	if err != nil {
		report(err)
	} else if inUse {
		report(fmt.Errorf("phone number %s is %s, and a service has it", msisdn, how))
	}
}
