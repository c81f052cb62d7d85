package tmf

import (
	"fmt"
	"strconv"
)

// node makes an object of names and values in turn. A value is a Value, text,
// a truth, a whole number, or a list of Values or texts; an empty list and an
// empty text leave the member out.
func node(pairs ...any) Value {
	members := make([]Member, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		if v, there := nodeValue(pairs[i+1]); there {
			members = append(members, MemberOf(pairs[i].(string), v))
		}
	}
	return ObjectOf(members...)
}

func nodeValue(of any) (v Value, there bool) {
	switch of := of.(type) {
	case Value:
		return of, of.Kind() != Null
	case string:
		return Text(of), of != ""
	case bool:
		return BoolOf(of), true
	case int:
		return NumberOf(strconv.Itoa(of)), true
	case []Value:
		return ArrayOf(of...), len(of) > 0
	case []string:
		return ArrayOf(textNodes(of)...), len(of) > 0
	}
	panic(fmt.Sprintf("no value: %T", of))
}

func textNodes(of []string) []Value {
	all := make([]Value, len(of))
	for i, s := range of {
		all[i] = Text(s)
	}
	return all
}

// refTo refers to a component of the document.
func refTo(section, name string) Value {
	return node("$ref", "#/components/"+section+"/"+name)
}

// componentSet are the components of one section of a document, in the order in which
// they were first referred to.
type componentSet struct {
	section string
	names   []string
	made    map[string]Value
}

func newComponents(section string) *componentSet {
	return &componentSet{section: section, made: map[string]Value{}}
}

// ref refers to a component, which is made when it is the first to do so. What
// is made may refer to itself.
func (p *componentSet) ref(name string, make func() Value) Value {
	if _, there := p.made[name]; !there {
		p.names = append(p.names, name)
		p.made[name] = Value{}
		p.made[name] = make()
	}
	return refTo(p.section, name)
}

func (p *componentSet) value() Value {
	members := make([]Member, len(p.names))
	for i, name := range p.names {
		members[i] = MemberOf(name, p.made[name])
	}
	return ObjectOf(members...)
}
