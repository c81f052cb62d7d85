package compare

import "regexp"

// chosen is what a server puts into a message of itself: a time, a long number, and
// the incident that its log knows.
var chosen = regexp.MustCompile(`\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?|incident [\w-]+|\d{5,}`)

// sameMessage reports whether two messages for people say the same of the same: they
// differ in nothing but times, numbers and incidents that no request named, and not in
// ids that stand for others.
func (c *comparison) sameMessage(want, got string) bool {
	w, g := chosen.FindAllStringIndex(want, -1), chosen.FindAllStringIndex(got, -1)
	if c.IDs == nil || len(w) == 0 || len(w) != len(g) {
		return false
	}
	atWant, atGot := 0, 0
	for i := range w {
		if want[atWant:w[i][0]] != got[atGot:g[i][0]] || !c.sameChosen(want[w[i][0]:w[i][1]], got[g[i][0]:g[i][1]]) {
			return false
		}
		atWant, atGot = w[i][1], g[i][1]
	}
	return want[atWant:] == got[atGot:]
}

func (c *comparison) sameChosen(want, got string) bool {
	switch {
	case isID(want):
		return isID(got) && c.IDs.accept(want, got)
	case want == got:
		return true
	}
	return !c.named(want) && isDate(want) == isDate(got)
}
