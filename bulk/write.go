package bulk

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"rator/store"
)

// Options say what a line holds beside what it always does.
type Options struct {
	PasswordHashes bool // and hashes of tokens
}

// Append appends a line, without the end of it. What is empty or zero is left out, and
// account and brand of what is the account's own.
func Append(dst []byte, c *Customer, o Options) []byte {
	w := writer{Options: o, b: append(dst, `{"format":"`+lineFormat+`"`...)}
	if c.Account != nil {
		w.account, w.brand = c.Account.ID, c.Account.Brand
	}
	w.members(linePlan(), reflect.ValueOf(c).Elem(), true)
	return append(w.b, '}')
}

type writer struct {
	Options
	b       []byte
	account store.ID
	brand   string
}

// members writes those of an object that are not left out; more says that others stand
// before them.
func (w *writer) members(p *plan, v reflect.Value, more bool) {
	for n := range p.members {
		m := &p.members[n]
		field := m.at(v)
		if m.secret && !w.PasswordHashes || w.left(m, field) {
			continue
		}
		before := len(w.b)
		if more {
			w.b = append(w.b, ',')
		}
		w.b = append(w.b, m.lead...)
		at := len(w.b)
		w.value(m.plan, field)
		if m.plan.form == object && !m.plan.pointer && len(w.b) == at+len("{}") {
			w.b = w.b[:before]
			continue
		}
		more = true
	}
}

// left reports whether a member is left out.
func (w *writer) left(m *member, v reflect.Value) bool {
	switch {
	case m.implied == account:
		return store.ID(v.Int()) == w.account
	case m.implied == brand:
		return v.String() == w.brand
	case m.plan.pointer:
		return v.IsNil()
	}
	switch m.plan.form {
	case text, day:
		return v.Len() == 0
	case id, whole:
		return v.Int() == 0
	case amount:
		return v.Addr().Interface().(*decimal.Decimal).IsZero()
	case moment:
		return v.Addr().Interface().(*time.Time).IsZero()
	case truth:
		return !v.Bool()
	case list:
		return v.Len() == 0
	}
	return false
}

func (w *writer) value(p *plan, v reflect.Value) {
	if p.pointer {
		v = v.Elem()
	}
	switch p.form {
	case text, day:
		w.text(v.String())
	case id:
		w.b = append(w.b, '"')
		w.b = append(w.b, store.ID(v.Int()).String()...)
		w.b = append(w.b, '"')
	case amount:
		w.text(v.Addr().Interface().(*decimal.Decimal).String())
	case moment:
		w.b = append(w.b, '"')
		w.b = v.Addr().Interface().(*time.Time).UTC().AppendFormat(w.b, time.RFC3339Nano)
		w.b = append(w.b, '"')
	case whole:
		w.b = strconv.AppendInt(w.b, v.Int(), 10)
	case truth:
		w.b = strconv.AppendBool(w.b, v.Bool())
	case list:
		w.b = append(w.b, '[')
		for n := range v.Len() {
			if n > 0 {
				w.b = append(w.b, ',')
			}
			w.value(p.each, v.Index(n))
		}
		w.b = append(w.b, ']')
	case object:
		w.b = append(w.b, '{')
		w.members(p, v, false)
		w.b = append(w.b, '}')
	}
}

// text writes a text; what is no UTF-8 in it becomes U+FFFD.
func (w *writer) text(s string) {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			w.odd(s)
			return
		}
	}
	w.b = append(append(append(w.b, '"'), s...), '"')
}

// odd writes a text that holds more than plain letters.
func (w *writer) odd(s string) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil { // no text fails
		panic(err)
	}
	w.b = append(w.b, strings.TrimSuffix(b.String(), "\n")...)
}
