package compare

import (
	"strings"

	"rator/wire"
)

// QName is a resolved name; Space is "" for what is in no namespace.
type QName struct {
	Space, Local string
}

// String is {namespace}local.
func (n QName) String() string {
	if n.Space == "" {
		return n.Local
	}
	return "{" + n.Space + "}" + n.Local
}

// Attribute is an attribute of an element; namespace declarations are none.
type Attribute struct {
	Name  QName
	Value string
}

// Node is an element, or a text between elements, whose Name is empty. Comments and
// processing instructions are left out, and texts beside elements that are white
// space alone; CDATA is text.
type Node struct {
	Name       QName
	Attributes []Attribute
	Nodes      []*Node // elements and texts, in order
	Text       string  // of a text
	// Type is the resolved xsi:type; empty where there is none.
	Type QName
	// The place of the element's start tag or the text's first character, from 1; the
	// column counts characters.
	Line, Column int

	// resolved are texts that look like QNames, by attribute; see Resolved.
	resolved map[QName]string

	hash   uint64 // fingerprint
	seenBy *comparison
}

// IsText says that n is a text between elements.
func (n *Node) IsText() bool { return n.Name.Local == "" }

// Attribute is an attribute's value.
func (n *Node) Attribute(name QName) (string, bool) {
	for i := range n.Attributes {
		if n.Attributes[i].Name == name {
			return n.Attributes[i].Value, true
		}
	}
	return "", false
}

// Elements are the elements directly in n.
func (n *Node) Elements() func(yield func(*Node) bool) {
	return func(yield func(*Node) bool) {
		for _, child := range n.Nodes {
			if !child.IsText() && !yield(child) {
				return
			}
		}
	}
}

// First is the first element directly in n with that local name, or nil.
func (n *Node) First(local string) *Node {
	for child := range n.Elements() {
		if child.Name.Local == local {
			return child
		}
	}
	return nil
}

// Content is the text directly in n.
func (n *Node) Content() string {
	if n.IsText() {
		return n.Text
	}
	if len(n.Nodes) == 1 {
		return n.Nodes[0].Text
	}
	var b strings.Builder
	for _, child := range n.Nodes {
		b.WriteString(child.Text)
	}
	return b.String()
}

// IsLeaf says that no element is in n.
func (n *Node) IsLeaf() bool {
	for range n.Elements() {
		return false
	}
	return true
}

// IsNil reads xsi:nil.
func (n *Node) IsNil() bool {
	v, _ := n.Attribute(QName{wire.NamespaceXSI, "nil"})
	v = strings.TrimSpace(v)
	return v == "true" || v == "1"
}

// Operation names what a message asks for or answers: the first element in a SOAP
// Body, else the root.
func (n *Node) Operation() *Node {
	if n.Name.Local != wire.Envelope || n.Name.Space != wire.NamespaceSOAP11 && n.Name.Space != wire.NamespaceSOAP12 {
		return n
	}
	for body := range n.Elements() {
		if body.Name == (QName{n.Name.Space, wire.Body}) {
			for first := range body.Elements() {
				return first
			}
		}
	}
	return n
}

// Operation is the local name of a message's operation; "" for what is no XML.
func Operation(body []byte) string {
	root, err := Parse(body)
	if err != nil {
		return ""
	}
	return root.Operation().Name.Local
}

// excerpt shows what is in n, for a difference that is about all of it.
func (n *Node) excerpt() string {
	if n.IsLeaf() {
		return clip(n.Content())
	}
	var b strings.Builder
	n.write(&b)
	return clip(b.String())
}

const excerptRunes = 200

func (n *Node) write(b *strings.Builder) {
	switch {
	case b.Len() > 4*excerptRunes:
	case n.IsText():
		b.WriteString(n.Text)
	default:
		b.WriteString("<" + n.Name.Local + ">")
		for _, child := range n.Nodes {
			child.write(b)
		}
		b.WriteString("</" + n.Name.Local + ">")
	}
}

// clip keeps what is shown of a subtree short.
func clip(s string) string {
	if len(s) <= excerptRunes {
		return s
	}
	if r := []rune(s); len(r) > excerptRunes {
		return string(r[:excerptRunes]) + "…"
	}
	return s
}
