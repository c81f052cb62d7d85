package compare

import (
	"strings"

	"rator/wire"
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
	return scope{spaces: map[string]string{"xml": wire.NamespaceXML}}
}

// declares gives the prefix that an attribute declares.
func declares(name string) (prefix string, ok bool) {
	if name == "xmlns" {
		return "", true
	}
	return strings.CutPrefix(name, "xmlns:")
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
func (p *parser) name(raw string, isElement bool) (QName, error) {
	prefix, local, qualified := strings.Cut(raw, ":")
	if !qualified {
		prefix, local = "", raw
	}
	if qualified && prefix == "" || local == "" || strings.Contains(local, ":") || local[0] == '-' || local[0] == '.' || local[0] >= '0' && local[0] <= '9' {
		return QName{}, p.refuse("%q is not a name", clip(raw))
	}
	if !qualified && !isElement {
		return QName{"", local}, nil
	}
	space, ok := p.scope.spaces[prefix]
	if qualified && (!ok || space == "") {
		return QName{}, p.refuse("the prefix %s of %s is not declared", clip(prefix), clip(raw))
	}
	return QName{space, local}, nil
}
