package number

import (
	"errors"
	"time"

	"rator/catalogue"
	"rator/store"
)

// Returned is a number that somebody had or held and that went back to its
// series. Before FreeFrom, its quarantine, nobody gets it but the subscription
// that had it; it goes away when the number is given out again.
type Returned struct {
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

var returned = store.Define("returned_number", nil,
	func(n *Returned) *store.Base { return &n.Base },
	store.Index[Returned]{Name: byReturned, Taken: InQuarantine, Value: func(n *Returned) string {
		if n.Shared {
			return ""
		}
		return n.Number
	}},
	store.Index[Returned]{Name: byFreeFrom, Value: func(n *Returned) string {
		return store.Compose(n.Brand, n.Series, store.TimeKey(n.FreeFrom))
	}})

// GiveBack returns a number at once to the series it is of.
func GiveBack(tx store.Tx, number string) error {
	return giveBackFrom(tx, number, 0, func(*catalogue.NumberSeries) time.Time { return tx.Now() })
}

// giveBackFrom returns a number to the series it is of, free from some time on; a
// number of none, ported in perhaps, is its range holder's and is not kept. One that
// services share stays theirs, and the oldest is the next to have it.
func giveBackFrom(tx store.Tx, number string, subscription store.ID, free func(*catalogue.NumberSeries) time.Time) error {
	if has, err := lines.StayWith(tx, number); err != nil || has {
		return err
	}
	s, err := catalogue.NumberSeriesOf(tx, number)
	if err != nil || s == nil {
		return err
	}
	back, err := returned.By(tx, byReturned, number)
	switch {
	case errors.Is(err, store.ErrAbsent):
		return returned.Insert(tx, &Returned{Brand: s.Brand, Series: s.Code, MSISDN: number, Number: number, Subscription: subscription, FreeFrom: free(s)})
	case err != nil:
		return err
	}
	back.Subscription, back.FreeFrom = subscription, free(s) // an older version gave it out in another spelling meanwhile
	return returned.Put(tx, back)
}

// Quarantine returns the number of a subscription that ended to the series it is of,
// into the quarantine of that.
func Quarantine(tx store.Tx, number string, subscription store.ID) error {
	return giveBackFrom(tx, number, subscription, func(s *catalogue.NumberSeries) time.Time {
		_, days := s.Days()
		return tx.Now().AddDate(0, 0, days) // it was the line's until now, whenever the end was for
	})
}

// returnedNumber takes a free number of a series that was given back, else one
// whose reservation expired; none is why. Callers who want one at the same time get
// different ones. Only when what is claimed will not do, all are looked through.
func returnedNumber(tx store.Tx, s *catalogue.NumberSeries, none error) (string, error) {
	series := store.Compose(s.Brand, s.Code, "")
	claimed, err := returned.Claim(tx, byFreeFrom, series, 1)
	if err != nil {
		return "", err
	}
	for _, n := range claimed {
		if tx.Now().Before(n.FreeFrom) {
			break
		}
		if free, err := claimIfFree(tx, n.Number); err != nil || free {
			return n.Number, err
		}
	}
	const step = 20
	for after := []byte(nil); ; {
		page, next, err := returned.Page(tx, byFreeFrom, series, after, step)
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
	held, err := reservations.Claim(tx, byExpiry, series, 1)
	if err != nil {
		return "", err
	}
	if len(held) == 0 { // others have it, or there is none
		if held, _, err = reservations.Page(tx, byExpiry, series, nil, 1); err != nil {
			return "", err
		}
	}
	for _, r := range held {
		if free, err := claimIfFree(tx, r.Number); err != nil || free {
			return r.Number, err
		}
	}
	return "", none
}
