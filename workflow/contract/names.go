package contract

import "regexp"

// The patterns by which contracts ask for an object: for its id, or, where it is one
// of the catalogue, for its id or its key.
const (
	idPattern   = `[0-9]{18}`
	namePattern = idPattern + `|[A-Za-z][A-Za-z0-9_]{0,59}`
)

// looks are what a caller may have taken for an id, the first that fits.
var looks = []struct {
	like string
	text *regexp.Regexp
}{
	{"a key of the catalogue", regexp.MustCompile(`\A[A-Z][A-Z0-9_]{0,59}\z`)},
	{"a name", regexp.MustCompile(`\A[\pL][\pL\d_.@ -]*\z`)},
	{"the name of a billing group", regexp.MustCompile(`\A[0-9]{6,10}-[0-9]{1,3}\z`)},
	{"an id with other characters around it", regexp.MustCompile(`\A\D*[0-9]{18}\D*\z`)},
	{"a phone number", regexp.MustCompile(`\A[+(]*[0-9]([ ()./-]{0,3}[0-9]){6,14}\z`)},
	{"a customer number", regexp.MustCompile(`\A[0-9]{1,6}\z`)},
}

// mismatch is the rule of a pattern that text does not match. Where the pattern is
// that of ids it says what the text looks like, without repeating it.
func (v *Value) mismatch(text string) string {
	rule := ""
	switch v.source() {
	case idPattern:
		rule = "is no id of 18 digits"
	case namePattern:
		rule = "is neither an id of 18 digits nor a key of the catalogue"
	default:
		return "does not match " + v.source()
	}
	for _, l := range looks {
		if l.text.MatchString(text) {
			return rule + ": it looks like " + l.like
		}
	}
	return rule
}
