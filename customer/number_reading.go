package customer

import (
	"errors"
	"strings"

	"rator/catalogue"
	"rator/failure"
	"rator/phone"
	"rator/store"
)

// A number that comes in is read here, wherever it comes in; from then on it is the
// digits of E.164 and never read in the terms of a country again.

// readNumber is the number that a text under key means in a brand, for whoever
// wants it. It fails with NUMBER_TAKEN for the spelling of a service that shares
// its number, and with INVALID_REQUEST for what is no number.
func readNumber(tx store.Tx, brand *catalogue.Brand, key, text string) (string, error) {
	r := reading{tx: tx, brand: brand}
	number, err := r.read(key, text)
	if err == nil && r.line != nil && r.line.Shared {
		return "", NumberTaken.With("%s", r.line.MSISDN)
	}
	return number, err
}

// lineByNumber finds the service of a brand that is not TERMINATED by its number,
// with its account. It fails with UNKNOWN_SERVICE, and as readNumber does.
func lineByNumber(tx store.Tx, brand *catalogue.Brand, key, text string) (*Service, *Account, error) {
	r := reading{tx: tx, brand: brand}
	number, err := r.read(key, text)
	if err == nil && r.line == nil {
		err = r.find(number)
	}
	if err == nil && r.line == nil {
		err = UnknownService.With("%s", number)
	}
	return r.line, r.account, err
}

// reading is the reading of one number, and the service of the brand that has it,
// when that was met on the way.
type reading struct {
	tx      store.Tx
	brand   *catalogue.Brand
	line    *Service
	account *Account
}

func (r *reading) read(key, text string) (string, error) {
	number, err := r.spelled(text)
	if number == "" && err == nil {
		number, err = phone.Read(text, r.brand.Country, r.known)
	}
	if errors.Is(err, phone.ErrUnreadable) {
		return "", failure.InvalidRequest.With("%s %.40q is no phone number; write it %s", key, text, phone.Spellings(r.brand.Country))
	}
	if r.line != nil && !r.line.Shared && r.line.Number != number {
		r.line, r.account = nil, nil // met while another reading was tried
	}
	return number, err
}

// spelled is the number of a service that shares it and is found by its spelling
// alone, unless the digits are the number of another.
func (r *reading) spelled(text string) (string, error) {
	digits := phone.Digits(text)
	if digits == "" || strings.Contains(text, "+") {
		return "", nil
	}
	if err := r.find(spelling(digits)); err != nil || r.line == nil {
		return "", err
	}
	line, account := r.line, r.account
	if known, err := r.known(digits); err != nil || known {
		return "", err
	}
	r.line, r.account = line, account
	return line.Number, nil
}

// known reports whether a number is of a service of the brand or inside a series
// of it.
func (r *reading) known(number string) (bool, error) {
	if err := r.find(number); err != nil || r.line != nil {
		return err == nil, err
	}
	return catalogue.HasNumber(r.tx, r.brand, number)
}

// find looks for a service of the brand by its place in byLineNumber.
func (r *reading) find(place string) error {
	r.line, r.account = nil, nil
	s, err := services.By(r.tx, byLineNumber, place)
	if failure.CodeOf(err) == UnknownService {
		return nil
	}
	if err != nil {
		return err
	}
	a, err := accounts.Get(r.tx, s.Account)
	if err == nil && a.Brand == r.brand.Key {
		r.line, r.account = s, a
	}
	return err
}

// WriteNumber is a number as answers of a brand write it, so that it reads back as
// the same.
func WriteNumber(tx store.Tx, brand *catalogue.Brand, number string) (string, error) {
	if number == "" {
		return "", nil
	}
	switch brand.MSISDNFormat {
	case catalogue.E164:
		return "+" + number, nil
	case catalogue.National:
		text := phone.National(number, brand.Country)
		if text == "" {
			return "+" + number, nil
		}
		r := reading{tx: tx, brand: brand}
		back, err := r.read("", text)
		if failure.CodeOf(err) == failure.InvalidRequest || err == nil && back != number || r.line != nil && r.line.Shared {
			return "+" + number, nil
		}
		return text, err
	}
	return number, nil
}

// WriteMSISDN is the number of a service as answers of its brand write it: one that
// shares its number keeps its spelling.
func (s *Service) WriteMSISDN(tx store.Tx, brand *catalogue.Brand) (string, error) {
	if s.Shared {
		return s.MSISDN, nil
	}
	return WriteNumber(tx, brand, s.Number)
}
