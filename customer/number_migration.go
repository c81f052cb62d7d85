package customer

import (
	"errors"

	"rator/catalogue"
	"rator/failure"
	"rator/phone"
	"rator/store"
)

// Older versions kept a number as the digits that came, so that two could have one
// in two spellings. When a store of theirs is first opened for writing, each is
// read as it would be if it came now, oldest first. Whoever has the number first
// keeps it; the others keep their spelling, and Verify names them.

func init() {
	services.Fill(func(tx store.Tx, s *Service) (err error) {
		if s.MSISDN == "" || s.Number != "" {
			return nil
		}
		brand := ""
		if a, err := accounts.Get(tx, s.Account); err == nil {
			brand = a.Brand
		} else if failure.CodeOf(err) != UnknownAccount {
			return err
		}
		if s.Number, err = keptNumber(tx, brand, s.MSISDN); err == nil && s.State != Terminated {
			s.Shared, err = indexed(tx, services.Kind, byLineNumber, s.Number)
		}
		return err
	})
	numberReservations.Fill(func(tx store.Tx, r *NumberReservation) (err error) {
		if r.Number != "" {
			return nil
		}
		if r.Number, err = keptNumber(tx, r.Brand, r.MSISDN); err == nil && r.State == Held {
			r.Shared, err = indexed(tx, numberReservations, byHeldNumber, r.Number)
		}
		return err
	})
	returnedNumbers.Fill(func(tx store.Tx, n *ReturnedNumber) (err error) {
		if n.Number != "" {
			return nil
		}
		if n.Number, err = keptNumber(tx, n.Brand, n.MSISDN); err == nil {
			n.Shared, err = indexed(tx, returnedNumbers, byReturned, n.Number)
		}
		return err
	})
}

// keptNumber is the number that a spelling means that an older version kept; one
// that is none, or of no brand, is what its digits are.
func keptNumber(tx store.Tx, brand, msisdn string) (string, error) {
	b, err := catalogue.BrandByKey(tx, brand)
	if failure.CodeOf(err) == catalogue.UnknownBrand {
		return msisdn, nil
	}
	if err != nil {
		return "", err
	}
	number, err := phone.Read(msisdn, b.Country, func(number string) (bool, error) { return catalogue.HasNumber(tx, b, number) })
	if errors.Is(err, phone.ErrUnreadable) {
		return msisdn, nil
	}
	return number, err
}
