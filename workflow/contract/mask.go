package contract

import (
	"slices"

	"rator/workflow/value"
)

// maskedText stands where a secret stood, as a string.
const maskedText = "***"

// Mask is tree with every secret's text replaced by ***, for audit, log and
// trace. It needs no checked tree: what the contract does not declare is masked
// when its key is named like a secret (PASSWORD, PIN, PUK, …), and everything
// below a secret complex value is masked. tree is not modified; what needs no
// change is shared with the result.
func Mask(vs []*Value, tree value.Tree) value.Tree {
	out, _ := maskTree(vs, tree, false)
	return out
}

// HoldsSecret reports whether Mask would change the tree.
func HoldsSecret(vs []*Value, tree value.Tree) bool {
	_, changed := maskTree(vs, tree, false)
	return changed
}

func maskTree(vs []*Value, in value.Tree, all bool) (out value.Tree, changed bool) {
	out = in
	for i := range in {
		e := &in[i]
		v := Find(vs, e.Key)
		secret := all || v != nil && v.Secret != NotSecret || v == nil && NamedLikeSecret(e.Key)
		var below []*Value
		if v != nil {
			below = v.Values
		}
		entry, differs := *e, false
		switch {
		case len(e.Items) > 0:
			entry.Items, differs = maskTree(below, e.Items, secret)
		case secret && !e.Null && e.Type != value.Complex:
			entry, differs = value.OfString(e.Key, maskedText), true
		}
		if !differs {
			continue
		}
		if !changed {
			out, changed = slices.Clone(in), true
		}
		out[i] = entry
	}
	return out, changed
}
