// Package phone reads phone numbers as people and systems spell them, and writes
// them. A number is the digits of E.164: the country calling code and the national
// number, without a sign. It knows numbering plans, and no store.
package phone

import (
	"errors"
	"strings"

	numbers "github.com/nyaruka/phonenumbers"
)

// maxDigits is E.164's limit.
const maxDigits = 15

// ErrUnreadable says that a text is no number in any spelling that is taken.
var ErrUnreadable = errors.New("phone: no phone number")

// Known says whether digits are a number that is in use or in reserve, so that it
// counts as valid whatever the numbering plans say.
type Known func(number string) (bool, error)

// Read gives the number that a text means to somebody in country (ISO 3166-1
// alpha-2). The first of these decides:
//
//   - digits that are a known number are that;
//   - what follows +, 00 or the country's own international prefix is a whole
//     number;
//   - digits that are a valid number with the country's calling code in front are
//     that;
//   - a valid national number of the country, with or without trunk prefix;
//   - a valid number of another calling code;
//   - digits of a possible length with the country's calling code in front: test
//     ranges, and numbers of machines, which plans do not list. In a country that
//     writes a trunk prefix they go before a national number without one.
//
// A number that is not valid, but known or of a possible length, is taken only
// where its calling code leaves no doubt. Spaces and - . ( ) / between digits do
// not count. It fails with ErrUnreadable, and with what known fails with; known
// may be nil.
func Read(text, country string, known Known) (string, error) {
	digits, international := plain(text)
	if digits == "" {
		return "", ErrUnreadable
	}
	r := reader{country: country, code: CallingCode(country), known: known}
	number, err := "", error(nil)
	if international {
		number, err = r.international(digits)
	} else {
		number, err = r.any(digits)
	}
	if err == nil && number == "" {
		err = ErrUnreadable
	}
	return number, err
}

// reader reads one number; its methods give "" for what is none.
type reader struct {
	country, code string
	known         Known
}

// any reads digits that came without a sign.
func (r reader) any(digits string) (string, error) {
	if ours, err := r.isKnown(digits); err != nil || ours {
		return digits, err
	}
	if rest, ok := strings.CutPrefix(digits, "00"); ok {
		return r.behindZeros(digits, rest)
	}
	own := r.code != "" && strings.HasPrefix(digits, r.code)
	whole := ""
	if own { // and so behind no international prefix: none begins as the calling code does
		if whole = valid(digits); whole != "" {
			return whole, nil
		}
	}
	n := r.parsed(digits)
	if number, err := r.certain(n.prefixed); err != nil || number != "" {
		return number, err
	}
	if !own {
		whole = valid(digits)
	}
	own = own && possible(digits)
	number, err := r.certain(n.national)
	switch {
	case err != nil || number != "" && (n.dialled || !own):
		return number, err
	case whole != "":
		return whole, nil
	case own:
		return digits, nil
	case possible(n.prefixed):
		return n.prefixed, nil
	}
	return "", nil
}

// behindZeros reads digits that begin with 00, which everybody takes for the
// international prefix, though in some countries it is only how that begins.
func (r reader) behindZeros(digits, rest string) (string, error) {
	prefixed := r.parsed(digits).prefixed
	for _, whole := range []string{rest, prefixed} {
		if number, err := r.certain(whole); err != nil || number != "" {
			return number, err
		}
	}
	for _, whole := range []string{rest, prefixed} {
		if possible(whole) {
			return whole, nil
		}
	}
	return "", nil
}

// international reads the digits of a whole number.
func (r reader) international(digits string) (string, error) {
	number, err := r.certain(digits)
	if err == nil && number == "" && possible(digits) {
		number = digits
	}
	return number, err
}

// certain is a whole number that is valid or known.
func (r reader) certain(digits string) (string, error) {
	if digits == "" {
		return "", nil
	}
	if number := valid(digits); number != "" {
		return number, nil
	}
	ours, err := r.isKnown(digits)
	if err == nil && ours {
		return digits, nil
	}
	return "", err
}

func (r reader) isKnown(digits string) (bool, error) {
	if r.known == nil || len(digits) > maxDigits {
		return false, nil
	}
	return r.known(digits)
}

// plan is what the numbering plan of a country makes of digits: a national number,
// or one behind the country's own international prefix. Both come whole.
type plan struct {
	national string
	dialled  bool // with the trunk prefix, where the country writes one
	prefixed string
}

func (r reader) parsed(digits string) plan {
	if r.code == "" {
		return plan{}
	}
	n, err := numbers.ParseAndKeepRawInput(digits, r.country)
	if err != nil {
		return plan{}
	}
	switch n.GetCountryCodeSource() {
	case numbers.PhoneNumber_FROM_DEFAULT_COUNTRY:
		return plan{national: e164(n), dialled: numbers.IsNationalPrefixPresentIfRequired(n)}
	case numbers.PhoneNumber_FROM_NUMBER_WITH_IDD:
		return plan{prefixed: e164(n)}
	}
	return plan{}
}
