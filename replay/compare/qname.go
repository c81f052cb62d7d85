package compare

import (
	"strings"

	"rator/wire"
)

// Where SOAP has QNames: in the codes of faults, and in attributes that say what an
// array holds (SOAP 1.1 5.4.2, with its size as xsd:string[2]; SOAP 1.2 Adjuncts 3.1.4;
// WSDL 1.1 2.2). Anywhere else a text that looks like one may be a plain text.
var (
	qnameElements = map[QName]bool{{"", "faultcode"}: true, {wire.NamespaceSOAP12, "Value"}: true}

	qnameAttributes = map[QName]bool{
		{"http://schemas.xmlsoap.org/soap/encoding/", "arrayType"}: true,
		{"http://www.w3.org/2003/05/soap-encoding", "itemType"}:    true,
		{wire.NamespaceWSDL, "arrayType"}:                          true,
	}
)

// content is the name of an element's content in Node.resolved.
var content QName

// Resolved is an attribute's value, or with no name the content of an element, with the
// namespace for the prefix where it looks like a QName whose prefix is declared:
// {namespace}local.
func (n *Node) Resolved(attribute QName, text string) string {
	if resolved, ok := n.resolved[attribute]; ok {
		return resolved
	}
	return text
}

// resolve keeps what a text that looks like a QName names.
func (s *scope) resolve(n *Node, name QName, text string) {
	prefix, local, ok := strings.Cut(strings.Trim(text, " \t\r\n"), ":")
	if !ok || prefix == "" || !isLocal(local) {
		return
	}
	space, declared := s.spaces[prefix]
	if !declared {
		return
	}
	if n.resolved == nil {
		n.resolved = map[QName]string{}
	}
	n.resolved[name] = QName{space, local}.String()
}

// isLocal says that a text is the part of a QName behind the colon, perhaps with the
// sizes of an array.
func isLocal(text string) bool {
	name, sizes, sized := strings.Cut(text, "[")
	if sized && strings.Trim(sizes, "0123456789,[]") != "" {
		return false
	}
	for i, r := range name {
		ascii := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || i > 0 && (r == '-' || r == '.' || r >= '0' && r <= '9')
		if !ascii && !wire.IsWideNameStart(r) && (i == 0 || !wire.IsWideNameRest(r)) {
			return false
		}
	}
	return name != ""
}

// perhapsQName compares two texts that may be QNames: they are equal when they name the
// same, in whatever prefix, and where nothing but a QName stands only then.
func (c *comparison) perhapsQName(at *step, name QName, w, g *Node, want, got string) {
	wanted, ok := w.resolved[name]
	came, ok2 := g.resolved[name]
	strict := name == content && qnameElements[w.Name] || qnameAttributes[name]
	switch {
	case ok && ok2 && wanted == came:
	case ok && ok2 && strict && want == got && !c.ignored(at):
		c.differ(at, Value, w, wanted, came)
	default:
		c.text(at, w, want, got, scalar{})
	}
}
