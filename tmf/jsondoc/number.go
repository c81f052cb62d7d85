package jsondoc

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// compareNumbers compares two literals of JSON by their value.
func compareNumbers(a, b string) int {
	if a == b {
		return 0
	}
	return Decimal(a).Cmp(Decimal(b))
}

// Decimal is the value of a literal, exactly. What is no number of ours, which the reader does not let
// in, counts as 0.
func Decimal(literal string) decimal.Decimal {
	d, err := decimal.NewFromString(literal)
	if err != nil || d.Exponent() > maxExponent || d.Exponent() < -2*maxExponent {
		return decimal.Zero
	}
	return d
}

// ReadNumber reads a text that is one number as JSON writes them.
func ReadNumber(text string) (literal string, ok bool) {
	limits := DefaultLimits()
	v, err := Read(text, &limits)
	return v.text, err == nil && v.kind == Number && text == strings.TrimSpace(text)
}

// IsInteger reports whether a literal means a whole number of at most 18 digits,
// such as 7, 7.0 or 7e2.
func IsInteger(literal string) bool {
	if n, err := strconv.ParseInt(literal, 10, 64); err == nil {
		return n > -1e18 && n < 1e18
	}
	d := Decimal(literal)
	return d.IsInteger() && d.Abs().LessThan(decimal.New(1, 18))
}
