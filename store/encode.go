package store

import (
	"bytes"
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// What is kept is written by a plan as well, which is made once for a type: byte for byte
// what json.Marshal writes. What a plan does not know it leaves to encoding/json, and all of
// a document of which a part cannot be written, so that its error is the one that is told.

// writes appends the JSON of v, which can be addressed; false where v cannot be written.
type writes func(b []byte, v reflect.Value) ([]byte, bool)

// encode gives the document of x by the plan of its type.
func encode[T any](plan writes, x *T) ([]byte, error) {
	const kept = 64 << 10
	room := rooms.Get().(*[]byte)
	defer rooms.Put(room)
	b, ok := plan((*room)[:0], reflect.ValueOf(x).Elem())
	if cap(b) <= kept {
		*room = b[:0]
	}
	if !ok {
		return json.Marshal(x)
	}
	return bytes.Clone(b), nil
}

// rooms are what documents are written in, before they are as long as they are.
var rooms = sync.Pool{New: func() any { return new([]byte) }}

var (
	marshaler     = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

// writerOf is how values of a type are written; within are the types that it is a part of.
func writerOf(t reflect.Type, within []reflect.Type) writes {
	if slices.Contains(within, t) {
		return writeByJSON
	}
	within = append(slices.Clip(within), t)
	switch {
	case t == reflect.TypeFor[time.Time]():
		return writeTime
	case t == reflect.TypeFor[ID]():
		return writeID
	case reflect.PointerTo(t).Implements(marshaler), t == reflect.TypeFor[json.Number]():
		return writeByJSON
	case t.Kind() != reflect.Pointer && reflect.PointerTo(t).Implements(textMarshaler):
		return writeText
	}
	switch t.Kind() {
	case reflect.String:
		return func(b []byte, v reflect.Value) ([]byte, bool) { return appendString(b, v.String()), true }
	case reflect.Bool:
		return func(b []byte, v reflect.Value) ([]byte, bool) { return strconv.AppendBool(b, v.Bool()), true }
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(b []byte, v reflect.Value) ([]byte, bool) { return strconv.AppendInt(b, v.Int(), 10), true }
	case reflect.Struct:
		return writerOfStruct(t, within)
	case reflect.Slice:
		if t.Elem().Kind() != reflect.Uint8 { // bytes are base64
			return writerOfSlice(writerOf(t.Elem(), within))
		}
	case reflect.Pointer:
		each := writerOf(t.Elem(), within)
		return func(b []byte, v reflect.Value) ([]byte, bool) {
			if v.IsNil() {
				return append(b, "null"...), true
			}
			return each(b, v.Elem())
		}
	}
	return writeByJSON
}

// writeByJSON writes a value, whatever it is, by encoding/json.
func writeByJSON(b []byte, v reflect.Value) ([]byte, bool) {
	text, err := json.Marshal(v.Addr().Interface())
	return append(b, text...), err == nil
}

func writeText(b []byte, v reflect.Value) ([]byte, bool) {
	text, err := v.Addr().Interface().(encoding.TextMarshaler).MarshalText()
	return appendString(b, string(text)), err == nil
}

func writeID(b []byte, v reflect.Value) ([]byte, bool) {
	b = append(b, '"')
	if id := ID(v.Int()); id != 0 {
		b = id.appendDigits(b)
	}
	return append(b, '"'), true
}

func writeTime(b []byte, v reflect.Value) ([]byte, bool) {
	b, err := v.Addr().Interface().(*time.Time).AppendText(append(b, '"'))
	return append(b, '"'), err == nil
}

func writerOfSlice(each writes) writes {
	return func(b []byte, v reflect.Value) ([]byte, bool) {
		if v.IsNil() {
			return append(b, "null"...), true
		}
		b = append(b, '[')
		for n := range v.Len() {
			if n > 0 {
				b = append(b, ',')
			}
			var ok bool
			if b, ok = each(b, v.Index(n)); !ok {
				return b, false
			}
		}
		return append(b, ']'), true
	}
}

// memberWriter is how a member of a struct is written.
type memberWriter struct {
	lead   string // "NAME":
	index  []int
	writes writes
	left   func(v reflect.Value) bool // says that it is left out; nil = it never is
}

func writerOfStruct(t reflect.Type, within []reflect.Type) writes {
	fields, ok := fieldsOf(t)
	if !ok {
		return writeByJSON
	}
	members := make([]memberWriter, len(fields))
	for n, f := range fields {
		members[n] = memberWriter{`"` + f.name + `":`, f.index, writerOf(f.of, within), leftOut(f)}
	}
	return func(b []byte, v reflect.Value) ([]byte, bool) {
		b = append(b, '{')
		first := true
		for n := range members {
			m := &members[n]
			field := v
			for _, at := range m.index {
				field = field.Field(at)
			}
			if m.left != nil && m.left(field) {
				continue
			}
			if !first {
				b = append(b, ',')
			}
			first = false
			var ok bool
			if b, ok = m.writes(append(b, m.lead...), field); !ok {
				return b, false
			}
		}
		return append(b, '}'), true
	}
}

// leftOut says when a field's options leave it out; nil = never.
func leftOut(f field) func(reflect.Value) bool {
	empty := func(v reflect.Value) bool { return v.IsZero() }
	switch f.of.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		empty = func(v reflect.Value) bool { return v.Len() == 0 }
	case reflect.Struct:
		empty = nil
	}
	if !f.omitEmpty {
		empty = nil
	}
	if !f.omitZero {
		return empty
	}
	zero := func(v reflect.Value) bool { return v.IsZero() }
	if reflect.PointerTo(f.of).Implements(zeroer) {
		zero = func(v reflect.Value) bool { return v.Addr().Interface().(interface{ IsZero() bool }).IsZero() }
	}
	if empty == nil {
		return zero
	}
	return func(v reflect.Value) bool { return empty(v) || zero(v) }
}

var zeroer = reflect.TypeFor[interface{ IsZero() bool }]()

// appendString appends a text as encoding/json does, which escapes <, > and &, too.
func appendString(b []byte, text string) []byte {
	ascii := true
	for i := range len(text) {
		switch c := text[i]; {
		case c < ' ' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&':
			return appendEscaped(b, text)
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	if !ascii && (!utf8.ValidString(text) || strings.Contains(text, "\u2028") || strings.Contains(text, "\u2029")) {
		return appendEscaped(b, text)
	}
	return append(append(append(b, '"'), text...), '"')
}

func appendEscaped(b []byte, text string) []byte {
	quoted, err := json.Marshal(text)
	if err != nil { // no string fails
		panic(err)
	}
	return append(b, quoted...)
}
