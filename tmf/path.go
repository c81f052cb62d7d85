package tmf

import (
	"strings"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
)

// path is a dotted name of an attribute, such as contactMedium.medium.city. It
// leads through arrays: then it means the attribute of any element.
type path struct {
	text   string
	steps  []step
	leaf   *dialect.Field // Type is OfAny below an attribute of any JSON
	filled bool           // a kept document does not have it: the server fills it in
}

// step is one attribute on the way, under each of its spellings. missing is what
// it counts as where it is not there.
type step struct {
	name    string
	aliases []string
	missing jsondoc.Value
}

var anything = &dialect.Field{Type: dialect.OfAny}

// resolve finds an attribute by its dotted name; ok is false when there is none.
func resolve(s *dialect.Shape, text string) (p path, ok bool) {
	p.text = text
	leaf := (*dialect.Field)(nil)
	for name := range strings.SplitSeq(text, ".") {
		switch {
		case leaf != nil && leaf.Type == dialect.OfAny && name != "":
			leaf = anything
			p.steps = append(p.steps, step{name: name})
			continue
		case leaf != nil && leaf.Shape == nil:
			return path{}, false
		case leaf != nil:
			s = leaf.Shape
		}
		if leaf = s.Field(name); leaf == nil {
			return path{}, false
		}
		p.steps = append(p.steps, step{leaf.Name, leaf.Aliases, leaf.Default})
		p.filled = p.filled || leaf.Computed || s.Fills(leaf)
	}
	p.leaf = leaf
	return p, true
}

// appendAttributes adds the attribute of the document that the path begins with,
// under each of its spellings.
func (p *path) appendAttributes(names []string) []string {
	return append(append(names, p.steps[0].name), p.steps[0].aliases...)
}

// in finds the attribute in an object.
func (s *step) in(object jsondoc.Value) (jsondoc.Value, bool) {
	v, found := object.Get(s.name)
	for i := 0; !found && i < len(s.aliases); i++ {
		v, found = object.Get(s.aliases[i])
	}
	if !found && object.Kind() == jsondoc.Object && s.missing.Kind() != jsondoc.Null {
		return s.missing, true
	}
	return v, found
}

// first finds the first scalar at the path, from its step on.
func (p *path) first(v jsondoc.Value, from int) (jsondoc.Value, bool) {
	switch {
	case v.Kind() == jsondoc.Array:
		for _, item := range v.Items() {
			if found, ok := p.first(item, from); ok {
				return found, true
			}
		}
	case v.Kind() == jsondoc.Object && from < len(p.steps):
		if member, found := p.steps[from].in(v); found {
			return p.first(member, from+1)
		}
	case v.Kind() != jsondoc.Object && v.Kind() != jsondoc.Null && from == len(p.steps):
		return v, true
	}
	return jsondoc.Value{}, false
}
