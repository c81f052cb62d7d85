// Package compare says how an answer differs from the expected one. What an
// executeMethod answer means is compared, not how it is written: prefixes, the
// order of different keys, white space between elements and where xsi is declared
// do not count; names, types, values, nulls, and the order and number of list
// items do. Other XML is compared by names with their namespaces, attributes in any
// order, and content (replay.md "Replay").
package compare

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"

	"rator/workflow/contract"
)

// Difference is one place where an answer is not as expected.
type Difference struct {
	// Path is where: return/values[ACCOUNT]/BILLING_GROUPS[0]/NAME for the values of
	// an answer of ours, Envelope/Body/getPriceResponse/item[1]/@id for other XML.
	Path string
	Kind Kind
	Want string // as text; "" where nothing is expected
	Got  string // "" where nothing came
	// The place in the expected text, from 1; of what is above it when it is Extra.
	Line, Column int
}

// Kind is what is different.
type Kind string

// What can differ.
const (
	Missing Kind = "missing" // expected and did not come
	Extra   Kind = "extra"   // came and is not expected
	Name    Kind = "name"    // another element
	Type    Kind = "type"    // another xsi:type
	Value   Kind = "value"   // another text, attribute or byte
	Null    Kind = "null"    // null on one side, empty or a value on the other
	Status  Kind = "status"  // another HTTP status
	Header  Kind = "header"  // another HTTP header
)

// Options say how to compare; the zero value compares everything.
type Options struct {
	// Contract marks what is volatile in answers of its hookpoint, which is compared
	// by shape: an id by its 18 digits, a date by being one, text by being there.
	Contract *contract.Contract
	Ignore   []*Pattern
	// IDs are the values that the answers of this playing gave for recorded ones. nil:
	// ids are compared like any text.
	IDs *IDs
	// Variables are what ${name} stands for in the expected text.
	Variables func(name string) (string, bool)
	// Captured is told what ${capture:name} took.
	Captured func(name, value string)

	volatile func(path, value string) // is told what Note is, whatever came
}

// maxDifferences is where a comparison ends: nobody reads further.
const maxDifferences = 10_000

// Answers compares two messages: answers of ours, and requests to us, by their
// typed values, other XML by its elements. The differences come in the order of
// the expected text. The error is a *SyntaxError.
func Answers(want, got []byte, o *Options) ([]Difference, error) {
	if o == nil {
		o = &Options{}
	}
	c := comparison{Options: o, budget: alignBudget}
	if c.sameBytes(want, got) {
		return nil, nil
	}
	w, err := Parse(want)
	if err != nil {
		var syntax *SyntaxError
		if errors.As(err, &syntax) {
			syntax.Expected = true
		}
		return nil, err
	}
	g, err := Parse(got)
	if err != nil {
		return nil, err
	}
	return Trees(w, g, o)
}

// Trees is Answers of what is parsed already. A tree takes part in one comparison at
// a time.
func Trees(want, got *Node, o *Options) ([]Difference, error) {
	c := comparison{Options: o, budget: alignBudget}
	c.element(&step{name: want.Name.Local, index: -1}, want, got)
	if c.err != nil {
		return nil, c.err
	}
	slices.SortStableFunc(c.found, func(a, b Difference) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return c.found, nil
}

// comparison is one comparison while it runs.
type comparison struct {
	*Options
	found  []Difference
	err    *SyntaxError // the first; what follows does not count
	budget int          // what alignment may still cost
}

func (c *comparison) differ(at *step, k Kind, place *Node, want, got string) {
	if len(c.found) < maxDifferences {
		c.found = append(c.found, Difference{Path: at.String(), Kind: k, Want: want, Got: got, Line: place.Line, Column: place.Column})
	}
}

func (c *comparison) ignored(at *step) bool {
	for _, p := range c.Ignore {
		if p.matches(at) {
			return true
		}
	}
	return false
}

// missing and extra are about a whole element or entry.
func (c *comparison) missing(at *step, want *Node) {
	if !c.ignored(at) {
		c.differ(at, Missing, want, want.excerpt(), "")
	}
}

func (c *comparison) extra(at *step, above, got *Node) {
	if !c.ignored(at) {
		c.differ(at, Extra, above, "", got.excerpt())
	}
}

// Bytes compares what is no text: the first byte that differs, with what is round
// it. Its place counts lines as a text has them.
func Bytes(want, got []byte) []Difference {
	if bytes.Equal(want, got) {
		return nil
	}
	at := 0
	for at < min(len(want), len(got)) && want[at] == got[at] {
		at++
	}
	p := place{line: 1, column: 1}
	p.to(string(want), at)
	return []Difference{{
		Path: fmt.Sprintf("byte %d", at+1), Kind: Value, Want: around(want, at), Got: around(got, at), Line: p.line, Column: p.column,
	}}
}

// around shows a few bytes from an offset on, and how many there are in all.
func around(b []byte, at int) string {
	const before, after = 8, 24
	return fmt.Sprintf("%q of %d bytes", b[max(0, at-before):min(len(b), at+after)], len(b))
}
