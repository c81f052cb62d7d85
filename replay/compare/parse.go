package compare

import (
	"fmt"
	"slices"
	"strings"

	"rator/wire"
)

// What one text may cost. A SOAP answer stays far below.
const (
	maxDepth      = 256
	maxNodes      = 1_000_000 // elements, texts and attributes
	maxAttributes = 256       // of one element, and namespace declarations
)

// Parse reads an XML document into a tree with places. Entities other than XML's
// own five are not known and nothing is fetched; a document type is not read. It takes
// more than soap's scanner, for that reads what is sent to us. The error is a
// *SyntaxError.
func Parse(body []byte) (*Node, error) { return ParseAs(body, "") }

// ParseAs is Parse of what a Content-Type gives a charset, "" for none. It says more
// than an XML declaration, and a byte order mark more than both.
func ParseAs(body []byte, charset string) (*Node, error) {
	text, err := toUTF8(body, charset)
	if err != nil {
		return nil, err
	}
	p := parser{text: text, at: place{line: 1, column: 1}, scope: newScope()}
	if err := p.checkCharacters(); err != nil {
		return nil, err
	}
	if err := p.scan(); err != nil {
		return nil, err
	}
	switch {
	case len(p.open) > 0:
		return nil, p.refuse("the element %s is not closed", p.open[len(p.open)-1].raw)
	case p.root == nil:
		return nil, p.refuse("there is no element: it is no XML")
	}
	return p.root, nil
}

type parser struct {
	text       string
	pos        int // offset of what is read next
	at         place
	attributes []attribute // of the start tag that is read
	scope      scope
	open       []element
	root       *Node
	nodes      int
	arena      []Node
}

// element is one that is not closed yet.
type element struct {
	*Node
	raw      string   // its name as written
	elements bool     // there are elements in it
	parts    []string // of the text that is read, which comments may cut
	shadowed int      // declarations of the scope below its own
}

func (p *parser) refuse(format string, args ...any) error {
	return &SyntaxError{Line: p.at.line, Column: p.at.column, Message: fmt.Sprintf(format, args...)}
}

func (p *parser) node() (*Node, error) {
	if p.nodes++; p.nodes > maxNodes {
		return nil, p.refuse("there are more than %d elements, texts and attributes", maxNodes)
	}
	if len(p.arena) == 0 {
		p.arena = make([]Node, 64)
	}
	n := &p.arena[0]
	p.arena = p.arena[1:]
	n.Line, n.Column = p.at.line, p.at.column
	return n, nil
}

func (p *parser) start(raw string) error {
	n, err := p.node()
	switch {
	case err != nil:
		return err
	case len(p.open) == maxDepth:
		return p.refuse("elements are more than %d deep", maxDepth)
	case len(p.open) == 0 && p.root != nil:
		return p.refuse("a second element beside the first, %s", clip(raw))
	}
	p.nodes += len(p.attributes)
	e := element{Node: n, raw: raw, shadowed: len(p.scope.shadowed)}
	for i := range p.attributes {
		if prefix, ok := declares(p.attributes[i].name); ok {
			if strings.Contains(prefix, ":") || prefix == "" && p.attributes[i].name != "xmlns" {
				return p.refuse("%q is not a name", clip(p.attributes[i].name))
			}
			p.scope.declare(prefix, p.attributes[i].value)
		}
	}
	if n.Name, err = p.name(raw, true); err != nil {
		return err
	}
	if err := p.attributesOf(n); err != nil {
		return err
	}
	if len(p.open) == 0 {
		p.root = n
	} else {
		parent := &p.open[len(p.open)-1]
		parent.flush()
		parent.Nodes, parent.elements = append(parent.Nodes, n), true
	}
	p.open = append(p.open, e)
	return nil
}

func (p *parser) attributesOf(n *Node) error {
	for i := range p.attributes {
		a := &p.attributes[i]
		if _, ok := declares(a.name); ok {
			continue
		}
		name, err := p.name(a.name, false)
		if err != nil {
			return err
		}
		_, ok := n.Attribute(name)
		if ok {
			return p.refuse("the attribute %s is given twice", clip(a.name))
		}
		if name == (QName{wire.NamespaceXSI, "type"}) && !strings.Contains(a.value, "${") {
			if n.Type, ok = p.scope.qname(a.value); !ok {
				n.Type = QName{Local: a.value} // a type that nobody knows is no bad XML
			}
		}
		p.scope.resolve(n, name, a.value)
		if n.Attributes == nil {
			n.Attributes = make([]Attribute, 0, len(p.attributes)-i)
		}
		n.Attributes = append(n.Attributes, Attribute{name, a.value})
	}
	return nil
}

func (p *parser) end(raw string) error {
	if len(p.open) == 0 {
		return p.refuse("</%s> closes nothing", raw)
	}
	e := &p.open[len(p.open)-1]
	if e.raw != raw {
		return p.refuse("<%s> is closed by </%s>", e.raw, raw)
	}
	e.flush()
	if e.elements {
		e.Nodes = slices.DeleteFunc(e.Nodes, func(n *Node) bool { return n.IsText() && isSpace(n.Text) })
	} else {
		p.scope.resolve(e.Node, content, e.Content())
	}
	p.scope.leave(e.shadowed)
	p.open = p.open[:len(p.open)-1]
	return nil
}

func (p *parser) characters(text string) error {
	if len(p.open) == 0 {
		if isSpace(strings.TrimPrefix(text, "\uFEFF")) {
			return nil
		}
		return p.refuse("text outside of the root element")
	}
	e := &p.open[len(p.open)-1]
	if len(e.parts) == 0 {
		n, err := p.node()
		if err != nil {
			return err
		}
		e.Nodes = append(e.Nodes, n)
	}
	e.parts = append(e.parts, text)
	return nil
}

// flush ends the text that is read.
func (e *element) flush() {
	switch len(e.parts) {
	case 0:
		return
	case 1:
		e.Nodes[len(e.Nodes)-1].Text = e.parts[0]
	default:
		e.Nodes[len(e.Nodes)-1].Text = strings.Join(e.parts, "")
	}
	e.parts = e.parts[:0]
}

func isSpace(s string) bool { return strings.Trim(s, " \t\r\n") == "" }
