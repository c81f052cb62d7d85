// Package compare says how an answer differs from the expected one. What an
// executeMethod answer means is compared, not how it is written: prefixes, the
// order of different keys, white space between elements and where xsi is declared
// do not count; names, types, values, nulls, and the order and number of list
// items do. Other XML is compared by names with their namespaces, attributes in any
// order, and content (replay.md "Replay").
package compare

import "rator/workflow/contract"

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
	// Captures is told what ${capture:name} took.
	Captured func(name, value string)
}
