package jsondoc

import "slices"

// Kind is what a JSON value is.
type Kind uint8

// The kinds of JSON value. The zero Value is Null.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

var kindNames = [...]string{"null", "a boolean", "a number", "a string", "an array", "an object"}

// String is the kind as error messages name it.
func (k Kind) String() string { return kindNames[k] }

// Value is a JSON value that keeps the order of its members and the literal of
// its numbers. It is never changed once made: With and Without give a new one
// that shares the rest, so a Value may be kept and read by many.
type Value struct {
	kind    Kind
	text    string // String: the decoded text; Number and Bool: the literal
	items   []Value
	members []Member
}

// Member is one name and value of an object.
type Member struct {
	Name  string
	Value Value
}

// MemberOf is the member of an object with that name and value.
func MemberOf(name string, v Value) Member { return Member{name, v} }

// Text is a string.
func Text(s string) Value { return Value{kind: String, text: s} }

// NumberOf is a number with the literal given, which must be one of JSON's.
func NumberOf(literal string) Value { return Value{kind: Number, text: literal} }

// BoolOf is true or false.
func BoolOf(b bool) Value {
	if b {
		return Value{kind: Bool, text: "true"}
	}
	return Value{kind: Bool, text: "false"}
}

// ArrayOf is an array; it keeps items.
func ArrayOf(items ...Value) Value { return Value{kind: Array, items: items} }

// ObjectOf is an object; it keeps members, whose names must differ.
func ObjectOf(members ...Member) Value { return Value{kind: Object, members: members} }

// Kind is what v is.
func (v Value) Kind() Kind { return v.kind }

// Text is the decoded text of a string, the literal of a number or boolean, and
// "" for everything else.
func (v Value) Text() string { return v.text }

// Items are the elements of an array. They must not be changed.
func (v Value) Items() []Value { return v.items }

// Members are those of an object, in order. They must not be changed.
func (v Value) Members() []Member { return v.members }

// Get finds a member of an object.
func (v Value) Get(name string) (Value, bool) {
	if i := v.index(name); i >= 0 {
		return v.members[i].Value, true
	}
	return Value{}, false
}

// Has reports whether an object has a member.
func (v Value) Has(name string) bool { return v.index(name) >= 0 }

// Member is that of an object, where it is kept; nil when there is none. It must not
// be changed.
func (v *Value) Member(name string) *Value {
	if i := v.index(name); i >= 0 {
		return &v.members[i].Value
	}
	return nil
}

// TextIn is the Text of a member; "" when there is none.
func (v Value) TextIn(name string) string {
	m, _ := v.Get(name)
	return m.text
}

func (v Value) index(name string) int {
	for i := range v.members {
		if v.members[i].Name == name {
			return i
		}
	}
	return -1
}

// With is the object with the member set: in its place if it was there, else at
// the end.
func (v Value) With(name string, member Value) Value {
	i := v.index(name)
	if i < 0 {
		return ObjectOf(append(slices.Clip(v.members), Member{name, member})...)
	}
	members := slices.Clone(v.members)
	members[i].Value = member
	return ObjectOf(members...)
}

// Without is the object without the member.
func (v Value) Without(name string) Value {
	i := v.index(name)
	if i < 0 {
		return v
	}
	members := make([]Member, 0, len(v.members)-1)
	return ObjectOf(append(append(members, v.members[:i]...), v.members[i+1:]...)...)
}

// Equal reports whether both mean the same: objects whatever the order of their
// members, numbers whatever their literal, strings exactly.
func (v Value) Equal(o Value) bool {
	if v.kind != o.kind {
		return false
	}
	switch v.kind {
	case Number:
		return v.text == o.text || compareNumbers(v.text, o.text) == 0
	case Array:
		return slices.EqualFunc(v.items, o.items, Value.Equal)
	case Object:
		return len(v.members) == len(o.members) && v.contains(o)
	}
	return v.text == o.text
}

// contains goes by position first, because two readings of one document have
// their members in the same order.
func (v Value) contains(o Value) bool {
	for i, m := range o.members {
		mine := v.members[i]
		if mine.Name != m.Name {
			var found bool
			if mine.Value, found = v.Get(m.Name); !found {
				return false
			}
		}
		if !mine.Value.Equal(m.Value) {
			return false
		}
	}
	return true
}

// Identical reports whether both are the same to the letter, the order of members
// included.
func (v Value) Identical(o Value) bool {
	return v.kind == o.kind && v.text == o.text &&
		slices.EqualFunc(v.items, o.items, Value.Identical) &&
		slices.EqualFunc(v.members, o.members, func(a, b Member) bool { return a.Name == b.Name && a.Value.Identical(b.Value) })
}

// String is v as JSON.
func (v Value) String() string { return string(v.Append(nil)) }
