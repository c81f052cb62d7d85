package wsdl

import (
	"strconv"
	"strings"

	"github.com/beevik/etree"

	"rator/wire"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// typedSchema is the schema of some hookpoints while it is built. Members are
// sequences: a sequence may repeat a member, where xs:all may not. The endpoint
// takes any order.
type typedSchema struct {
	root  *etree.Element
	taken map[string]bool // names of complex types, as Java sees them
}

func addSchema(parent *etree.Element, contracts []*contract.Contract) {
	attributes := []string{"xmlns:xs", schemaNamespace, "xmlns:tns", wire.Namespace, "version", "1.0", "targetNamespace", wire.Namespace}
	for _, b := range javaBindings {
		attributes = append(attributes, "xmlns:"+b.prefix, b.namespace, b.prefix+":version", b.version)
	}
	s := typedSchema{root: add(parent, "xs:schema", attributes...), taken: map[string]bool{}}
	for _, c := range contracts {
		s.hookpoint(c)
	}
}

// hookpoint adds the elements of a request and its answer. Both are plain
// sequences: the generators of .NET 2 take no wrapper that extends a type.
func (s *typedSchema) hookpoint(c *contract.Contract) {
	answer := c.Hookpoint + answerSuffix
	request := add(add(s.root, "xs:element", "name", c.Hookpoint), "xs:complexType")
	response := add(add(s.root, "xs:element", "name", answer), "xs:complexType")
	s.members(add(request, "xs:sequence"), c.Hookpoint, requestValues(c), false)

	outcome := add(response, "xs:sequence")
	add(outcome, "xs:element", "name", wire.ErrorCode, "type", "xs:int")
	add(outcome, "xs:element", "name", wire.ErrorMessage, "type", "xs:string", "minOccurs", "0")
	add(outcome, "xs:element", "name", wire.Status, "type", "xs:int")
	values := withMissing(responseValues(c), []*contract.Value{trace})
	s.members(outcome, answer, values, true)
	for i, e := range outcome.ChildElements()[3:] {
		if isOutcome(values[i].Key) {
			nameInJava(e, strings.ToLower(values[i].Key)+"Value")
		}
	}
}

// members puts vs into a sequence. path names the complex types below it. In an
// answer nothing is mandatory, because a failure has no values, and nothing is
// restricted: unset texts are empty strings, and a choice that is added later must
// not break the stubs of today.
func (s *typedSchema) members(sequence *etree.Element, path string, vs []*contract.Value, answer bool) {
	for _, v := range vs {
		e := add(sequence, "xs:element", "name", v.Key)
		if !answer && restricted(v) {
			document(e, v)
			restrict(e, v)
		} else {
			e.CreateAttr("type", s.typeOf(v, path+"_"+v.Key, answer))
			document(e, v)
		}
		if answer || !v.Mandatory {
			e.CreateAttr("minOccurs", "0")
		}
		if v.List {
			e.CreateAttr("maxOccurs", "unbounded")
		}
	}
}

// typeOf is the name of v's type; a complex one is declared on the way.
func (s *typedSchema) typeOf(v *contract.Value, path string, answer bool) string {
	if v.Type != value.Complex {
		return "xs:" + v.Type.Schema()
	}
	name := s.free(path)
	t := add(s.root, "xs:complexType", "name", name)
	if len(v.Values) == 0 { // open: takes anything
		add(add(t, "xs:sequence"), "xs:any", "processContents", "lax", "minOccurs", "0", "maxOccurs", "unbounded")
	} else {
		s.members(add(t, "xs:sequence"), path, v.Values, answer)
	}
	return "tns:" + name
}

// free is a type name that no other type has, nor one that Java, which drops
// punctuation from class names, would take for the same.
func (s *typedSchema) free(path string) string {
	name := path
	for n := 2; s.taken[asClass(name)]; n++ {
		name = path + "_" + strconv.Itoa(n)
	}
	s.taken[asClass(name)] = true
	return name
}

func asClass(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", ".", "", "-", "").Replace(name))
}

// restricted reports whether the schema says more of v than its type. Patterns
// stay out: RE2's are not XML Schema's. So do choices of booleans, which XML
// Schema does not have.
func restricted(v *contract.Value) bool {
	return len(v.Enum) > 0 && v.Type != value.Boolean || v.MaxLen > 0 && v.Type == value.String
}

func restrict(e *etree.Element, v *contract.Value) {
	r := add(add(e, "xs:simpleType"), "xs:restriction", "base", "xs:"+v.Type.Schema())
	for _, choice := range v.Enum {
		add(r, "xs:enumeration", "value", choice)
	}
	if v.MaxLen > 0 && v.Type == value.String {
		add(r, "xs:maxLength", "value", strconv.Itoa(v.MaxLen))
	}
}

// document says what v means and every rule, those too that the schema cannot.
func document(e *etree.Element, v *contract.Value) {
	said := strings.Join(rules(v), "; ")
	switch {
	case said == "":
		said = v.Desc
	case v.Desc != "":
		said = v.Desc + " (" + said + ")"
	}
	if said != "" {
		add(add(e, "xs:annotation"), "xs:documentation").SetText(said)
	}
}
