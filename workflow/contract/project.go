package contract

import (
	"rator/workflow/value"
)

// Project is an answer as its contract lists it: the declared keys in the
// contract's order at every level, repeats together, others dropped. Typed
// clients read sequences in order, and a site's contract may list less than a
// component gives. A complex value declared without values keeps what it has.
func Project(vs []*Value, in value.Tree) value.Tree {
	out := make(value.Tree, 0, len(in))
	for _, v := range vs {
		for e := range in.All(v.Key) {
			entry := *e
			if len(v.Values) > 0 {
				entry.Items = Project(v.Values, e.Items)
			}
			out = append(out, entry)
		}
	}
	return out
}
