package query

import (
	"slices"
	"strings"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
)

// Selection is what ?fields asks for: some attributes, at any depth.
type Selection struct {
	shape    *dialect.Shape
	selected []string // attributes that it has in any case
	names    []string // as they were asked for
	All      bool     // everything
	chosen   chosen
}

// chosen are attributes by their name in the tables; nil below one means the
// whole of it.
type chosen map[string]chosen

// The two names that are no attributes.
const (
	everything = "all"
	nothing    = "none" // nothing but id and href
)

func newSelection(shape *dialect.Shape, selected []string) *Selection {
	return &Selection{shape: shape, selected: selected}
}

// add takes a list of names in, with spaces around the commas or not. Without
// any name everything is meant. Names that no document has are ignored.
func (s *Selection) add(list string) {
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.TrimSpace(name); name != "" {
			s.names = append(s.names, name)
		}
	}
	s.All = len(s.names) == 0 || slices.Contains(s.names, everything)
	s.chosen = chosen{}
	for _, name := range s.selected {
		s.chosen[name] = nil
	}
	for _, name := range s.names {
		if name == nothing {
			s.chosen["id"], s.chosen["href"] = nil, nil
			continue
		}
		s.chosen.add(s.shape, name)
	}
}

// add takes in a dotted name, from outside to inside.
func (c chosen) add(shape *dialect.Shape, name string) {
	name, inner, dotted := strings.Cut(name, ".")
	var below *dialect.Shape
	if shape != nil {
		if f := shape.Field(name); f != nil {
			name, below = f.Name, f.Shape
		}
	}
	old, there := c[name]
	switch {
	case there && old == nil:
		return
	case !dotted:
		c[name] = nil
		return
	case !there:
		old = chosen{}
		c[name] = old
	}
	old.add(below, inner)
}

// Apply is the part of the document that is selected. A nil selection selects
// everything.
func (s *Selection) Apply(doc jsondoc.Value) jsondoc.Value {
	if s == nil || s.All {
		return doc
	}
	return s.chosen.from(s.shape, doc)
}

func (c chosen) from(shape *dialect.Shape, v jsondoc.Value) jsondoc.Value {
	switch v.Kind() {
	case jsondoc.Array:
		items := make([]jsondoc.Value, len(v.Items()))
		for i, item := range v.Items() {
			items[i] = c.from(shape, item)
		}
		return jsondoc.ArrayOf(items...)
	case jsondoc.Object:
		members := make([]jsondoc.Member, 0, len(c))
		for _, m := range v.Members() {
			name, below := m.Name, (*dialect.Shape)(nil)
			if shape != nil {
				if f := shape.Field(name); f != nil {
					name, below = f.Name, f.Shape
				}
			}
			inner, found := c[name]
			switch {
			case !found:
				continue
			case inner != nil:
				m.Value = inner.from(below, m.Value)
			}
			members = append(members, m)
		}
		return jsondoc.ObjectOf(members...)
	}
	return v
}
