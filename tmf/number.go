package tmf

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
	return decimalOf(a).Cmp(decimalOf(b))
}

// decimalOf is exact. What is no number of ours, which the reader does not let
// in, counts as 0.
func decimalOf(literal string) decimal.Decimal {
	d, err := decimal.NewFromString(literal)
	if err != nil || d.Exponent() > maxExponent || d.Exponent() < -2*maxExponent {
		return decimal.Zero
	}
	return d
}

// readNumber reads a text that is one number as JSON writes them.
func readNumber(text string) (literal string, ok bool) {
	limits := DefaultLimits()
	v, err := ReadJSON(text, &limits)
	return v.text, err == nil && v.kind == Number && text == strings.TrimSpace(text)
}

// isInteger reports whether a literal means a whole number of at most 18 digits,
// such as 7, 7.0 or 7e2.
func isInteger(literal string) bool {
	if n, err := strconv.ParseInt(literal, 10, 64); err == nil {
		return n > -1e18 && n < 1e18
	}
	d := decimalOf(literal)
	return d.IsInteger() && d.Abs().LessThan(decimal.New(1, 18))
}
