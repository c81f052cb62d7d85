package query

import (
	"cmp"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/zone"
)

// operand is a value in a query, read as the attribute's type.
type operand struct {
	text     string
	isNumber bool
	number   decimal.Decimal
	instant  time.Time
	day      bool           // instant is its start
	zone     *time.Location // of date-times that come without one, there and here
}

// readOperand fails, with what the value should be, when it is not of the
// field's type. Date-times without a zone are of that one.
func readOperand(f *dialect.Field, text string, in *time.Location) (o operand, want string) {
	o.text, o.zone = text, in
	ok := true
	switch f.Type {
	case dialect.OfNumber, dialect.OfInteger, dialect.OfAny:
		if literal, isNumber := jsondoc.ReadNumber(text); isNumber {
			o.isNumber, o.number = true, jsondoc.Decimal(literal)
		} else {
			ok = f.Type == dialect.OfAny
		}
	case dialect.OfBoolean:
		ok = text == "true" || text == "false"
	case dialect.OfDateTime:
		o.instant, o.day, ok = dialect.ParseInstant(text, in)
	}
	if !ok {
		return operand{}, f.Type.String()
	}
	return o, ""
}

// compare orders a stored value and the operand; ok is false when they cannot be
// compared, as for a stored text that is no date-time.
func (o *operand) compare(f *dialect.Field, v jsondoc.Value) (order int, ok bool) {
	switch f.Type {
	case dialect.OfNumber, dialect.OfInteger, dialect.OfAny:
		if literal, isNumber := f.Number(v); isNumber && o.isNumber {
			if literal == o.text {
				return 0, true
			}
			return jsondoc.Decimal(literal).Cmp(o.number), true
		}
		return cmp.Compare(v.Text(), o.text), f.Type == dialect.OfAny && v.Kind() == jsondoc.String
	case dialect.OfDateTime:
		t, _, isInstant := dialect.ParseInstant(v.Text(), o.zone)
		return t.Compare(o.instant), isInstant && v.Kind() == jsondoc.String
	}
	if f.Fold {
		return cmp.Compare(strings.ToLower(v.Text()), strings.ToLower(o.text)), v.Kind() == jsondoc.String
	}
	return cmp.Compare(v.Text(), o.text), v.Kind() == jsondoc.String
}

// equals also takes a value that is written as the operand is, and an instant in
// the day that the operand names.
func (o *operand) equals(f *dialect.Field, v jsondoc.Value) bool {
	if v.Text() == o.text || f.Fold && strings.EqualFold(v.Text(), o.text) {
		return true
	}
	if f.Type == dialect.OfString || f.Type == dialect.OfBoolean {
		return false
	}
	if o.day {
		t, _, ok := dialect.ParseInstant(v.Text(), o.zone)
		return ok && !t.Before(o.instant) && t.Before(o.dayEnd())
	}
	order, ok := o.compare(f, v)
	return ok && order == 0
}

// dayEnd is when the day that the operand names is over: days are not all as long.
func (o *operand) dayEnd() time.Time {
	y, m, d := o.instant.Date()
	return zone.Midnight(y, m, d+1, o.zone)
}
