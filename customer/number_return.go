package customer

import (
	"errors"
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
	MSISDN       string   // as an older version kept it, else Number
	Number       string   // what MSISDN means, in digits of E.164
	Shared       bool     `json:",omitempty"` // an older record is of the same number
	Subscription store.ID // that had it; 0 after a reservation
	FreeFrom     time.Time
}

const (
	byReturned = "number"
	byFreeFrom = "free_from" // brand, series and time
)

var returnedNumbers = store.Define("returned_number", nil,
	func(n *ReturnedNumber) *store.Base { return &n.Base },
	store.Index[ReturnedNumber]{Name: byReturned, Taken: NumberInQuarantine, Value: func(n *ReturnedNumber) string {
		if n.Shared {
			return ""
		}
		return n.Number
	}},
	store.Index[ReturnedNumber]{Name: byFreeFrom, Value: func(n *ReturnedNumber) string {
		return store.Compose(n.Brand, n.Series, sortable(n.FreeFrom))
	}})

// giveBack returns a number at once to the series it is of.
func giveBack(tx store.Tx, number string) error {
	return giveBackFrom(tx, number, 0, func(*catalogue.NumberSeries) time.Time { return tx.Now() })
}

// giveBackFrom returns a number to the series it is of, free from some time on; a
// number of none, ported in perhaps, is its range holder's and is not kept. One that
// services share stays theirs, and the oldest is the next to have it.
func giveBackFrom(tx store.Tx, number string, subscription store.ID, free func(*catalogue.NumberSeries) time.Time) error {
	if _, err := services.By(tx, byLineNumber, number); failure.CodeOf(err) != UnknownService {
		return err
	}
	heir, err := services.By(tx, byShared, number)
	if err == nil {
		heir.Shared = false
		return services.Put(tx, heir)
	}
	if failure.CodeOf(err) != UnknownService {
		return err
	}
	s, err := catalogue.NumberSeriesOf(tx, number)
	if err != nil || s == nil {
		return err
	}
	back, err := returnedNumbers.By(tx, byReturned, number)
	switch {
	case errors.Is(err, store.ErrAbsent):
		return returnedNumbers.Insert(tx, &ReturnedNumber{Brand: s.Brand, Series: s.Code, MSISDN: number, Number: number, Subscription: subscription, FreeFrom: free(s)})
	case err != nil:
		return err
	}
	back.Subscription, back.FreeFrom = subscription, free(s) // an older version gave it out in another spelling meanwhile
	return returnedNumbers.Put(tx, back)
}

// returnNumbers gives the numbers of a subscription that ended back, into the
// quarantine of their series.
func returnNumbers(tx store.Tx, sub *Subscription) error {
	lines, err := servicesOf(tx, sub.ID)
	if err != nil {
		return err
	}
	quarantine := func(s *catalogue.NumberSeries) time.Time {
		_, days := s.Days()
		return tx.Now().AddDate(0, 0, days) // it was the line's until now, whenever the end was for
	}
	for _, line := range lines {
		if line.Number == "" {
			continue
		}
		if err := giveBackFrom(tx, line.Number, sub.ID, quarantine); err != nil {
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
		if line.Number == "" {
			continue
		}
		if err := claimNumber(tx, line.Number, claim{subscription: sub.ID}); err != nil {
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
			if free, err := claimIfFree(tx, n.Number); err != nil || free {
				return n.Number, err
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
		if free, err := claimIfFree(tx, r.Number); err != nil || free {
			return r.Number, err
		}
	}
	return "", none
}
