package contract

import "strconv"

// maxListed bounds what one check lists.
const maxListed = 50

// Report is what Check found.
type Report struct {
	Violations []Violation // at most 50; with any, the tree is not in order
	Warnings   int         // values that did not read and became null
	Unread     []string    // the paths of the first 50 of them; keys that are not declared are clipped
	Unknown    int         // entries whose key is not declared; they are kept
}

// Violation is a broken rule at a path of keys; an item of a list has its
// number, from 1: SIGNUP_SERVICES/CDMA_SERVICE[2]/ORDER_ID.
type Violation struct {
	Path string
	Rule string // ends the sentence the path begins: "is missing"
}

func (v Violation) String() string { return v.Path + " " + v.Rule }

func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}

func (v *Value) source() string {
	anchored := v.Pattern.String()
	return anchored[len(`\A(?:`) : len(anchored)-len(`)\z`)]
}
