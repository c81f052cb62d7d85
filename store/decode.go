package store

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Documents are mostly what json.Marshal wrote of their kind's type: each member by its
// own name, most often in the order of the fields. A plan, made once for a type, reads
// such ones in one pass. Whatever else it meets it leaves to encoding/json, whose word
// counts: a plan reads a document as json.Unmarshal does, or not at all.

// reads reads the next value of d into a zero v; false where that is for encoding/json.
type reads func(d *document, v reflect.Value) bool

// decode reads a document into a zero x by the plan of its type.
func decode[T any](plan reads, doc []byte, x *T) error {
	d := document{text: string(doc)}
	if plan(&d, reflect.ValueOf(x).Elem()) && d.ended() {
		return nil
	}
	*x = *new(T)
	return json.Unmarshal(doc, x)
}

var (
	unmarshaler     = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// planOf is how values of a type are read; within are the types that it is a part of.
func planOf(t reflect.Type, within []reflect.Type) reads {
	if slices.Contains(within, t) {
		return leaveToJSON
	}
	within = append(slices.Clip(within), t)
	itself := reflect.PointerTo(t).Implements(unmarshaler) || reflect.PointerTo(t).Implements(textUnmarshaler)
	switch {
	case itself && t.Name() == "", t == reflect.TypeFor[json.Number]():
		return leaveToJSON
	case t == reflect.TypeFor[time.Time]():
		return readTime
	case t == reflect.TypeFor[ID]():
		return readID
	case reflect.PointerTo(t).Implements(unmarshaler):
		return readUnmarshaler
	case itself:
		return readText
	}
	switch t.Kind() {
	case reflect.String:
		return readString
	case reflect.Bool:
		return readBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return readInt
	case reflect.Struct:
		return planOfStruct(t, within)
	case reflect.Slice:
		if t.Elem().Kind() != reflect.Uint8 { // bytes are base64
			return planOfSlice(planOf(t.Elem(), within))
		}
	case reflect.Pointer:
		each := planOf(t.Elem(), within)
		return func(d *document, v reflect.Value) bool {
			if d.null() {
				return true
			}
			v.Set(reflect.New(t.Elem()))
			return each(d, v.Elem())
		}
	}
	return leaveToJSON
}

// leaveToJSON reads one value, whatever it is, by encoding/json.
func leaveToJSON(d *document, v reflect.Value) bool {
	raw, ok := d.value()
	return ok && json.Unmarshal([]byte(raw), v.Addr().Interface()) == nil
}

func readUnmarshaler(d *document, v reflect.Value) bool {
	raw, ok := d.value()
	return ok && v.Addr().Interface().(json.Unmarshaler).UnmarshalJSON([]byte(raw)) == nil
}

func readText(d *document, v reflect.Value) bool {
	if d.null() {
		return true
	}
	text, ok := d.string()
	return ok && v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text)) == nil
}

// readTime is readUnmarshaler for a time, without an interface that the text outlives.
func readTime(d *document, v reflect.Value) bool {
	raw, ok := d.value()
	if !ok {
		return false
	}
	at := v.Addr().Interface().(*time.Time)
	if plain(raw) {
		return at.UnmarshalText([]byte(raw[1:len(raw)-1])) == nil
	}
	return at.UnmarshalJSON([]byte(raw)) == nil
}

// readID is readText for an id.
func readID(d *document, v reflect.Value) bool {
	if d.null() {
		return true
	}
	text, ok := d.string()
	if !ok || text == "" {
		return ok
	}
	id, err := ParseID(text)
	v.SetInt(int64(id))
	return err == nil
}

func readString(d *document, v reflect.Value) bool {
	text, ok := d.string()
	if ok {
		v.SetString(text)
	}
	return ok || d.null()
}

func readBool(d *document, v reflect.Value) bool {
	is := d.word("true")
	if is {
		v.SetBool(true)
	}
	return is || d.word("false") || d.null()
}

func readInt(d *document, v reflect.Value) bool {
	if d.null() {
		return true
	}
	raw, ok := d.value()
	if !ok || strings.HasPrefix(raw, `"`) {
		return false
	}
	n, err := strconv.ParseInt(raw, 10, v.Type().Bits())
	if err == nil {
		v.SetInt(n)
	}
	return err == nil
}

func planOfSlice(each reads) reads {
	return func(d *document, v reflect.Value) bool {
		if d.null() {
			return true
		}
		if !d.take('[') {
			return false
		}
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		if d.take(']') {
			return true
		}
		for n := 0; ; n++ {
			v.Grow(1)
			v.SetLen(n + 1)
			if !each(d, v.Index(n)) {
				return false
			}
			if !d.take(',') {
				return d.take(']')
			}
		}
	}
}

// structPlan is how a struct is read: its members, those of embedded structs among them.
type structPlan []memberPlan

type memberPlan struct {
	name  string
	lead  string // "NAME": as Marshal writes it
	index []int  // where its field is, through embedded structs
	reads reads
}

func planOfStruct(t reflect.Type, within []reflect.Type) reads {
	fields, ok := fieldsOf(t)
	if !ok {
		return leaveToJSON
	}
	p := make(structPlan, len(fields))
	for n, f := range fields {
		p[n] = memberPlan{f.name, `"` + f.name + `":`, f.index, planOf(f.of, within)}
	}
	return p.read
}

func (p structPlan) read(d *document, v reflect.Value) bool {
	if d.null() {
		return true
	}
	if !d.take('{') {
		return false
	}
	if d.take('}') {
		return true
	}
	var seen uint64
	for next := 0; ; next++ {
		at, ok := p.member(d, next)
		switch {
		case !ok:
			return false
		case at < 0: // of a version that had it
			if _, ok := d.value(); !ok {
				return false
			}
		case seen&(1<<at) != 0:
			return false
		default:
			seen |= 1 << at
			next = at
			field := v
			for _, n := range p[at].index {
				field = field.Field(n)
			}
			if !p[at].reads(d, field) {
				return false
			}
		}
		if !d.take(',') {
			return d.take('}')
		}
	}
}

// member goes on behind the name of a member, which is most often the next one or one soon
// after it; -1 = the type has none of that name. ok is false where that is for
// encoding/json, which takes names for a member's that are spelled otherwise.
func (p structPlan) member(d *document, next int) (at int, ok bool) {
	for at := next; at < len(p); at++ {
		if strings.HasPrefix(d.text[d.at:], p[at].lead) {
			d.at += len(p[at].lead)
			return at, true
		}
	}
	name, ok := d.string()
	if !ok || !d.take(':') {
		return 0, false
	}
	if at := slices.IndexFunc(p, func(m memberPlan) bool { return m.name == name }); at >= 0 {
		return at, true
	}
	return -1, !slices.ContainsFunc(p, func(m memberPlan) bool { return strings.EqualFold(m.name, name) })
}

// document is the JSON that a plan reads.
type document struct {
	text string
	at   int
}

func (d *document) space() {
	for d.at < len(d.text) && (d.text[d.at] == ' ' || d.text[d.at] == '\n' || d.text[d.at] == '\t' || d.text[d.at] == '\r') {
		d.at++
	}
}

// ended says whether nothing follows.
func (d *document) ended() bool {
	d.space()
	return d.at == len(d.text)
}

func (d *document) take(c byte) bool {
	d.space()
	if d.at == len(d.text) || d.text[d.at] != c {
		return false
	}
	d.at++
	return true
}

// word takes a literal, which a value ends with.
func (d *document) word(word string) bool {
	d.space()
	if !strings.HasPrefix(d.text[d.at:], word) {
		return false
	}
	d.at += len(word)
	return true
}

func (d *document) null() bool { return d.word("null") }

// string is the next value, where that is a string.
func (d *document) string() (string, bool) {
	d.space()
	start := d.at
	if start == len(d.text) || d.text[start] != '"' {
		return "", false
	}
	ascii := true
	for i := start + 1; i < len(d.text); i++ {
		switch c := d.text[i]; {
		case c == '"':
			d.at = i + 1
			text := d.text[start+1 : i]
			return text, ascii || utf8.ValidString(text)
		case c == '\\':
			return d.escaped()
		case c < ' ':
			return "", false
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return "", false
}

// escaped is string for one that has escapes.
func (d *document) escaped() (text string, ok bool) {
	raw, ok := d.value()
	return text, ok && json.Unmarshal([]byte(raw), &text) == nil
}

// value is the text of the next value of any kind; false where it is no JSON.
func (d *document) value() (string, bool) {
	d.space()
	start, depth := d.at, 0
	for d.at < len(d.text) {
		switch c := d.text[d.at]; c {
		case '"':
			if !d.pass() {
				return "", false
			}
		case '{', '[':
			depth++
			d.at++
			continue
		case '}', ']', ',', ' ', '\n', '\t', '\r':
			if depth == 0 { // after a number or a word
				return d.text[start:d.at], json.Valid([]byte(d.text[start:d.at]))
			}
			if c == '}' || c == ']' {
				depth--
			}
			d.at++
		default:
			d.at++
			continue
		}
		if depth == 0 {
			break
		}
	}
	raw := d.text[start:d.at]
	return raw, plain(raw) || json.Valid([]byte(raw))
}

// pass goes on behind a string.
func (d *document) pass() bool {
	for i := d.at + 1; i < len(d.text); i++ {
		switch d.text[i] {
		case '\\':
			i++
		case '"':
			d.at = i + 1
			return true
		}
	}
	return false
}

// plain says whether a value is a string without escapes, of nothing but printable ASCII.
func plain(raw string) bool {
	if len(raw) < 2 || raw[0] != '"' {
		return false
	}
	for i := range len(raw) {
		if c := raw[i]; c == '\\' || c < ' ' || c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
