package contract

import (
	"slices"

	"rator/workflow/value"
)

// undeclared checks in[i], which no contract declares. Its type is its own; without
// one it is complex when there is something below it, else a string.
func (c *checker) undeclared(in value.Tree, i int) (result value.Entry, differs bool) {
	c.path = append(c.path, step{in, i, nil})
	result, differs = c.asItIs(&in[i])
	c.path = c.path[:len(c.path)-1]
	return result, differs
}

// asItIs checks an entry as what it says it is.
func (c *checker) asItIs(e *value.Entry) (result value.Entry, differs bool) {
	own := e.Type
	if own == value.Bare {
		own = value.String
	}
	switch {
	case isComplex(e):
		items, changed := c.open(e.Items)
		if !changed && e.Type == value.Complex && !e.Odd {
			return *e, false
		}
		return value.Of(e.Key, items...), true
	case e.Null && e.Odd:
		return c.unread(&Value{Key: e.Key, Type: own}, ""), true
	case e.Null, own == value.String:
		return value.Entry{Key: e.Key, Type: own, Text: e.Text, Null: e.Null}, own != e.Type
	}
	return c.scalar(&Value{Key: e.Key, Type: own}, e)
}

func isComplex(e *value.Entry) bool { return e.Type == value.Complex || len(e.Items) > 0 }

// open is undeclared for every entry; a copy is made only when one changes.
func (c *checker) open(in value.Tree) (out value.Tree, changed bool) {
	out = in
	for i := range in {
		entry, differs := c.undeclared(in, i)
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
