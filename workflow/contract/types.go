package contract

import (
	"slices"
	"strings"

	"github.com/beevik/etree"

	"rator/workflow/value"
)

// Types are lists of values under a name, as the types.xml of a set of hookpoint folders
// declares them, so that contracts that share a list need not repeat it:
//
//	<types>
//	  <type name="PERSON" desc="a person, and where to find them">
//	    <value key="FIRST_NAME" type="s" maxlen="100"/>
//	    …
//	  </type>
//	</types>
//
// A complex value holds all of a type, and nothing else:
//
//	<value key="USER" type="c" use="PERSON"/>
//
// A use among other values stands for those of the type, without some of them, and with
// what is different in this place: an attribute given here takes the place of the type's,
// an empty one takes it away, and values take the place of those below a complex one:
//
//	<values>
//	  <value key="ID" type="s"/>
//	  <use type="PERSON" without="FAX PHONE2">
//	    <value key="FIRST_NAME" mandatory="true"/>
//	  </use>
//	</values>
//
// Types use each other in the same way. A contract that spells everything out needs none.
// To whoever reads a Contract there are no types: it has all its values, each with the
// place of the use that brought it.
//
// No types are a nil *Types.
type Types struct {
	types map[string]*namedType
	under *Types // those that these lie over, or nil
}

// namedType is one type, read when it is first used.
type namedType struct {
	parser  *parser // of its file
	element *etree.Element
	state   readState
	values  []*Value
}

type readState uint8

const (
	unread readState = iota
	reading
	read
)

// ParseTypes reads a types.xml, which lies over the types of under: a name that both
// have is the new one's, but those of under go on using their own. file is its name for
// messages. All mistakes are given at once, in order of place.
func ParseTypes(file string, src []byte, under *Types) (*Types, []Mistake) {
	t := &Types{types: map[string]*namedType{}, under: under}
	p, root, mistakes := newParser(file, src, "list of types", t)
	if len(mistakes) > 0 {
		return t, mistakes
	}
	if root.Tag != "types" {
		p.mistake(root, "the root element is %s, it must be types", root.Tag)
		return t, p.mistakes
	}
	p.attributes(root)
	var order []*namedType
	for _, e := range p.elements(root, []string{"type"}) {
		name := p.attributes(e, "name", "desc").get("name")
		switch {
		case !keyName.MatchString(name):
			p.mistake(e, "name=%q of type is not a name of letters, digits, _, . and -", name)
		case t.types[name] != nil:
			p.mistake(e, "type %s is declared twice, first in line %d", name, p.places[t.types[name].element].line)
		default:
			t.types[name] = &namedType{parser: p, element: e}
			order = append(order, t.types[name])
		}
	}
	for _, n := range order {
		n.read()
	}
	SortMistakes(p.mistakes)
	return t, p.mistakes
}

func (t *Types) find(name string) *namedType {
	for ; t != nil; t = t.under {
		if found := t.types[name]; found != nil {
			return found
		}
	}
	return nil
}

func (t *Types) names() []string {
	var names []string
	for ; t != nil; t = t.under {
		for name := range t.types {
			names = append(names, name)
		}
	}
	return names
}

func (n *namedType) read() {
	if n.state != unread {
		return
	}
	n.state = reading
	if n.values = n.parser.list(n.element, 1); len(n.values) == 0 {
		n.parser.mistake(n.element, "type %s has no values", n.element.SelectAttrValue("name", ""))
	}
	n.state = read
}

// named is the type that e uses, or nil with a mistake.
func (p *parser) named(e *etree.Element, name string) *namedType {
	n := p.types.find(name)
	if n == nil {
		p.mistake(e, "no type %s%s", name, Suggest(name, p.types.names()))
		return nil
	}
	if n.state == reading {
		p.mistake(e, "type %s is used by itself, here or by the types that it uses", name)
		return nil
	}
	n.read()
	return n
}

// use reads a use element: the values of a type, with what is different here.
func (p *parser) use(e *etree.Element, depth int) []*Value {
	a := p.attributes(e, "type", "without")
	if !a.has("type") {
		p.mistake(e, "use has no type; write <use type=\"NAME\"/>")
		return nil
	}
	n := p.named(e, a.get("type"))
	if n == nil {
		return nil
	}
	without := strings.Fields(a.get("without"))
	for _, key := range without {
		p.has(e, n, key)
	}
	different := map[string]*etree.Element{}
	for _, child := range p.elements(e, []string{"value"}) {
		key := child.SelectAttrValue("key", "")
		switch {
		case slices.Contains(without, key):
			p.mistake(child, "key %s is left out by without", key)
		case different[key] != nil:
			p.mistake(child, "key %s is written twice in a use of type %s", key, a.get("type"))
		case p.has(child, n, key):
			different[key] = child
		}
	}
	var vs []*Value
	for _, v := range n.values {
		if !slices.Contains(without, v.Key) {
			vs = append(vs, p.used(e, different[v.Key], n, v, depth))
		}
	}
	return vs
}

// used is a value of a type in the place of e, which uses it, as different says it; nil
// says nothing.
func (p *parser) used(e, different *etree.Element, n *namedType, v *Value, depth int) *Value {
	attributes := n.parser.written[v]
	if different == nil {
		at := p.placed(e, v, depth)
		p.written[at] = attributes
		return at
	}
	whole := &etree.Element{Tag: different.Tag, Child: different.Child}
	for _, a := range attributes {
		if a.Key != "use" && different.SelectAttr(a.Key) == nil {
			whole.Attr = append(whole.Attr, a)
		}
	}
	for _, a := range different.Attr {
		if a.Value != "" {
			whole.Attr = append(whole.Attr, a)
		}
	}
	p.places[whole] = p.places[different]
	return p.value(whole, v, depth)
}

// has reports whether a type has a key, which is a mistake of e if it has not.
func (p *parser) has(e *etree.Element, n *namedType, key string) bool {
	if Find(n.values, key) != nil {
		return true
	}
	p.mistake(e, "type %s has no key %q%s", n.element.SelectAttrValue("name", ""), key, Suggest(key, Keys(n.values)))
	return false
}

// all are the values below a complex value that uses a type whole.
func (p *parser) all(e *etree.Element, name string, depth int) []*Value {
	n := p.named(e, name)
	if n == nil {
		return nil
	}
	return p.below(e, n.values, depth)
}

// below are values of a type in the place of e.
func (p *parser) below(e *etree.Element, vs []*Value, depth int) []*Value {
	at := make([]*Value, len(vs))
	for i, v := range vs {
		at[i] = p.placed(e, v, depth)
	}
	return at
}

// placed is a value of a type in the place of e.
func (p *parser) placed(e *etree.Element, v *Value, depth int) *Value {
	at := *v
	at.Line, at.Column = p.places[e].line, p.places[e].column
	switch {
	case v.Type != value.Complex:
	case depth == maxNesting:
		p.mistake(e, "key %s: values nest deeper than %d", v.Key, maxNesting)
	default:
		at.Values = p.below(e, v.Values, depth+1)
	}
	return &at
}
