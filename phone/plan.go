package phone

import (
	"strconv"
	"strings"
	"unicode"

	numbers "github.com/nyaruka/phonenumbers"
)

// plain is the digits of a text without what people write around them, and
// whether it says by a + that they are a whole number; "" when there is anything
// else in it.
func plain(text string) (digits string, international bool) {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == '+' && b.Len() == 0 && !international:
			international = true
		case !isSeparator(r):
			return "", false
		}
	}
	return b.String(), international
}

func isSeparator(r rune) bool {
	return strings.ContainsRune("-.()/", r) || unicode.IsSpace(r) || unicode.Is(unicode.Pd, r)
}

// valid is the number that digits with a calling code are by its numbering plan:
// without a trunk prefix that was written between both. "" when they are none.
func valid(digits string) string {
	if len(digits) > maxDigits+1 {
		return ""
	}
	n, err := numbers.Parse("+"+digits, "")
	if err != nil || !numbers.IsValidNumber(n) {
		return ""
	}
	return e164(n)
}

// possible reports whether digits with a calling code are as long as numbers of
// its plan, or longer by two and more: those of machines, which most plans do not
// list, have 11 to 13 digits behind the calling code, and a number of people that
// was mistyped seldom has two too many.
func possible(digits string) bool {
	if len(digits) > maxDigits || digits == "" {
		return false
	}
	n, err := numbers.Parse("+"+digits, "")
	if err != nil || e164(n) != digits {
		return false
	}
	switch numbers.IsPossibleNumberWithReason(n) {
	case numbers.IS_POSSIBLE:
		return true
	case numbers.TOO_LONG:
		national := n.GetNationalNumber() / 10
		n.NationalNumber = &national
		return numbers.IsPossibleNumberWithReason(n) == numbers.TOO_LONG
	}
	return false
}

func e164(n *numbers.PhoneNumber) string {
	return strings.TrimPrefix(numbers.Format(n, numbers.E164), "+")
}

// CallingCode is the calling code of a country in digits, "" where it has none.
func CallingCode(country string) string {
	code := numbers.GetCountryCodeForRegion(country)
	if code == 0 {
		return ""
	}
	return strconv.Itoa(code)
}
