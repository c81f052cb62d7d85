package contract

import (
	"slices"

	"rator/workflow/value"
)

// typed gives a type to an entry that no contract declares and that came
// without one: complex when there is something below it, else string.
func typed(e *value.Entry) (result value.Entry, differs bool) {
	items, changed := typedTree(e.Items)
	switch {
	case e.Type == value.Bare && len(e.Items) > 0:
		return value.Of(e.Key, items...), true
	case e.Type == value.Bare:
		return value.Entry{Key: e.Key, Type: value.String, Text: e.Text, Null: e.Null}, true
	case changed:
		return value.Of(e.Key, items...), true
	}
	return *e, false
}

// typedTree is typed for every entry; a copy is made only when one changes.
func typedTree(in value.Tree) (out value.Tree, changed bool) {
	out = in
	for i := range in {
		entry, differs := typed(&in[i])
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

// bits is a set of small numbers that needs no memory up to 128.
type bits struct {
	low  [2]uint64
	high map[int]bool
}

func (b *bits) set(i int) {
	if i < 128 {
		b.low[i/64] |= 1 << (i % 64)
		return
	}
	if b.high == nil {
		b.high = map[int]bool{}
	}
	b.high[i] = true
}

func (b *bits) has(i int) bool {
	if i < 128 {
		return b.low[i/64]&(1<<(i%64)) != 0
	}
	return b.high[i]
}
