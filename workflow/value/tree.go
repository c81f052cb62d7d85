// Package value is the keyed value tree that travels between faces and
// workflows (architecture.md 4): an ordered list of entries, each a key with a
// scalar or with entries below it. A repeated key is a list.
//
// A scalar is kept as the literal it came with, next to its type; it is read as
// a number, a date or a truth value only where somebody asks. So decoding costs
// no conversion, a date answers as it was sent, and nothing is lost between a
// decode and an encode. It knows no face, no contract and no business.
package value

import (
	"iter"
	"strings"
)

// Type is the type of an entry: the xsi:type of the wire without its DTO suffix.
type Type uint8

// The types of rator-api.md 1.2. Bare is an entry whose type was not given.
const (
	Bare Type = iota
	String
	Long
	Double
	Float
	Boolean
	Date
	Complex
)

var typeNames = [...]string{"untyped", "string", "long", "double", "float", "boolean", "date", "complex"}

func (t Type) String() string { return typeNames[t] }

// Entry is a key with a scalar (Text) or with entries below it (Items).
type Entry struct {
	Key   string `json:"key"`
	Text  string `json:"text,omitempty"`  // the scalar's literal; "" for Complex and for Null
	Items Tree   `json:"items,omitempty"` // only for Complex
	Type  Type   `json:"type,omitempty"`
	Null  bool   `json:"null,omitempty"` // the key came without a value
	// Odd says that the sender named a type that nobody knows, or one that what is
	// there cannot be: Type is what it looks like, Bare or Complex, and with Null it
	// looks like no value at all.
	Odd bool `json:"odd,omitempty"`
}

// Tree is an ordered list of entries.
type Tree []Entry

// Get is the first entry with that key, or nil.
func (t Tree) Get(key string) *Entry {
	for i := range t {
		if t[i].Key == key {
			return &t[i]
		}
	}
	return nil
}

// All gives every entry with that key, in order.
func (t Tree) All(key string) iter.Seq[*Entry] {
	return func(yield func(*Entry) bool) {
		for i := range t {
			if t[i].Key == key && !yield(&t[i]) {
				return
			}
		}
	}
}

// Path is the first entry at a path of keys written A/B/C, or nil.
func (t Tree) Path(path string) *Entry {
	key, rest, deeper := strings.Cut(path, "/")
	e := t.Get(key)
	if e == nil || !deeper {
		return e
	}
	return e.Items.Path(rest)
}

// Text is the literal of the first entry with that key; "" when it is absent or null.
func (t Tree) Text(key string) string {
	if e := t.Get(key); e != nil {
		return e.Text
	}
	return ""
}

// Items is what lies below the first entry with that key; nil when there is none.
func (t Tree) Items(key string) Tree {
	if e := t.Get(key); e != nil {
		return e.Items
	}
	return nil
}
