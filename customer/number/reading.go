package number

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

// Read is the number that a text under key means in a brand, for whoever
// wants it. It fails with NUMBER_TAKEN for the spelling of a service that shares
// its number, and with INVALID_REQUEST for what is no number.
func Read(tx store.Tx, brand *catalogue.Brand, key, text string) (string, error) {
	r := reading{tx: tx, brand: brand}
	number, err := r.read(key, text)
	if err == nil && r.line != nil {
		if spelling, shared := r.line.SharedNumber(); shared {
			return "", Taken.With("%s", spelling)
		}
	}
	return number, err
}

// Owner finds the line of a brand that has a number, in any of its spellings; nil where
// none has. It fails as Read.
func Owner(tx store.Tx, brand *catalogue.Brand, key, text string) (line Line, number string, err error) {
	r := reading{tx: tx, brand: brand}
	number, err = r.read(key, text)
	if err == nil && r.line == nil {
		err = r.find(number)
	}
	return r.line, number, err
}

// reading is the reading of one number, and the service of the brand that has it,
// when that was met on the way.
type reading struct {
	tx    store.Tx
	brand *catalogue.Brand
	line  Line
}

func (r *reading) read(key, text string) (string, error) {
	number, err := r.spelled(text)
	if number == "" && err == nil {
		number, err = phone.Read(text, r.brand.Country, r.known)
	}
	if errors.Is(err, phone.ErrUnreadable) {
		return "", failure.InvalidRequest.With("%s %.40q is no phone number; write it %s", key, text, phone.Spellings(r.brand.Country))
	}
	if r.line != nil && !r.shared() && r.line.PhoneNumber() != number {
		r.line = nil // met while another reading was tried
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
	if err := r.find(Spelling(digits)); err != nil || r.line == nil {
		return "", err
	}
	line := r.line
	if known, err := r.known(digits); err != nil || known {
		return "", err
	}
	r.line = line
	return line.PhoneNumber(), nil
}

// known reports whether a number is of a service of the brand or inside a series
// of it.
func (r *reading) known(number string) (bool, error) {
	if err := r.find(number); err != nil || r.line != nil {
		return err == nil, err
	}
	return catalogue.HasNumber(r.tx, r.brand, number)
}

// find looks for a service of the brand by its place.
func (r *reading) find(place string) (err error) {
	r.line, err = lines.At(r.tx, r.brand, place)
	return err
}

// shared reports whether the line that was met shares its number.
func (r *reading) shared() bool {
	if r.line == nil {
		return false
	}
	_, shared := r.line.SharedNumber()
	return shared
}

// Write is a number as answers of a brand write it, so that it reads back as
// the same.
func Write(tx store.Tx, brand *catalogue.Brand, number string) (string, error) {
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
		if failure.CodeOf(err) == failure.InvalidRequest || err == nil && back != number || r.shared() {
			return "+" + number, nil
		}
		return text, err
	}
	return number, nil
}
