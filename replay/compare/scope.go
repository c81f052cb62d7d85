package compare

import (
	"encoding/xml"
	"strings"
)

// scope is which namespace each prefix stands for at a place in a document; "" is
// the default namespace's prefix.
type scope struct {
	spaces   map[string]string
	shadowed []shadowed
}

// shadowed is what a prefix stood for outside of an element.
type shadowed struct {
	prefix, space string
	was           bool
}

func newScope() scope {
	return scope{spaces: map[string]string{"xml": namespaceXML}}
}

// declares gives the prefix that an attribute declares.
func declares(n xml.Name) (prefix string, ok bool) {
	switch {
	case n.Space == "xmlns":
		return n.Local, true
	case n.Space == "" && n.Local == "xmlns":
		return "", true
	}
	return "", false
}

func (s *scope) declare(prefix, space string) {
	outer, was := s.spaces[prefix]
	s.shadowed = append(s.shadowed, shadowed{prefix, outer, was})
	s.spaces[prefix] = space
}

// leave forgets the declarations after the first n.
func (s *scope) leave(n int) {
	for i := len(s.shadowed) - 1; i >= n; i-- {
		if d := s.shadowed[i]; d.was {
			s.spaces[d.prefix] = d.space
		} else {
			delete(s.spaces, d.prefix)
		}
	}
	s.shadowed = s.shadowed[:n]
}

// qname resolves a QName in content or in an attribute.
func (s *scope) qname(text string) (QName, bool) {
	prefix, local, ok := strings.Cut(strings.Trim(text, " \t\r\n"), ":")
	if !ok {
		prefix, local = "", prefix
	}
	space, declared := s.spaces[prefix]
	return QName{space, local}, declared || prefix == ""
}

// name resolves an element's or attribute's name.
func (p *parser) name(n xml.Name, isElement bool) (QName, error) {
	if strings.Contains(n.Local, ":") {
		return QName{}, p.refuse("%q is not a name", clip(n.Local))
	}
	if n.Space == "" && !isElement {
		return QName{"", n.Local}, nil
	}
	space, ok := p.scope.spaces[n.Space]
	if n.Space != "" && (!ok || space == "") {
		return QName{}, p.refuse("the prefix %s of %s is not declared", n.Space, written(n))
	}
	return QName{space, n.Local}, nil
}
