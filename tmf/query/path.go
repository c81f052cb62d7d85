package query

import (
	"strings"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
)

// Path is a dotted name of an attribute, such as contactMedium.medium.city. It
// leads through arrays: then it means the attribute of any element.
type Path struct {
	text   string
	Steps  []step
	Leaf   *dialect.Field // Type is OfAny below an attribute of any JSON
	Filled bool           // a kept document does not have it: the server fills it in
}

// step is one attribute on the way, under each of its spellings. missing is what
// it counts as where it is not there.
type step struct {
	Name    string
	aliases []string
	missing jsondoc.Value
}

var anything = &dialect.Field{Type: dialect.OfAny}

// Resolve finds an attribute by its dotted name; ok is false when there is none.
func Resolve(s *dialect.Shape, text string) (p Path, ok bool) {
	p.text = text
	leaf := (*dialect.Field)(nil)
	for name := range strings.SplitSeq(text, ".") {
		switch {
		case leaf != nil && leaf.Type == dialect.OfAny && name != "":
			leaf = anything
			p.Steps = append(p.Steps, step{Name: name})
			continue
		case leaf != nil && leaf.Shape == nil:
			return Path{}, false
		case leaf != nil:
			s = leaf.Shape
		}
		if leaf = s.Field(name); leaf == nil {
			return Path{}, false
		}
		p.Steps = append(p.Steps, step{leaf.Name, leaf.Aliases, leaf.Default})
		p.Filled = p.Filled || leaf.Computed || s.Fills(leaf)
	}
	p.Leaf = leaf
	return p, true
}

// AppendAttributes adds the attribute of the document that the path begins with,
// under each of its spellings.
func (p *Path) AppendAttributes(names []string) []string {
	return append(append(names, p.Steps[0].Name), p.Steps[0].aliases...)
}

// In finds the attribute in an object.
func (s *step) In(object jsondoc.Value) (jsondoc.Value, bool) {
	v, found := object.Get(s.Name)
	for i := 0; !found && i < len(s.aliases); i++ {
		v, found = object.Get(s.aliases[i])
	}
	if !found && object.Kind() == jsondoc.Object && s.missing.Kind() != jsondoc.Null {
		return s.missing, true
	}
	return v, found
}

// first finds the first scalar at the path, from its step on.
func (p *Path) first(v jsondoc.Value, from int) (jsondoc.Value, bool) {
	switch {
	case v.Kind() == jsondoc.Array:
		for _, item := range v.Items() {
			if found, ok := p.first(item, from); ok {
				return found, true
			}
		}
	case v.Kind() == jsondoc.Object && from < len(p.Steps):
		if member, found := p.Steps[from].In(v); found {
			return p.first(member, from+1)
		}
	case v.Kind() != jsondoc.Object && v.Kind() != jsondoc.Null && from == len(p.Steps):
		return v, true
	}
	return jsondoc.Value{}, false
}
