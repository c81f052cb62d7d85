package soap

import (
	"strings"

	"rator/wire"
)

// The namespaces that mean something here, beside those of wire.
const (
	namespaceXMLNS    = "http://www.w3.org/2000/xmlns/"
	namespaceSecurity = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
	namespaceUtility  = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
)

// space is a namespace as a number, so that the decoder compares numbers and
// not addresses of the web. All that mean nothing here share spaceOther.
type space uint8

const (
	spaceNone space = iota // no namespace
	spaceOther
	spaceContract
	spaceSOAP11
	spaceSOAP12
	spaceXSI
	spaceXML
	spaceXMLNS
	spaceAddressing
	spaceAddressing2004
	spaceSecurity
	spaceUtility
	spaceRator
)

func spaceOf(uri string) space {
	switch uri {
	case "":
		return spaceNone
	case wire.Namespace:
		return spaceContract
	case wire.NamespaceSOAP11:
		return spaceSOAP11
	case wire.NamespaceSOAP12:
		return spaceSOAP12
	case wire.NamespaceXSI:
		return spaceXSI
	case wire.NamespaceXML:
		return spaceXML
	case namespaceXMLNS:
		return spaceXMLNS
	case wire.NamespaceAddressing:
		return spaceAddressing
	case namespaceRator:
		return spaceRator
	case wire.NamespaceAddressing2004:
		return spaceAddressing2004
	case namespaceSecurity:
		return spaceSecurity
	case namespaceUtility:
		return spaceUtility
	}
	return spaceOther
}

// binding is a namespace declaration in scope; the prefix is "" for the default.
type binding struct {
	prefix string
	namespace
}

type namespace struct {
	uri   string
	space space
}

// declare takes a namespace declaration of the element being read.
func (s *scanner) declare(prefix, uri string, offset int) error {
	declared := namespace{uri, spaceOf(uri)}
	switch {
	case prefix == "xmlns", declared.space == spaceXMLNS, (prefix == "xml") != (declared.space == spaceXML):
		return s.syntaxError(offset, "prefix %q cannot be declared as %q", clip(prefix), clip(uri))
	case prefix != "" && uri == "":
		return s.syntaxError(offset, "prefix %q is declared without a namespace", clip(prefix))
	}
	own := s.bindings[s.frames[len(s.frames)-1].bindings:]
	for i := range own {
		if own[i].prefix == prefix {
			return s.syntaxError(offset, "the namespace of prefix %q is declared twice", clip(prefix))
		}
	}
	switch {
	case len(own) == s.limits.Namespaces:
		return s.limitError(limitNamespaces, s.limits.Namespaces, offset)
	case len(s.bindings) == s.limits.NamespacesInScope:
		return s.limitError(limitNamespacesInScope, s.limits.NamespacesInScope, offset)
	}
	s.bindings = append(s.bindings, binding{prefix, declared})
	return nil
}

// lookup finds what a prefix stands for. The default namespace is "" where none
// is declared.
func (s *scanner) lookup(prefix string) (namespace, bool) {
	for i := len(s.bindings) - 1; i >= 0; i-- {
		if s.bindings[i].prefix == prefix {
			return s.bindings[i].namespace, true
		}
	}
	switch prefix {
	case "":
		return namespace{}, true
	case "xml":
		return namespace{wire.NamespaceXML, spaceXML}, true
	}
	return namespace{}, false
}

// qname resolves a QName in a value, such as that of xsi:type, by the
// declarations in scope; false when its prefix is not declared.
func (s *scanner) qname(text string) (in namespace, local string, declared bool) {
	text = trimSpace(text)
	prefix, local, qualified := strings.Cut(text, ":")
	if !qualified {
		prefix, local = "", text
	}
	in, declared = s.lookup(prefix)
	return in, local, declared
}
