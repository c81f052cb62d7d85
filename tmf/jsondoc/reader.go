package jsondoc

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// Read reads a text that holds one JSON value (RFC 8259) and nothing else
// but white space. It is strict: members of one object differ in name, text is
// UTF-8, escapes name whole characters. It fails with *SyntaxError or
// *LimitError. The value's strings are parts of text.
func Read(text string, limits *Limits) (Value, error) {
	if len(text) > limits.Bytes {
		return Value{}, &LimitError{Limit: "bytes", Max: limits.Bytes}
	}
	r := reader{text: text, limits: limits, open: opens.Get().(*open)}
	defer r.open.release()
	v, err := r.document()
	if err != nil {
		return Value{}, err
	}
	return v, nil
}

// ReadKept reads a document that was written down by this program; "" is an empty object.
func ReadKept(text string) (Value, error) {
	if text == "" {
		return ObjectOf(), nil
	}
	return Read(text, &keptLimits)
}

// reader walks over the text once.
type reader struct {
	text   string
	at     int
	depth  int
	values int
	limits *Limits
	open   *open
}

// open has what was read of the objects and arrays that did not end yet, the innermost
// last: so each gets as much room as it needs.
type open struct {
	members []Member
	items   []Value
}

var opens = sync.Pool{New: func() any { return new(open) }}

// release lets go of the document and keeps the room, within reason, for the next one.
func (o *open) release() {
	const kept = 256
	clear(o.members)
	clear(o.items)
	o.members, o.items = o.members[:0], o.items[:0]
	if cap(o.members) > kept || cap(o.items) > kept {
		*o = open{}
	}
	opens.Put(o)
}

// ended takes what is of one object or array, from base on, out of those that are open.
func ended[T any](all *[]T, base int) []T {
	of := slices.Clone((*all)[base:])
	clear((*all)[base:])
	*all = (*all)[:base]
	return of
}

func (r *reader) document() (Value, error) {
	r.space()
	v, err := r.value()
	if err != nil {
		return Value{}, err
	}
	r.space()
	if r.at < len(r.text) {
		return Value{}, r.wrong("%s follows the end of the document", r.found())
	}
	return v, nil
}

func (r *reader) value() (Value, error) {
	if r.values++; r.values > r.limits.Values {
		return Value{}, r.beyond("values", r.limits.Values)
	}
	if r.at == len(r.text) {
		return Value{}, r.wrong("a value is missing: the text ends")
	}
	switch c := r.text[r.at]; {
	case c == '{':
		return r.object()
	case c == '[':
		return r.array()
	case c == '"':
		s, err := r.quoted("string bytes", r.limits.TextBytes)
		return Text(s), err
	case c == '-' || isDigit(c):
		return r.number()
	}
	for _, word := range [...]struct {
		text  string
		value Value
	}{{"true", BoolOf(true)}, {"false", BoolOf(false)}, {"null", Value{}}} {
		if strings.HasPrefix(r.text[r.at:], word.text) {
			r.at += len(word.text)
			return word.value, nil
		}
	}
	return Value{}, r.wrong("a value is missing: %s", r.found())
}

func (r *reader) array() (Value, error) {
	base := len(r.open.items)
	err := r.list(']', func() error {
		item, err := r.value()
		r.open.items = append(r.open.items, item)
		return err
	})
	if err != nil || len(r.open.items) == base {
		return ArrayOf(), err
	}
	return ArrayOf(ended(&r.open.items, base)...), nil
}

// manyMembers is from when a map finds a repeated name faster than looking.
const manyMembers = 16

func (r *reader) object() (Value, error) {
	base := len(r.open.members)
	var names map[string]bool
	repeated := func(name string) bool {
		members := r.open.members[base:]
		if names == nil && len(members) < manyMembers {
			_, found := ObjectOf(members...).Get(name)
			return found
		}
		if names == nil {
			names = make(map[string]bool, 2*manyMembers)
			for _, m := range members {
				names[m.Name] = true
			}
		}
		if names[name] {
			return true
		}
		names[name] = true
		return false
	}
	err := r.list('}', func() error {
		start := r.at
		if r.at == len(r.text) || r.text[r.at] != '"' {
			return r.wrong("the name of a member is missing: %s", r.found())
		}
		name, err := r.quoted("name bytes", r.limits.NameBytes)
		if err != nil {
			return err
		}
		if repeated(name) {
			r.at = start
			return r.wrong("the member %s is there twice", strconv.Quote(name))
		}
		r.space()
		if r.at == len(r.text) || r.text[r.at] != ':' {
			return r.wrong("a colon is missing after the name of a member: %s", r.found())
		}
		r.at++
		r.space()
		v, err := r.value()
		r.open.members = append(r.open.members, Member{name, v})
		return err
	})
	if err != nil || len(r.open.members) == base {
		return ObjectOf(), err
	}
	return ObjectOf(ended(&r.open.members, base)...), nil
}

// list reads what is between the bracket at hand and its end, one for each
// element.
func (r *reader) list(end byte, one func() error) error {
	if r.depth++; r.depth > r.limits.Depth {
		return r.beyond("depth", r.limits.Depth)
	}
	defer func() { r.depth-- }()
	r.at++
	r.space()
	if r.at < len(r.text) && r.text[r.at] == end {
		r.at++
		return nil
	}
	for count := 1; ; count++ {
		if count > r.limits.Children {
			return r.beyond("children", r.limits.Children)
		}
		if err := one(); err != nil {
			return err
		}
		r.space()
		switch {
		case r.at < len(r.text) && r.text[r.at] == end:
			r.at++
			return nil
		case r.at == len(r.text) || r.text[r.at] != ',':
			return r.wrong("a comma or %q is missing: %s", end, r.found())
		}
		r.at++
		r.space()
	}
}

func (r *reader) space() {
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case ' ', '\t', '\n', '\r':
			r.at++
		default:
			return
		}
	}
}

// found names what is at hand.
func (r *reader) found() string {
	if r.at == len(r.text) {
		return "the text ends"
	}
	c, size := utf8.DecodeRuneInString(r.text[r.at:])
	if c == utf8.RuneError && size == 1 {
		return "a byte that is not UTF-8"
	}
	return strconv.QuoteRune(c)
}
