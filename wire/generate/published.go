package main

import (
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/hooklift/gowsdl"
)

// published is the contract as gowsdl's model reads it.
type published struct {
	wsdl   gowsdl.WSDL
	schema gowsdl.XSDSchema
}

func read(folder string) (*published, error) {
	p := &published{}
	for name, into := range map[string]any{"invoker.wsdl": &p.wsdl, "invoker.xsd": &p.schema} {
		src, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return nil, err
		}
		if err := xml.Unmarshal(src, into); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	if p.wsdl.TargetNamespace != p.schema.TargetNamespace {
		return nil, fmt.Errorf("invoker.wsdl is of namespace %q and invoker.xsd of %q; they must be one", p.wsdl.TargetNamespace, p.schema.TargetNamespace)
	}
	if p.schema.ElementFormDefault != "" {
		return nil, fmt.Errorf("invoker.xsd has elementFormDefault=%q; members are unqualified, remove it", p.schema.ElementFormDefault)
	}
	return p, nil
}

// element is the type of the body element that a message consists of.
func (p *published) element(message string) (name string, t *gowsdl.XSDComplexType, err error) {
	for _, m := range p.wsdl.Messages {
		if m.Name != local(message) || len(m.Parts) != 1 {
			continue
		}
		for _, e := range p.schema.Elements {
			if e.Name == local(m.Parts[0].Element) {
				t, err := p.complexType(e.Type)
				return e.Name, t, err
			}
		}
	}
	return "", nil, fmt.Errorf("message %s needs one part whose element invoker.xsd declares", message)
}

func (p *published) complexType(name string) (*gowsdl.XSDComplexType, error) {
	for _, t := range p.schema.ComplexTypes {
		if t.Name == local(name) {
			return t, nil
		}
	}
	return nil, fmt.Errorf("invoker.xsd declares no complexType %s", local(name))
}

// members are the children of a type, checked to be of the wanted XML types. A
// wanted type of "" takes any, one that ends in * must repeat.
func members(t *gowsdl.XSDComplexType, wanted ...string) ([]string, error) {
	if len(t.Sequence) != len(wanted) {
		return nil, fmt.Errorf("complexType %s has %d members where the endpoint knows %d", t.Name, len(t.Sequence), len(wanted))
	}
	var names []string
	for i, e := range t.Sequence {
		is := local(e.Type)
		if e.MaxOccurs == "unbounded" {
			is += "*"
		}
		if wanted[i] != "" && is != wanted[i] {
			return nil, fmt.Errorf("member %s of complexType %s is %s where the endpoint knows %s", e.Name, t.Name, is, wanted[i])
		}
		names = append(names, e.Name)
	}
	return names, nil
}

// local is a QName without its prefix: the contract has one namespace besides
// XML Schema's, and no name is in both.
func local(name string) string {
	if _, after, ok := strings.Cut(name, ":"); ok {
		return after
	}
	return name
}
