package openapi

import (
	"fmt"
	"strconv"

	"rator/tmf/jsondoc"
)

// node makes an object of names and values in turn. A value is a Value, text,
// a truth, a whole number, or a list of Values or texts; an empty list and an
// empty text leave the member out.
func node(pairs ...any) jsondoc.Value {
	members := make([]jsondoc.Member, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		if v, there := nodeValue(pairs[i+1]); there {
			members = append(members, jsondoc.MemberOf(pairs[i].(string), v))
		}
	}
	return jsondoc.ObjectOf(members...)
}

func nodeValue(of any) (v jsondoc.Value, there bool) {
	switch of := of.(type) {
	case jsondoc.Value:
		return of, of.Kind() != jsondoc.Null
	case string:
		return jsondoc.Text(of), of != ""
	case bool:
		return jsondoc.BoolOf(of), true
	case int:
		return jsondoc.NumberOf(strconv.Itoa(of)), true
	case []jsondoc.Value:
		return jsondoc.ArrayOf(of...), len(of) > 0
	case []string:
		return jsondoc.ArrayOf(textNodes(of)...), len(of) > 0
	}
	panic(fmt.Sprintf("no value: %T", of))
}

func textNodes(of []string) []jsondoc.Value {
	all := make([]jsondoc.Value, len(of))
	for i, s := range of {
		all[i] = jsondoc.Text(s)
	}
	return all
}

// refTo refers to a component of the document.
func refTo(section, name string) jsondoc.Value {
	return node("$ref", "#/components/"+section+"/"+name)
}

// componentSet are the components of one section of a document, in the order in which
// they were first referred to.
type componentSet struct {
	section string
	names   []string
	made    map[string]jsondoc.Value
}

func newComponents(section string) *componentSet {
	return &componentSet{section: section, made: map[string]jsondoc.Value{}}
}

// ref refers to a component, which is made when it is the first to do so. What
// is made may refer to itself.
func (p *componentSet) ref(name string, make func() jsondoc.Value) jsondoc.Value {
	if _, there := p.made[name]; !there {
		p.names = append(p.names, name)
		p.made[name] = jsondoc.Value{}
		p.made[name] = make()
	}
	return refTo(p.section, name)
}

func (p *componentSet) value() jsondoc.Value {
	members := make([]jsondoc.Member, len(p.names))
	for i, name := range p.names {
		members[i] = jsondoc.MemberOf(name, p.made[name])
	}
	return jsondoc.ObjectOf(members...)
}
