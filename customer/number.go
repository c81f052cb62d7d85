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
func claimNumber(tx store.Tx, msisdn string, c claim) error {
	r, err := numberReservations.By(tx, byHeldNumber, msisdn)
	switch {
	case failure.CodeOf(err) == UnknownReservation:
	case err != nil:
		return err
	case r.ID == c.reservation:
	case tx.Now().Before(r.Expires):
		return NumberReserved.With("%s", msisdn)
	default:
		r.State = Expired
		if err := numberReservations.Put(tx, r); err != nil {
			return err
		}
	}
	back, err := returnedNumbers.By(tx, byReturned, msisdn)
	switch {
	case errors.Is(err, store.ErrAbsent):
		return nil
	case err != nil:
		return err
	case tx.Now().Before(back.FreeFrom) && back.Subscription != c.subscription:
		return NumberInQuarantine.With("%s until %s", msisdn, back.FreeFrom.Format(time.DateOnly))
	}
	return returnedNumbers.Delete(tx, back)
}

func numberInUse(tx store.Tx, msisdn string) (bool, error) {
	_, err := services.By(tx, byMSISDN, msisdn)
	if failure.CodeOf(err) == UnknownService {
		return false, nil
	}
	return err == nil, err
}

// chooseNumber decides the number of a new service by what was asked for: one by
// MSISDN, one by its reservation, else the next of the product's series.
func chooseNumber(tx store.Tx, brand *catalogue.Brand, s *Service, product *catalogue.ProductConfig) (r *NumberReservation, err error) {
	if s.MSISDN != "" {
		if s.MSISDN, err = checkedMSISDN("MSISDN", s.MSISDN); err != nil {
			return nil, err
		}
	}
	if r, err = reservationFor(tx, brand, s.MSISDN, s.ReservationID); err != nil {
		return nil, err
	}
	switch {
	case r != nil:
		s.MSISDN = r.MSISDN
		return r, claimNumber(tx, s.MSISDN, claim{reservation: r.ID})
	case s.MSISDN != "":
		inUse, err := numberInUse(tx, s.MSISDN)
		if err == nil && inUse {
			err = NumberTaken.Error()
		}
		if err != nil {
			return nil, err
		}
		return nil, claimNumber(tx, s.MSISDN, claim{subscription: s.Subscription})
	case s.Code == product.ServiceTypes[0] && product.NumberSeries != "":
		s.MSISDN, err = freeNumber(tx, brand, product.NumberSeries)
	}
	return nil, err
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
		msisdn, err := catalogue.NextNumber(tx, s)
		if failure.CodeOf(err) == catalogue.NoFreeNumber {
			return returnedNumber(tx, s, err)
		}
		if err != nil {
			return "", err
		}
		if free, err := claimIfFree(tx, msisdn); err != nil || free {
			return msisdn, err
		}
	}
}

func claimIfFree(tx store.Tx, msisdn string) (bool, error) {
	inUse, err := numberInUse(tx, msisdn)
	if err != nil || inUse {
		return false, err
	}
	err = claimNumber(tx, msisdn, claim{})
	if code := failure.CodeOf(err); code == NumberReserved || code == NumberInQuarantine {
		return false, nil
	}
	return err == nil, err
}
