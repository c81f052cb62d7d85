package access

import (
	"path"
	"slices"
	"strings"
)

// Rights over the house itself, and not over what its customers have. They are given
// by name only: no pattern matches them, not * either, so that nobody has them who
// was not given them.
const (
	RightOperators  = "ADMIN_OPERATORS"  // make and change operators
	RightCatalogue  = "ADMIN_CATALOGUE"  // change what is sold
	RightHookpoints = "ADMIN_HOOKPOINTS" // change what calls do
	RightEvents     = "EVENTS_READ"      // read what happened, brand by brand
	RightAudit      = "AUDIT_READ"       // read who did what
	RightCalls      = "CALLS_READ"       // read requests and answers of recent calls
	RightTrace      = "TRACE"            // read what ran in a call
)

// RightPerson is the right to SOAP_EXPORT_PERSON, which answers everything that is kept of
// a person. It is given by name only, as rights over the house are: who has SOAP_* or *
// was not meant to have it.
const RightPerson = "SOAP_EXPORT_PERSON"

// HouseRights are the rights over the house.
var HouseRights = []string{RightOperators, RightCatalogue, RightHookpoints, RightEvents, RightAudit, RightCalls, RightTrace}

// houseArea finds the right over the house that a pattern is taken for: the pattern
// matches it, and begins with all of the right's first word. "" when there is none.
func houseArea(pattern string) string {
	i := strings.IndexAny(pattern, `*?[\`)
	if i < 0 {
		return ""
	}
	for _, right := range HouseRights {
		word, _, _ := strings.Cut(right, "_")
		if matched, err := path.Match(pattern, right); err == nil && matched && strings.HasPrefix(pattern[:i], word) {
			return right
		}
	}
	return ""
}

// byNameOnly reports whether no pattern gives a right.
func byNameOnly(right string) bool {
	return right == RightPerson || slices.Contains(HouseRights, right)
}
