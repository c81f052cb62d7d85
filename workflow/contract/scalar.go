package contract

import (
	"math"
	"strconv"
	"strings"
	"time"

	"rator/workflow/value"
)

// typeRules are the rules a literal of the wrong form breaks, per type.
var typeRules = map[value.Type]string{
	value.Long: "is not a whole number", value.Double: "is not a number", value.Float: "is not a number",
	value.Boolean: "is not true or false", value.Date: "is not a date",
}

// readScalar brings a literal into the form of its type: longs as plain digits,
// booleans as true or false, no white space round numbers and dates. A double and a
// date keep their digits. INF and NaN are no numbers. What is in form already comes
// back as it is, without a copy.
func readScalar(t value.Type, literal string) (string, bool) {
	const space = " \t\r\n"
	switch t {
	case value.Long:
		if plainDigits(literal) {
			return literal, true
		}
		n, err := value.ParseLong(literal)
		return strconv.FormatInt(n, 10), err == nil
	case value.Double, value.Float:
		if t == value.Float && !fitsFloat(literal) {
			return "", false
		}
		d, err := value.ParseDecimal(literal)
		if err == nil && len(literal) > longestNumber {
			return value.FormatDouble(d.InexactFloat64()), true
		}
		return strings.Trim(literal, space), err == nil
	case value.Boolean:
		b, err := value.ParseBoolean(literal)
		return strconv.FormatBool(b), err == nil
	case value.Date:
		_, err := value.ParseDate(literal, time.UTC)
		return strings.Trim(literal, space), err == nil
	}
	return literal, true
}

// longestNumber is how long the literal of a double may be, in bytes. A longer one,
// which says no more than a double holds, is written anew: scripts read no number of
// more than 154 digits.
const longestNumber = 100

// fitsFloat reports whether a number is within the range of an xs:float.
func fitsFloat(literal string) bool {
	f, err := value.ParseDouble(literal)
	return err == nil && math.Abs(f) <= math.MaxFloat32
}

// plainDigits reports whether s is a long as it is written in answers.
func plainDigits(s string) bool {
	digits := strings.TrimPrefix(s, "-")
	if len(digits) == 0 || len(digits) > 18 || digits[0] == '0' && s != "0" {
		return false
	}
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return false
		}
	}
	return true
}

// whole makes a date that was read an xs:dateTime with seconds and zone; rules of the
// contract, such as a pattern, are about the literal that came.
func (c *checker) whole(t value.Type, text string) string {
	if t == value.Date {
		text, _ = value.WholeDate(text, c.Zone)
	}
	return text
}
