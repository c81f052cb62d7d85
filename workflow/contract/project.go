package contract

import (
	"slices"

	"rator/workflow/value"
)

// Project is an answer as its contract lists it: the declared keys in the
// contract's order at every level, repeats together, others dropped. Typed
// clients read sequences in order, and a site's contract may list less than a
// component gives. A complex value declared without values keeps what it has.
// What is listed so already is not copied: nothing of in, nor of the answer, is to be
// changed afterwards.
func Project(vs []*Value, in value.Tree) value.Tree {
	out, next := in, 0
	for i, e := range in {
		for next < len(vs) && vs[next].Key != e.Key {
			next++
		}
		if next == len(vs) {
			return listed(vs, in)
		}
		if len(vs[next].Values) == 0 {
			continue
		}
		items := Project(vs[next].Values, e.Items)
		if len(items) == len(e.Items) && (len(items) == 0 || &items[0] == &e.Items[0]) {
			continue
		}
		if &out[0] == &in[0] {
			out = slices.Clone(in)
		}
		out[i].Items = items
	}
	return out
}

// listed is Project of what is not in the contract's order, or has more.
func listed(vs []*Value, in value.Tree) value.Tree {
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
