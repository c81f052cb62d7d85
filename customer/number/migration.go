package number

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
	reservations.Fill(func(tx store.Tx, r *Reservation) (err error) {
		if r.Number != "" {
			return nil
		}
		if r.Number, err = Kept(tx, r.Brand, r.MSISDN); err == nil && r.State == Held {
			r.Shared, err = reservations.Has(tx, byHeldNumber, r.Number)
		}
		return err
	})
	returned.Fill(func(tx store.Tx, n *Returned) (err error) {
		if n.Number != "" {
			return nil
		}
		if n.Number, err = Kept(tx, n.Brand, n.MSISDN); err == nil {
			n.Shared, err = returned.Has(tx, byReturned, n.Number)
		}
		return err
	})
}

// Kept is the number that a spelling means that an older version kept; one
// that is none, or of no brand, is what its digits are.
func Kept(tx store.Tx, brand, msisdn string) (string, error) {
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
