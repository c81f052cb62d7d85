package dialect

import (
	"fmt"
	"strings"
	"time"

	"rator/tmf/jsondoc"
	"rator/tmf/problem"
)

// Acceptance checks documents that come in against the tables.
type Acceptance struct {
	Strict bool
	Typed  bool           // what is taken has the types of the tables; else it keeps its literals
	Zone   *time.Location // of date-times without one, where they are typed
}

// Whole takes the document of a POST or PUT: without what the server computes,
// and without nulls where the tables know the attribute. It fails with a
// *problem.Error that names the first attribute at fault.
func (a Acceptance) Whole(shape *Shape, v jsondoc.Value) (jsondoc.Value, error) {
	for _, f := range shape.Fields {
		if f.Computed {
			v = v.Without(f.Name)
		}
	}
	return a.object(shape, v, "")
}

// Patched takes what a patch made of the document before. What it left alone is
// not looked at: documents made of other data than a client's need not pass.
func (a Acceptance) Patched(shape *Shape, before, after jsondoc.Value) (jsondoc.Value, error) {
	if after.Kind() != jsondoc.Object {
		return jsondoc.Value{}, WrongType("the document", "an object", after)
	}
	kept := make([]jsondoc.Member, 0, len(after.Members()))
	for _, m := range after.Members() {
		f := shape.Field(m.Name)
		old, _ := before.Get(m.Name)
		if f == nil || old.Identical(m.Value) {
			kept = append(kept, m)
			continue
		}
		v, err := a.field(f, m.Value, m.Name)
		if err != nil {
			return jsondoc.Value{}, err
		}
		if v.Kind() != jsondoc.Null {
			kept = append(kept, jsondoc.MemberOf(m.Name, v))
		}
	}
	after = jsondoc.ObjectOf(kept...)
	for i := range shape.Fields {
		f := &shape.Fields[i]
		_, _, had := f.In(before)
		if _, _, has := f.In(after); has || !had && f.mandatoryIn(before, a.Strict) == f.mandatoryIn(after, a.Strict) {
			continue
		}
		if f.mandatoryIn(after, a.Strict) {
			return jsondoc.Value{}, problem.MissingField.With("%s is mandatory and must not be erased", f.Name)
		}
	}
	return after, nil
}

func (a Acceptance) object(shape *Shape, v jsondoc.Value, path string) (jsondoc.Value, error) {
	if v.Kind() != jsondoc.Object {
		where := path
		if where == "" {
			where = "the document"
		}
		return jsondoc.Value{}, WrongType(where, "an object", v)
	}
	kept := make([]jsondoc.Member, 0, len(v.Members()))
	for _, m := range v.Members() {
		if f := shape.Field(m.Name); f != nil {
			var err error
			if m.Value, err = a.field(f, m.Value, Below(path, m.Name)); err != nil {
				return jsondoc.Value{}, err
			}
			if m.Value.Kind() == jsondoc.Null && f.Type != OfAny {
				continue
			}
		}
		kept = append(kept, m)
	}
	v = jsondoc.ObjectOf(kept...)
	for i := range shape.Fields {
		f := &shape.Fields[i]
		if _, _, found := f.In(v); !found && f.mandatoryIn(v, a.Strict) {
			return jsondoc.Value{}, problem.MissingField.With("%s is mandatory", Below(path, f.Name))
		}
	}
	return v, nil
}

func (a Acceptance) field(f *Field, v jsondoc.Value, path string) (jsondoc.Value, error) {
	if v.Kind() == jsondoc.Null {
		return v, nil
	}
	if !f.Many {
		return a.one(f, v, path)
	}
	if v.Kind() != jsondoc.Array {
		return jsondoc.Value{}, WrongType(path, "an array", v)
	}
	items := make([]jsondoc.Value, len(v.Items()))
	for i, item := range v.Items() {
		var err error
		if items[i], err = a.one(f, item, fmt.Sprintf("%s[%d]", path, i)); err != nil {
			return jsondoc.Value{}, err
		}
	}
	return jsondoc.ArrayOf(items...), nil
}

// one checks a single value. What comes in another type and means one of the right
// type becomes that.
func (a Acceptance) one(f *Field, v jsondoc.Value, path string) (jsondoc.Value, error) {
	right := true
	switch f.Type {
	case OfString:
		if v.Kind() == jsondoc.Number && !a.Typed {
			v = jsondoc.Text(v.Text())
		}
		right = v.Kind() == jsondoc.String
		if right && f.NonEmpty && strings.TrimSpace(v.Text()) == "" {
			return jsondoc.Value{}, problem.MissingField.With("%s must not be empty", path)
		}
		if err := CheckLength(f.Key, v.Text(), path); err != nil {
			return jsondoc.Value{}, err
		}
	case OfNumber, OfInteger:
		v, right = a.number(f, v)
	case OfBoolean:
		right = v.Kind() == jsondoc.Bool
		if !right && !a.Strict {
			if t, ok := truth(v); ok {
				return t, nil
			}
		}
	case OfDateTime:
		if right = v.Kind() == jsondoc.String; right {
			return a.instant(v, path)
		}
	case OfObject:
		o, err := a.object(f.Shape, v, path)
		if err == nil && f.NonEmpty && len(o.Members()) == 0 {
			err = problem.MissingField.With("%s must have a member at least", path)
		}
		return o, err
	}
	if !right {
		return jsondoc.Value{}, WrongType(path, f.Type.String(), v)
	}
	return v, nil
}

// number takes a number in a text as well, unless the server is strict and the
// tables do not have it so.
func (a Acceptance) number(f *Field, v jsondoc.Value) (_ jsondoc.Value, right bool) {
	literal, isNumber := f.Number(v)
	if !isNumber && !a.Strict {
		if literal, isNumber = numeral(v); isNumber {
			v = jsondoc.NumberOf(literal)
		}
	}
	if !isNumber || f.Type == OfNumber {
		return v, isNumber
	}
	whole, ok := integer(literal)
	if ok && a.Typed {
		v = jsondoc.NumberOf(whole)
	}
	return v, ok
}

func (a Acceptance) instant(v jsondoc.Value, path string) (jsondoc.Value, error) {
	if !a.Typed {
		if _, _, ok := ParseInstant(v.Text(), time.UTC); !ok {
			return jsondoc.Value{}, problem.BadFormat.With("%s must be a date-time (ISO 8601), not %.40q", path, v.Text())
		}
		return v, nil
	}
	literal, ok := rfc3339(v.Text(), a.Zone)
	if !ok || a.Strict && literal != v.Text() {
		return jsondoc.Value{}, problem.BadFormat.With("%s must be a date-time (RFC 3339), not %.40q", path, v.Text())
	}
	return jsondoc.Text(literal), nil
}

// Number is the literal of a number, which may be in a string for some fields.
func (f *Field) Number(v jsondoc.Value) (literal string, ok bool) {
	if v.Kind() == jsondoc.String && f.AsText {
		return jsondoc.ReadNumber(v.Text())
	}
	return v.Text(), v.Kind() == jsondoc.Number
}

func WrongType(path, want string, v jsondoc.Value) *problem.Error {
	return problem.BadFormat.With("%s must be %s, not %s", path, want, v.Kind())
}
