package customer

import (
	"errors"
	"time"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

// A phone number is used by one service that is not TERMINATED, or held by one
// reservation, or was given back (ReturnedNumber), or is of a series and was
// never given out, or is none of ours.

// claim says who wants a number.
type claim struct {
	reservation  store.ID // that holds the number for it; 0 = none
	subscription store.ID // that may have had it before; 0 = none
}

// claimNumber takes a number that no service uses out of what keeps it from being
// used: it fails with NUMBER_RESERVED or NUMBER_IN_QUARANTINE when that keeps it
// from whoever claims it.
func claimNumber(tx store.Tx, number string, c claim) error {
	r, err := numberReservations.By(tx, byHeldNumber, number)
	switch {
	case failure.CodeOf(err) == UnknownReservation:
	case err != nil:
		return err
	case r.ID == c.reservation:
	case tx.Now().Before(r.Expires):
		return NumberReserved.With("%s", number)
	default:
		r.State = Expired
		if err := numberReservations.Put(tx, r); err != nil {
			return err
		}
	}
	back, err := returnedNumbers.By(tx, byReturned, number)
	switch {
	case errors.Is(err, store.ErrAbsent):
		return nil
	case err != nil:
		return err
	case tx.Now().Before(back.FreeFrom) && back.Subscription != c.subscription:
		return NumberInQuarantine.With("%s until %s", number, back.FreeFrom.Format(time.DateOnly))
	}
	return returnedNumbers.Delete(tx, back)
}

// numberInUse reports whether a service of any brand has a number.
func numberInUse(tx store.Tx, number string) (bool, error) {
	return indexed(tx, services.Kind, byLineNumber, number)
}

// chooseNumber decides the number of a new service by what was asked for: one by
// MSISDN, one by its reservation, else the next of the product's series, or none.
func chooseNumber(tx store.Tx, brand *catalogue.Brand, s *Service, product *catalogue.ProductConfig) (number string, r *NumberReservation, err error) {
	if s.MSISDN != "" {
		if number, err = readNumber(tx, brand, "MSISDN", s.MSISDN); err != nil {
			return "", nil, err
		}
	}
	if r, err = reservationFor(tx, brand, number, s.ReservationID); err != nil {
		return "", nil, err
	}
	switch {
	case r != nil:
		return r.Number, r, claimNumber(tx, r.Number, claim{reservation: r.ID})
	case number != "":
		inUse, err := numberInUse(tx, number)
		if err == nil && inUse {
			err = NumberTaken.With("%s", number)
		}
		if err != nil {
			return "", nil, err
		}
		return number, nil, claimNumber(tx, number, claim{subscription: s.Subscription})
	case s.Code == product.ServiceTypes[0] && product.NumberSeries != "":
		number, err = freeNumber(tx, brand, product.NumberSeries)
	}
	return number, nil, err
}

// use says that a service has got the number that a reservation held.
func (r *NumberReservation) use(tx store.Tx, s *Service) error {
	r.State, r.Service = Used, s.ID
	return numberReservations.Put(tx, r)
}

// freeNumber takes the next number of a series that nobody has or holds; when all
// were given out once, one that was given back and whose quarantine is over, the
// longest free first. It fails with NO_FREE_NUMBER.
func freeNumber(tx store.Tx, brand *catalogue.Brand, series string) (string, error) {
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
	inUse, err := numberInUse(tx, number)
	if err != nil || inUse {
		return false, err
	}
	err = claimNumber(tx, number, claim{})
	if code := failure.CodeOf(err); code == NumberReserved || code == NumberInQuarantine {
		return false, nil
	}
	return err == nil, err
}
