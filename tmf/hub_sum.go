package tmf

import (
	"hash/fnv"
	"slices"
	"strconv"
)

// sumsOf gives a short sum of each attribute's value.
func sumsOf(doc Value) map[string]string {
	sums := make(map[string]string, len(doc.members))
	for _, m := range doc.members {
		h := fnv.New64a()
		_, _ = h.Write(m.Value.Append(nil)) // never fails (hash.Hash)
		sums[m.Name] = strconv.FormatUint(h.Sum64(), 36)
	}
	return sums
}

func sorted(names []string) []string {
	slices.Sort(names)
	return names
}
