package contract

import (
	"slices"

	"rator/workflow/value"
)

// Unknown names the keys of a request that its contract does not declare, each once,
// by its path, A/B, with the key that may be meant. A server takes such a key and does
// nothing with it. What lies below an open complex value is nobody's to declare.
func Unknown(vs []*Value, in value.Tree) []string {
	if Find(vs, ContextKey) == nil {
		vs = append(slices.Clone(vs), contextValue)
	}
	return unknown(vs, in, "", nil)
}

func unknown(vs []*Value, in value.Tree, path string, found []string) []string {
	for i := range in {
		e := &in[i]
		v := Find(vs, e.Key)
		if v != nil && len(v.Values) > 0 {
			found = unknown(v.Values, e.Items, path+e.Key+"/", found)
		}
		if v != nil {
			continue
		}
		if says := path + e.Key + Suggest(e.Key, Keys(vs)); !slices.Contains(found, says) {
			found = append(found, says)
		}
	}
	return found
}

// Keys are those that values declare.
func Keys(vs []*Value) []string {
	keys := make([]string, len(vs))
	for i, v := range vs {
		keys[i] = v.Key
	}
	return keys
}
