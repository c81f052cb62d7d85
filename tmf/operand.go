package tmf

import (
	"cmp"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// operand is a value in a query, read as the attribute's type.
type operand struct {
	text     string
	isNumber bool
	number   decimal.Decimal
	instant  time.Time
	day      bool // instant is its start
}

// readOperand fails, with what the value should be, when it is not of the
// field's type.
func readOperand(f *Field, text string) (o operand, want string) {
	o.text = text
	ok := true
	switch f.Type {
	case OfNumber, OfInteger, OfAny:
		if literal, isNumber := readNumber(text); isNumber {
			o.isNumber, o.number = true, decimalOf(literal)
		} else {
			ok = f.Type == OfAny
		}
	case OfBoolean:
		ok = text == "true" || text == "false"
	case OfDateTime:
		o.instant, o.day, ok = parseInstant(text)
	}
	if !ok {
		return operand{}, typeNames[f.Type]
	}
	return o, ""
}

// compare orders a stored value and the operand; ok is false when they cannot be
// compared, as for a stored text that is no date-time.
func (o *operand) compare(f *Field, v Value) (order int, ok bool) {
	switch f.Type {
	case OfNumber, OfInteger, OfAny:
		if literal, isNumber := numberIn(f, v); isNumber && o.isNumber {
			if literal == o.text {
				return 0, true
			}
			return decimalOf(literal).Cmp(o.number), true
		}
		return cmp.Compare(v.text, o.text), f.Type == OfAny && v.kind == String
	case OfDateTime:
		t, _, isInstant := parseInstant(v.text)
		return t.Compare(o.instant), isInstant && v.kind == String
	}
	if f.Fold {
		return cmp.Compare(strings.ToLower(v.text), strings.ToLower(o.text)), v.kind == String
	}
	return cmp.Compare(v.text, o.text), v.kind == String
}

const aDay = 24 * time.Hour

// equals also takes a value that is written as the operand is, and an instant in
// the day that the operand names.
func (o *operand) equals(f *Field, v Value) bool {
	if v.text == o.text || f.Fold && strings.EqualFold(v.text, o.text) {
		return true
	}
	if f.Type == OfString || f.Type == OfBoolean {
		return false
	}
	if o.day {
		t, _, ok := parseInstant(v.text)
		return ok && !t.Before(o.instant) && t.Before(o.instant.Add(aDay))
	}
	order, ok := o.compare(f, v)
	return ok && order == 0
}
