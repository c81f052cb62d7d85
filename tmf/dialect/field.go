package dialect

import (
	"slices"
	"strings"

	"rator/tmf/jsondoc"
)

// Type is what a field's value must be.
type Type uint8

// The types of field. A date-time is a string that names a day or an instant
// (instant.go); OfAny is not looked at.
const (
	OfString Type = iota
	OfNumber
	OfInteger
	OfBoolean
	OfDateTime
	OfObject
	OfAny
)

var typeNames = [...]string{"a string", "a number", "an integer", "a boolean", "a date-time", "an object", "a value"}

// String is the type as problems and documents name it.
func (t Type) String() string { return typeNames[t] }

// Field is a row of tmf-customer.md 1: one attribute of a resource, or of an
// object in it, as one dialect has it. Attributes that no Field names are
// stored and echoed.
type Field struct {
	Name      string
	Aliases   []string // other spellings that are the same attribute
	Type      Type
	Many      bool          // an array of them
	Shape     *Shape        // of OfObject
	Mandatory bool          // M of the tables; in a Shape, C: when the object is there
	Needed    []Need        // mandatory as well when one of them applies
	NonEmpty  bool          // at least one character, or one member
	Key       string        // what the text is called over SOAP, which bounds its length (customer.Longest); "" for no such text
	Fixed     bool          // refused in a PATCH
	Computed  bool          // by the server: what a POST or PUT says of it is not looked at
	AsText    bool          // a number that may come as a string
	Fold      bool          // compared without regard to case in filters
	Default   jsondoc.Value // shown when nobody gave one; Null: nothing is shown
	Desc      string
}

// Shape is a named kind of object.
type Shape struct {
	Name   string
	Fields []Field
	// Homes are where things are found that objects of this shape refer to by
	// their id; empty: the server does not know. See Reference.
	Homes []Home
	Desc  string
}

// Home is the collection that references point into. Path is on this server:
// one without a leading slash is under the base path of the request.
type Home struct {
	ReferredType string // the @referredType it is for; "" every other one
	Path         string
}

// Need makes a field mandatory when another one of the same object has, or with
// Unless has not, a value. Strict needs count for strict servers only.
type Need struct {
	Field, Value   string // compared without regard to case
	Unless, Strict bool
}

// Field finds an attribute by its name or an alias.
func (s *Shape) Field(name string) *Field {
	for i := range s.Fields {
		if f := &s.Fields[i]; f.Name == name || slices.Contains(f.Aliases, name) {
			return f
		}
	}
	return nil
}

// In finds the attribute in an object, under whatever spelling it has there.
func (f *Field) In(object jsondoc.Value) (spelling string, v jsondoc.Value, found bool) {
	if v, found = object.Get(f.Name); found {
		return f.Name, v, true
	}
	for _, alias := range f.Aliases {
		if v, found = object.Get(alias); found {
			return alias, v, true
		}
	}
	return f.Name, jsondoc.Value{}, false
}

// Always reports whether every answer has the attribute, or every object of its
// shape.
func (f *Field) Always() bool { return f.Mandatory || f.Computed || f.Default.Kind() != jsondoc.Null }

// mandatoryIn reports whether an object must have the attribute.
func (f *Field) mandatoryIn(object jsondoc.Value, strict bool) bool {
	return f.Mandatory || slices.ContainsFunc(f.Needed, func(n Need) bool { return n.applies(object, strict) })
}

func (n Need) applies(object jsondoc.Value, strict bool) bool {
	if n.Strict && !strict {
		return false
	}
	v, _ := object.Get(n.Field)
	return strings.EqualFold(v.Text(), n.Value) != n.Unless
}
