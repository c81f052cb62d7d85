// Package number is the phone numbers of number series: how one is read and written,
// who holds one, which are given back and when those are free. Which services have
// numbers is not kept here: customer, which stands above, answers for that (Lines).
package number

import (
	"errors"
	"time"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

// A phone number is used by one service that is not TERMINATED, or held by one
// reservation, or was given back (Returned), or is of a series and was
// never given out, or is none of ours.

// Claimant says who wants a number.
type Claimant struct {
	Reservation  store.ID // that holds the number for it; 0 = none
	Subscription store.ID // that may have had it before; 0 = none
}

// Claim takes a number that no service uses out of what keeps it from being
// used: it fails with NUMBER_RESERVED or NUMBER_IN_QUARANTINE when that keeps it
// from whoever claims it.
func Claim(tx store.Tx, number string, c Claimant) error {
	r, err := reservations.By(tx, byHeldNumber, number)
	switch {
	case failure.CodeOf(err) == UnknownReservation:
	case err != nil:
		return err
	case r.ID == c.Reservation:
	case tx.Now().Before(r.Expires):
		return Reserved.With("%s", number)
	default:
		r.State = Expired
		if err := reservations.Put(tx, r); err != nil {
			return err
		}
	}
	back, err := returned.By(tx, byReturned, number)
	switch {
	case errors.Is(err, store.ErrAbsent):
		return nil
	case err != nil:
		return err
	case tx.Now().Before(back.FreeFrom) && back.Subscription != c.Subscription:
		return InQuarantine.With("%s until %s", number, back.FreeFrom.Format(time.DateOnly))
	}
	return returned.Delete(tx, back)
}

// InUse reports whether a service of any brand has a number.
func InUse(tx store.Tx, number string) (bool, error) { return lines.InUse(tx, number) }

// Wish says which number a new line is to have: one by MSISDN, one by its reservation,
// else the next of a series, or none.
type Wish struct {
	MSISDN, Reservation string   // as the request has them
	Series              string   // its code; "" = none
	Subscription        store.ID // whose line it is
}

// Choose takes the number that is wished for, "" for none, and gives the reservation
// that held it; nil for none. It fails as Read, Claim and Free, with
// UNKNOWN_RESERVATION, RESERVATION_EXPIRED, RESERVATION_NOT_OPEN and
// RESERVATION_OF_OTHER_NUMBER, and with NUMBER_TAKEN.
func Choose(tx store.Tx, brand *catalogue.Brand, w Wish) (number string, r *Reservation, err error) {
	if w.MSISDN != "" {
		if number, err = Read(tx, brand, "MSISDN", w.MSISDN); err != nil {
			return "", nil, err
		}
	}
	if r, err = reservationFor(tx, brand, number, w.Reservation); err != nil {
		return "", nil, err
	}
	switch {
	case r != nil:
		return r.Number, r, Claim(tx, r.Number, Claimant{Reservation: r.ID})
	case number != "":
		inUse, err := InUse(tx, number)
		if err == nil && inUse {
			err = Taken.With("%s", number)
		}
		if err != nil {
			return "", nil, err
		}
		return number, nil, Claim(tx, number, Claimant{Subscription: w.Subscription})
	case w.Series != "":
		number, err = Free(tx, brand, w.Series)
	}
	return number, nil, err
}

// Use says that a service has got the number that a reservation held.
func (r *Reservation) Use(tx store.Tx, service store.ID) error {
	r.State, r.Service = Used, service
	return reservations.Put(tx, r)
}

// Free takes the next number of a series that nobody has or holds; when all
// were given out once, one that was given back and whose quarantine is over, the
// longest free first. It fails with NO_FREE_NUMBER.
func Free(tx store.Tx, brand *catalogue.Brand, series string) (string, error) {
	s, err := catalogue.NumberSeriesByCode(tx, brand, series)
	if err != nil {
		return "", err
	}
	for {
		number, err := catalogue.NextNumber(tx, s)
		if failure.CodeOf(err) == catalogue.NoFreeNumber {
			return returnedNumber(tx, s, err)
		}
		if err != nil {
			return "", err
		}
		if free, err := claimIfFree(tx, number); err != nil || free {
			return number, err
		}
	}
}

func claimIfFree(tx store.Tx, number string) (bool, error) {
	var a store.Ahead
	lines.AheadInUse(&a, number)
	reservations.AheadBy(&a, byHeldNumber, number)
	returned.AheadBy(&a, byReturned, number)
	if err := tx.Ahead(a); err != nil {
		return false, err
	}
	inUse, err := InUse(tx, number)
	if err != nil || inUse {
		return false, err
	}
	err = Claim(tx, number, Claimant{})
	if code := failure.CodeOf(err); code == Reserved || code == InQuarantine {
		return false, nil
	}
	return err == nil, err
}
