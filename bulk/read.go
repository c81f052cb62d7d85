package bulk

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"rator/customer"
	"rator/workflow/contract"
)

// mostMistakes is how many mistakes of a line are told.
const mostMistakes = 50

// Reader reads lines. The zero Reader takes ids of 18 digits, and names.
type Reader struct {
	// ForeignIDs takes ids of another system, in any form, for names: Number gives them
	// ids of ours, and Customer.IDs tells which.
	ForeignIDs bool
	days       bool // of CSV, where a moment may be a day
}

// Read reads a line, strictly: each thing that is wrong is a mistake, as far as what
// follows can be read. With mistakes the customer is not whole. What came without an id,
// or with a name, has a stand-in for one, below 0.
func (r Reader) Read(line []byte) (*Customer, []Mistake) {
	c := &Customer{}
	in := input{scanner: scanner{text: string(line)}, foreign: r.ForeignIDs, days: r.days, c: c}
	in.line(line)
	return c, in.mistakes
}

// input is one line that is being read.
type input struct {
	scanner
	foreign  bool
	days     bool // moments may be days
	kept     bool // what is read was kept by a store, which took it as it is
	c        *Customer
	path     trail
	mistakes []Mistake
}

// step is a member, or an element of a list where name is "".
type step struct {
	name string
	n    int
}

func (in *input) line(raw []byte) {
	switch {
	case !utf8.Valid(raw):
		in.at = firstOdd(raw)
		in.wrong("a byte is not UTF-8; write the file in UTF-8")
	case in.next() != '{':
		in.wrong("%s; a line is one JSON object, which begins with {", in.found())
	default:
		in.object(linePlan(), reflect.ValueOf(in.c).Elem(), true)
		if in.next() != 0 {
			in.wrong("%s behind the object; a line is one customer", in.found())
		}
	}
	if in.broken != "" {
		in.path = nil
		in.mistake("is no JSON object: %s", in.broken)
		return
	}
	if len(in.mistakes) > 0 && in.mistakes[0].Path == "format" {
		in.mistakes = in.mistakes[:1] // of another format, all is wrong
		return
	}
	in.finish()
}

func firstOdd(raw []byte) int {
	at := 0
	for r, n := utf8.DecodeRune(raw); r != utf8.RuneError || n > 1; r, n = utf8.DecodeRune(raw[at:]) {
		at += n
	}
	return at
}

// finish is what can be said when all was read.
func (in *input) finish() {
	in.path = nil
	c := in.c
	if c.Account == nil {
		in.missing("account", "is missing: a customer has one")
		c.Account = &customer.Account{}
	}
	if len(c.Users) == 0 {
		in.missing("users", "is missing: a customer has at least one")
	}
	var declared []string
	for _, n := range c.names.all {
		if n.declared && n.text != "" {
			declared = append(declared, n.text)
		}
	}
	for _, n := range c.names.all {
		if !n.declared {
			in.add(n.first, fmt.Sprintf("%s is the id of nothing in this line%s", quote(n.text), contract.Suggest(n.text, declared)))
		}
	}
	in.imply()
}

// missing says so of what is not there, and was not there in another form.
func (in *input) missing(path, text string) {
	if !slices.ContainsFunc(in.mistakes, func(m Mistake) bool { return m.Path == path }) {
		in.add(path, text)
	}
}

// imply gives what belongs to the customer its account and brand, where it says none.
func (in *input) imply() {
	v, p := reflect.ValueOf(in.c).Elem(), linePlan()
	for n := range p.members {
		of := p.members[n].plan
		if of.form != list || of.each.form != object {
			continue
		}
		parts := p.members[n].at(v)
		for k := range of.each.members {
			m := &of.each.members[k]
			if m.implied == zero {
				continue
			}
			for i := range parts.Len() {
				switch field := m.at(parts.Index(i).Elem()); {
				case m.implied == account && field.Int() == 0:
					field.SetInt(int64(in.c.Account.ID))
				case m.implied == brand && field.Len() == 0:
					field.SetString(in.c.Account.Brand)
				}
			}
		}
	}
}

func (in *input) mistake(format string, args ...any) {
	in.add(in.path.String(), fmt.Sprintf(format, args...))
}

func (in *input) add(path, text string) {
	if len(in.mistakes) < mostMistakes {
		in.mistakes = append(in.mistakes, Mistake{path, text})
	}
}

// trail is a path, from the line on.
type trail []step

func (t trail) String() string {
	var b strings.Builder
	for _, s := range t {
		switch {
		case s.name == "":
			b.WriteString("[" + strconv.Itoa(s.n) + "]")
		case b.Len() > 0:
			b.WriteString("." + s.name)
		default:
			b.WriteString(s.name)
		}
	}
	return b.String()
}

func (in *input) push(s step) { in.path = append(in.path, s) }

func (in *input) pop() { in.path = in.path[:len(in.path)-1] }
