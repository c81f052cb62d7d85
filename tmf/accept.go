package tmf

import (
	"fmt"
	"strings"
	"time"
)

// acceptance checks documents that come in against the tables.
type acceptance struct {
	strict bool
	typed  bool           // what is taken has the types of the tables; else it keeps its literals
	zone   *time.Location // of date-times without one, where they are typed
}

// whole takes the document of a POST or PUT: without what the server computes,
// and without nulls where the tables know the attribute. It fails with a
// *Problem that names the first attribute at fault.
func (a acceptance) whole(shape *Shape, v Value) (Value, error) {
	for _, f := range shape.Fields {
		if f.Computed {
			v = v.Without(f.Name)
		}
	}
	return a.object(shape, v, "")
}

// patched takes what a patch made of the document before. What it left alone is
// not looked at: documents made of other data than a client's need not pass.
func (a acceptance) patched(shape *Shape, before, after Value) (Value, error) {
	if after.Kind() != Object {
		return Value{}, wrongType("the document", "an object", after)
	}
	kept := make([]Member, 0, len(after.Members()))
	for _, m := range after.Members() {
		f := shape.Field(m.Name)
		old, _ := before.Get(m.Name)
		if f == nil || old.Identical(m.Value) {
			kept = append(kept, m)
			continue
		}
		v, err := a.field(f, m.Value, m.Name)
		if err != nil {
			return Value{}, err
		}
		if v.Kind() != Null {
			kept = append(kept, MemberOf(m.Name, v))
		}
	}
	after = ObjectOf(kept...)
	for i := range shape.Fields {
		f := &shape.Fields[i]
		_, _, had := f.In(before)
		if _, _, has := f.In(after); has || !had && f.mandatoryIn(before, a.strict) == f.mandatoryIn(after, a.strict) {
			continue
		}
		if f.mandatoryIn(after, a.strict) {
			return Value{}, MissingField.With("%s is mandatory and must not be erased", f.Name)
		}
	}
	return after, nil
}

func (a acceptance) object(shape *Shape, v Value, path string) (Value, error) {
	if v.Kind() != Object {
		where := path
		if where == "" {
			where = "the document"
		}
		return Value{}, wrongType(where, "an object", v)
	}
	kept := make([]Member, 0, len(v.Members()))
	for _, m := range v.Members() {
		if f := shape.Field(m.Name); f != nil {
			var err error
			if m.Value, err = a.field(f, m.Value, below(path, m.Name)); err != nil {
				return Value{}, err
			}
			if m.Value.Kind() == Null && f.Type != OfAny {
				continue
			}
		}
		kept = append(kept, m)
	}
	v = ObjectOf(kept...)
	for i := range shape.Fields {
		f := &shape.Fields[i]
		if _, _, found := f.In(v); !found && f.mandatoryIn(v, a.strict) {
			return Value{}, MissingField.With("%s is mandatory", below(path, f.Name))
		}
	}
	return v, nil
}

func (a acceptance) field(f *Field, v Value, path string) (Value, error) {
	if v.Kind() == Null {
		return v, nil
	}
	if !f.Many {
		return a.one(f, v, path)
	}
	if v.Kind() != Array {
		return Value{}, wrongType(path, "an array", v)
	}
	items := make([]Value, len(v.Items()))
	for i, item := range v.Items() {
		var err error
		if items[i], err = a.one(f, item, fmt.Sprintf("%s[%d]", path, i)); err != nil {
			return Value{}, err
		}
	}
	return ArrayOf(items...), nil
}

var typeNames = [...]string{"a string", "a number", "an integer", "a boolean", "a date-time", "an object", "a value"}

// one checks a single value. What comes in another type and means one of the right
// type becomes that.
func (a acceptance) one(f *Field, v Value, path string) (Value, error) {
	right := true
	switch f.Type {
	case OfString:
		if v.Kind() == Number && !a.typed {
			v = Text(v.Text())
		}
		right = v.Kind() == String
		if right && f.NonEmpty && strings.TrimSpace(v.Text()) == "" {
			return Value{}, MissingField.With("%s must not be empty", path)
		}
		if err := checkLength(f.Key, v.Text(), path); err != nil {
			return Value{}, err
		}
	case OfNumber, OfInteger:
		v, right = a.number(f, v)
	case OfBoolean:
		right = v.Kind() == Bool
		if !right && !a.strict {
			if t, ok := truth(v); ok {
				return t, nil
			}
		}
	case OfDateTime:
		if right = v.Kind() == String; right {
			return a.instant(v, path)
		}
	case OfObject:
		o, err := a.object(f.Shape, v, path)
		if err == nil && f.NonEmpty && len(o.Members()) == 0 {
			err = MissingField.With("%s must have a member at least", path)
		}
		return o, err
	}
	if !right {
		return Value{}, wrongType(path, typeNames[f.Type], v)
	}
	return v, nil
}

// number takes a number in a text as well, unless the server is strict and the
// tables do not have it so.
func (a acceptance) number(f *Field, v Value) (_ Value, right bool) {
	literal, isNumber := numberIn(f, v)
	if !isNumber && !a.strict {
		if literal, isNumber = numeral(v); isNumber {
			v = NumberOf(literal)
		}
	}
	if !isNumber || f.Type == OfNumber {
		return v, isNumber
	}
	whole, ok := integer(literal)
	if ok && a.typed {
		v = NumberOf(whole)
	}
	return v, ok
}

func (a acceptance) instant(v Value, path string) (Value, error) {
	if !a.typed {
		if _, _, ok := parseInstant(v.Text(), time.UTC); !ok {
			return Value{}, BadFormat.With("%s must be a date-time (ISO 8601), not %.40q", path, v.Text())
		}
		return v, nil
	}
	literal, ok := rfc3339(v.Text(), a.zone)
	if !ok || a.strict && literal != v.Text() {
		return Value{}, BadFormat.With("%s must be a date-time (RFC 3339), not %.40q", path, v.Text())
	}
	return Text(literal), nil
}

// numberIn is the literal of a number, which may be in a string for some fields.
func numberIn(f *Field, v Value) (literal string, ok bool) {
	if v.Kind() == String && f.AsText {
		return readNumber(v.Text())
	}
	return v.Text(), v.Kind() == Number
}

func wrongType(path, want string, v Value) *Problem {
	return BadFormat.With("%s must be %s, not %s", path, want, v.Kind())
}
