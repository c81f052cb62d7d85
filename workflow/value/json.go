package value

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
)

// Shape is what is known of a tree's keys beside their entries.
type Shape struct {
	Lists []string          // the keys that may repeat
	Below map[string]*Shape // by key; a key without one is shaped by its entries
}

func (s *Shape) lists() []string {
	if s == nil {
		return nil
	}
	return s.Lists
}

func (s *Shape) below(key string) *Shape {
	if s == nil {
		return nil
	}
	return s.Below[key]
}

// JSON is the tree as an object for people and programs outside: keys in order, a
// repeated key as an array, longs and doubles as numbers, dates as their literal. It
// loses the difference between the types; the wire keeps it.
func (t Tree) JSON() []byte { return (*Shape)(nil).JSON(t) }

// JSON is the tree's, with an array under each key that may repeat, whether none is
// there, one or several. A nil shape knows of no key.
func (s *Shape) JSON(t Tree) []byte {
	var b bytes.Buffer
	t.writeJSON(&b, s)
	return b.Bytes()
}

func (t Tree) writeJSON(b *bytes.Buffer, shape *Shape) {
	b.WriteByte('{')
	first := true
	name := func(key string) {
		if !first {
			b.WriteByte(',')
		}
		first = false
		writeString(b, key)
		b.WriteByte(':')
	}
	lists := shape.lists()
	for i := range t {
		key := t[i].Key
		if seen(t[:i], key) {
			continue
		}
		name(key)
		if seen(t[i+1:], key) || slices.Contains(lists, key) {
			t[i:].writeArray(b, key, shape.below(key))
		} else {
			t[i].writeJSON(b, shape.below(key))
		}
	}
	for _, key := range lists {
		if !seen(t, key) {
			name(key)
			b.WriteString("[]")
		}
	}
	b.WriteByte('}')
}

// writeArray writes what stands under a key.
func (t Tree) writeArray(b *bytes.Buffer, key string, shape *Shape) {
	b.WriteByte('[')
	n := 0
	for e := range t.All(key) {
		if n++; n > 1 {
			b.WriteByte(',')
		}
		e.writeJSON(b, shape)
	}
	b.WriteByte(']')
}

func (e *Entry) writeJSON(b *bytes.Buffer, below *Shape) {
	switch {
	case e.Null:
		b.WriteString("null")
	case e.Type == Complex:
		e.Items.writeJSON(b, below)
	case e.Type == Boolean:
		v, err := ParseBoolean(e.Text)
		writeOr(b, strconv.FormatBool(v), err, e.Text)
	case e.Type == Long:
		n, err := ParseLong(e.Text)
		writeOr(b, strconv.FormatInt(n, 10), err, e.Text)
	case e.Type == Double || e.Type == Float:
		f, err := ParseDouble(e.Text)
		if err == nil && (math.IsInf(f, 0) || math.IsNaN(f)) {
			err = strconv.ErrRange
		}
		writeOr(b, strconv.FormatFloat(f, 'g', -1, 64), err, e.Text)
	default:
		writeString(b, e.Text)
	}
}

// writeOr writes a JSON literal, or the text as a string when it is not one.
func writeOr(b *bytes.Buffer, literal string, err error, text string) {
	if err != nil {
		writeString(b, text)
		return
	}
	b.WriteString(literal)
}

func writeString(b *bytes.Buffer, s string) {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s)       // a string and a buffer cannot fail
	b.Truncate(b.Len() - 1) // Encode's newline
}

func seen(t Tree, key string) bool { return t.Get(key) != nil }
