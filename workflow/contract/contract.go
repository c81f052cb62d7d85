// Package contract reads contract.xml, the one place where a hookpoint says what
// goes in and what comes out (architecture.md 5, rator-api.md 4), and checks
// values against it. It knows no business and runs nothing.
package contract

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"

	"rator/card"
	"rator/workflow/value"
)

// Contract is one hookpoint's contract.xml.
type Contract struct {
	Hookpoint string // the hookpointKey
	File      string // where it was read, for messages
	Area      string // heading on the reference page
	Desc      string
	Reads     bool // runs in a read-only transaction
	Internal  bool // only callable from other workflows
	// Optional says of an internal hookpoint that it may be bound or not: the contract
	// stands without a script where nothing is, and says what hook() asks of one that is.
	Optional bool
	// DynamicKey says, in words, what hook() gives as key.
	DynamicKey string
	MaxBytes   int // request limit in bytes; 0 = the endpoint's own (256 KiB)
	// ObjectKey is the path (A/B) of the value whose text the call log and the
	// audit keep as the object's id, Rator's SOAP.MONITORING.OBJ_ID_KEY: in the
	// request if it is declared there, else in the response.
	ObjectKey string
	Request   []*Value
	Response  []*Value
	Errors    []Failure
	Events    []*Event // topics of the site's own
}

// Value is one value element: a key with its rules.
type Value struct {
	Key       string
	Type      value.Type // of the letters c s b d f l; f is Double
	Mandatory bool
	Pattern   *regexp.Regexp // anchored at both ends; nil = any
	Class     string         // Rator's own attribute, kept and not used
	Desc      string
	List      bool // the key may repeat
	MaxLen    int  // in characters; 0 = the endpoint's limit
	Enum      []string
	Default   string
	HasDef    bool
	Secret    Secret
	Volatile  bool // changes from run to run
	Since     string
	// Cards is the kind that the attributes reference and identifier say, of text as
	// to card numbers; card.Unsaid leaves it to the key's name.
	Cards card.Kind
	// Values is only for Complex. A complex value declared without any is open:
	// what lies below it is neither checked nor counted as unknown.
	Values []*Value
	Line   int // of the element in File, from 1
	Column int
}

// Secret says how a value is kept from eyes.
type Secret uint8

// NotSecret is shown; Masked is masked wherever it would be shown; Password is
// masked, and is hashed (argon2id) before the workflow sees it.
const (
	NotSecret Secret = iota
	Masked
	Password
)

// Failure is a code the workflow may fail with. Number and Text are given for
// codes that a site declares itself; for the shipped ones the name is enough.
type Failure struct {
	Name   string
	Number int
	Text   map[string]string // per language
	Desc   string
	Line   int
	Column int
}

// Find is the value with that key among vs, or nil.
func Find(vs []*Value, key string) *Value {
	for _, v := range vs {
		if v.Key == key {
			return v
		}
	}
	return nil
}

// Mistake is something wrong in a contract or script, with its place.
type Mistake struct {
	File         string
	Line, Column int
	Message      string // one sentence, with the mend where there is one
}

// String is file:line:column: message, or file: message when it is the whole
// file's.
func (m Mistake) String() string {
	if m.Line == 0 {
		return m.File + ": " + m.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s", m.File, m.Line, m.Column, m.Message)
}

// SortMistakes orders mistakes by file and place.
func SortMistakes(mistakes []Mistake) {
	slices.SortStableFunc(mistakes, func(a, b Mistake) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}
