package value

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
)

// JSON is the tree as an object for people and programs outside: keys in order,
// a repeated key as an array, longs and doubles as numbers, dates as their
// literal. It loses the difference between the types; the wire keeps it.
func (t Tree) JSON() []byte {
	var b bytes.Buffer
	t.writeJSON(&b)
	return b.Bytes()
}

func (t Tree) writeJSON(b *bytes.Buffer) {
	b.WriteByte('{')
	first := true
	for i := range t {
		key := t[i].Key
		if seen(t[:i], key) {
			continue
		}
		if !first {
			b.WriteByte(',')
		}
		first = false
		writeString(b, key)
		b.WriteByte(':')
		repeated := false
		for range t[i+1:].All(key) {
			repeated = true
			break
		}
		if !repeated {
			t[i].writeJSON(b)
			continue
		}
		b.WriteByte('[')
		n := 0
		for e := range t[i:].All(key) {
			if n++; n > 1 {
				b.WriteByte(',')
			}
			e.writeJSON(b)
		}
		b.WriteByte(']')
	}
	b.WriteByte('}')
}

func (e *Entry) writeJSON(b *bytes.Buffer) {
	switch {
	case e.Null:
		b.WriteString("null")
	case e.Type == Complex:
		e.Items.writeJSON(b)
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
