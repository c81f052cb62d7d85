package value

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Constructors, one per type. They write the literal as a JAX-WS RI would
// (rator-api.md 1.3): longs as digits, doubles in the shortest form, dates with
// zone offset and milliseconds only when there are any.

// OfString is a string entry.
func OfString(key, s string) Entry { return Entry{Key: key, Type: String, Text: s} }

// OfLong is a long entry.
func OfLong(key string, n int64) Entry {
	return Entry{Key: key, Type: Long, Text: strconv.FormatInt(n, 10)}
}

// OfDouble is a double entry.
func OfDouble(key string, f float64) Entry {
	return Entry{Key: key, Type: Double, Text: FormatDouble(f)}
}

// OfMoney is an amount: decimal inside, double on the wire.
func OfMoney(key string, d decimal.Decimal) Entry {
	return Entry{Key: key, Type: Double, Text: withPoint(d.String())}
}

// OfBoolean is a boolean entry.
func OfBoolean(key string, b bool) Entry {
	return Entry{Key: key, Type: Boolean, Text: strconv.FormatBool(b)}
}

// OfDate is a date entry in t's zone, to the millisecond.
func OfDate(key string, t time.Time) Entry {
	return Entry{Key: key, Type: Date, Text: FormatDate(t)}
}

// Of is a complex entry.
func Of(key string, items ...Entry) Entry { return Entry{Key: key, Type: Complex, Items: items} }

// OfNull is an entry with a key and no value.
func OfNull(key string, t Type) Entry { return Entry{Key: key, Type: t, Null: true} }

// FormatDouble writes f the way Java does for everyday magnitudes: shortest
// digits with at least one after the point; INF, -INF and NaN as XML Schema
// spells them.
func FormatDouble(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "INF"
	case math.IsInf(f, -1):
		return "-INF"
	case math.IsNaN(f):
		return "NaN"
	case f != 0 && (math.Abs(f) < 1e-3 || math.Abs(f) >= 1e7):
		s := strconv.FormatFloat(f, 'E', -1, 64) // 1.5E+07
		mantissa, exp, _ := strings.Cut(s, "E")
		n, _ := strconv.Atoi(exp)
		return withPoint(mantissa) + "E" + strconv.Itoa(n)
	}
	return withPoint(strconv.FormatFloat(f, 'f', -1, 64))
}

func withPoint(s string) string {
	if strings.ContainsAny(s, ".") {
		return s
	}
	return s + ".0"
}

// space is what XML Schema's whitespace facet "collapse" removes at both ends.
const space = " \t\r\n"

// ParseLong reads an xs:long, or a decimal number without a fraction ("5.0").
func ParseLong(s string) (int64, error) {
	t := strings.Trim(s, space)
	n, err := strconv.ParseInt(t, 10, 64)
	if err == nil {
		return n, nil
	}
	if d, derr := ParseDecimal(t); derr == nil && d.IsInteger() && d.BigInt().IsInt64() {
		return d.IntPart(), nil
	}
	return 0, fmt.Errorf("%q is not a whole number", clip(s))
}

// ParseDecimal reads a number as a decimal, exactly. An exponent beyond the
// range of a double is refused: it would expand to gigabytes of digits.
func ParseDecimal(s string) (decimal.Decimal, error) {
	t := strings.Trim(s, space)
	if f, err := strconv.ParseFloat(t, 64); err != nil || math.IsInf(f, 0) || math.IsNaN(f) || strings.ContainsAny(t, "xXpP_") {
		return decimal.Zero, fmt.Errorf("%q is not a number", clip(s))
	}
	d, err := decimal.NewFromString(t)
	if err != nil || d.Exponent() < -400 || d.Exponent() > 400 {
		return decimal.Zero, fmt.Errorf("%q is not a number", clip(s))
	}
	return d, nil
}

// ParseDouble reads an xs:double.
func ParseDouble(s string) (float64, error) {
	switch t := strings.Trim(s, space); t {
	case "INF", "+INF":
		return math.Inf(1), nil
	case "-INF":
		return math.Inf(-1), nil
	case "NaN":
		return math.NaN(), nil
	default:
		f, err := strconv.ParseFloat(t, 64)
		if err != nil || strings.ContainsAny(t, "xXpP_iInN") {
			return 0, fmt.Errorf("%q is not a number", clip(s))
		}
		return f, nil
	}
}

// ParseBoolean reads an xs:boolean; capitals are tolerated.
func ParseBoolean(s string) (bool, error) {
	switch strings.ToLower(strings.Trim(s, space)) {
	case "true", "1":
		return true, nil
	case "false", "0":
		return false, nil
	}
	return false, fmt.Errorf("%q is not true or false", clip(s))
}

// clip keeps a message readable when the literal is not.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
