package phone

import (
	"fmt"

	numbers "github.com/nyaruka/phonenumbers"
)

// National writes a number as it is dialled within country, digits only; "" for a
// number of another calling code. It may not read back: see who writes it.
func National(number, country string) string {
	n, err := numbers.Parse("+"+number, "")
	if err != nil || int(n.GetCountryCode()) != numbers.GetCountryCodeForRegion(country) {
		return ""
	}
	digits, _ := plain(numbers.Format(n, numbers.NATIONAL))
	return digits
}

// Spellings says with examples how a number may be written in country.
func Spellings(country string) string {
	n := numbers.GetExampleNumber(country)
	if n == nil {
		return "with + or 00 and the country calling code"
	}
	number := e164(n)
	return fmt.Sprintf("as +%[1]s, 00%[1]s, %[1]s or, in %[2]s, %[3]s; spaces and - . ( ) / do not count", number, country, National(number, country))
}

// Digits are the digits of a text that is spelled as numbers are, "" when there is
// anything else in it: for the beginning of a number, which Read does not take.
func Digits(text string) string {
	digits, _ := plain(text)
	return digits
}
