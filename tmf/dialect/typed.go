package dialect

import (
	"time"

	"rator/tmf/jsondoc"
)

// Clients that are generated from the documents of v3 and v4 read a list as a whole
// or not at all: one text where a number belongs breaks all of it. So what these
// dialects answer has the types of their tables, whoever wrote it, however. What
// cannot be read as what it should be is left out of the answer, with what cannot be
// without it; it stays in what is kept.

// typed is a value as the tables have it, with date-times that have no zone in that
// one; ok is false when it cannot be.
func (f *Field) typed(v jsondoc.Value, zone *time.Location) (_ jsondoc.Value, ok bool) {
	if !f.Many {
		return f.TypedOne(v, zone)
	}
	if v.Kind() != jsondoc.Array {
		return jsondoc.Value{}, false
	}
	return jsondoc.ArrayOf(f.typedItems(v.Items(), zone)...), true
}

// typedItems are the elements that can be as the tables have them.
func (f *Field) typedItems(items []jsondoc.Value, zone *time.Location) []jsondoc.Value {
	var fit []jsondoc.Value
	same := true
	for i, item := range items {
		t, ok := f.TypedOne(item, zone)
		if same && ok && t.Identical(item) {
			continue
		}
		if same {
			fit, same = append(fit, items[:i]...), false
		}
		if ok {
			fit = append(fit, t)
		}
	}
	if same {
		return items
	}
	return fit
}

// TypedOne is typed of a single value.
func (f *Field) TypedOne(v jsondoc.Value, zone *time.Location) (_ jsondoc.Value, ok bool) {
	switch f.Type {
	case OfString:
		return jsondoc.Text(v.Text()), v.Kind() == jsondoc.String || v.Kind() == jsondoc.Number || v.Kind() == jsondoc.Bool
	case OfNumber, OfInteger:
		literal, isNumber := numeral(v)
		if f.Type == OfInteger && isNumber {
			literal, isNumber = integer(literal)
		}
		return jsondoc.NumberOf(literal), isNumber
	case OfBoolean:
		return truth(v)
	case OfDateTime:
		literal, isInstant := rfc3339(v.Text(), zone)
		return jsondoc.Text(literal), isInstant && v.Kind() == jsondoc.String
	case OfObject:
		o, fits := f.Shape.typed(v, zone)
		return o, fits && (!f.NonEmpty || len(o.Members()) > 0)
	}
	return v, true
}

// typed is an object without what cannot be as the tables have it; ok is false when
// that leaves it without what it must have.
func (s *Shape) typed(v jsondoc.Value, zone *time.Location) (_ jsondoc.Value, ok bool) {
	if v.Kind() != jsondoc.Object {
		return jsondoc.Value{}, false
	}
	members := make([]jsondoc.Member, 0, len(v.Members()))
	for _, m := range v.Members() {
		if f := s.Field(m.Name); f != nil {
			var fits bool
			if m.Value, fits = f.typed(m.Value, zone); !fits {
				continue
			}
		}
		members = append(members, m)
	}
	o := jsondoc.ObjectOf(members...)
	for i := range s.Fields {
		if f := &s.Fields[i]; f.Mandatory && !s.filledIn(f, o) {
			if _, _, found := f.In(o); !found {
				return jsondoc.Value{}, false
			}
		}
	}
	return o, true
}

// filledIn reports whether the answer has the attribute all the same: the address of
// what is referred to by its id.
func (s *Shape) filledIn(f *Field, v jsondoc.Value) bool {
	return s.Fills(f) && v.Has(refID.Name)
}

// Fills reports whether the server fills an attribute in where an object has none: the
// address of what is referred to.
func (s *Shape) Fills(f *Field) bool { return f.Name == refHref.Name && len(s.Homes) > 0 }

// numeral is the literal of a number, also of one in a text.
func numeral(v jsondoc.Value) (literal string, ok bool) {
	if v.Kind() == jsondoc.String {
		return jsondoc.ReadNumber(v.Text())
	}
	return v.Text(), v.Kind() == jsondoc.Number
}

// integer is a whole number without fraction and exponent.
func integer(literal string) (string, bool) {
	if !jsondoc.IsInteger(literal) {
		return "", false
	}
	return jsondoc.Decimal(literal).String(), true
}

// truth is a boolean, also of one in a text.
func truth(v jsondoc.Value) (jsondoc.Value, bool) {
	if v.Kind() == jsondoc.Bool || v.Kind() == jsondoc.String && (v.Text() == "true" || v.Text() == "false") {
		return jsondoc.BoolOf(v.Text() == "true"), true
	}
	return jsondoc.Value{}, false
}

// rfc3339 is a date-time as every client reads RFC 3339: as it came if it came so,
// else in UTC, where one without a zone is of that one.
func rfc3339(text string, zone *time.Location) (string, bool) {
	if isRFC3339(text) {
		return text, true
	}
	t, _, ok := ParseInstant(text, zone)
	t = t.UTC()
	return WriteInstant(t), ok && isReadableYear(t)
}

// farthestZone is how far from UTC zones are (XML Schema Part 2, 3.2.7.3).
const farthestZone = 14 * time.Hour

// isRFC3339 also asks for what libraries of other languages have a place for: years
// from 1, nanoseconds at most, and zones that there are.
func isRFC3339(text string) bool {
	var t time.Time
	if t.UnmarshalText([]byte(text)) != nil {
		return false
	}
	_, offset := t.Zone()
	return len(text) <= len(time.RFC3339Nano) && time.Duration(offset)*time.Second <= farthestZone &&
		time.Duration(offset)*time.Second >= -farthestZone && isReadableYear(t) && isReadableYear(t.UTC())
}

func isReadableYear(t time.Time) bool { return t.Year() >= 1 && t.Year() <= 9999 }
