package soap_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"

	"rator/soap"
	"rator/wire"
	"rator/workflow/value"
)

// node is an element as encoding/xml reads it: the second reader that Decode is
// compared with. It builds the whole tree first and asks it afterwards, so it
// has nothing in common with the decoder but the rules of soap-interop.md.
type node struct {
	xml.Name
	parent     *node
	attributes []xml.Attr
	text       string
	children   []*node
}

// parseReference reads a message with encoding/xml, strict.
func parseReference(message, charset string) (*node, error) {
	text, err := referenceUTF8(message, charset)
	if err != nil {
		return nil, err
	}
	decoder := xml.NewDecoder(strings.NewReader(text))
	decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	document := new(node)
	open := document
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			child := &node{Name: token.Name, parent: open, attributes: token.Attr}
			open.children = append(open.children, child)
			open = child
		case xml.EndElement:
			open = open.parent
		case xml.CharData:
			open.text += string(token)
		case xml.Directive:
			return nil, errors.New("a directive")
		case xml.ProcInst:
			if token.Target != "xml" {
				return nil, errors.New("a processing instruction")
			}
		}
	}
	if len(document.children) != 1 {
		return nil, fmt.Errorf("%d root elements", len(document.children))
	}
	return document.children[0], nil
}

var declaredEncoding = regexp.MustCompile(`^<\?xml[^>]*\sencoding\s*=\s*["']([^"']*)["']`)

// referenceUTF8 transcodes a message by its mark, else the label of its
// Content-Type, else its declaration.
func referenceUTF8(message, charset string) (string, error) {
	if text, found := strings.CutPrefix(message, "\xEF\xBB\xBF"); found {
		return text, nil
	}
	if strings.HasPrefix(message, "\xFF\xFE") || strings.HasPrefix(message, "\xFE\xFF") {
		return unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM).NewDecoder().String(message)
	}
	if declared := declaredEncoding.FindStringSubmatch(message); charset == "" && declared != nil {
		charset = declared[1]
	}
	switch strings.ToLower(charset) {
	case "", "utf-8", "utf8", "us-ascii", "ascii":
		return message, nil
	case "iso-8859-1", "iso_8859-1", "latin1":
		return charmap.ISO8859_1.NewDecoder().String(message)
	case "windows-1252", "cp1252":
		return charmap.Windows1252.NewDecoder().String(message)
	}
	from, err := ianaindex.IANA.Encoding(strings.Trim(charset, " \t\r\n\"'"))
	if err != nil || from == nil {
		return "", fmt.Errorf("charset %q: %v", charset, err)
	}
	return from.NewDecoder().String(message)
}

// readReference is the request in a tree.
func readReference(envelope *node) (soap.Message, error) {
	var m soap.Message
	if envelope.Space == soap.Version12.Namespace() {
		m.Version = soap.Version12
	}
	body := envelope.named(envelope.Space, "Body")
	if len(body) != 1 || len(body[0].children) == 0 {
		return m, errors.New("no operation")
	}
	operation := body[0].children[0]
	if operation.Local != wire.Operation {
		m.Hookpoint, m.Typed = operation.Local, true
		for _, child := range operation.children {
			if child.isMember() {
				m.Values = append(m.Values, child.typedEntry())
			}
		}
		return m, nil
	}
	for _, argument := range operation.members(wire.Argument) {
		for _, hookpoint := range argument.members(wire.HookpointKey) {
			m.Hookpoint = hookpoint.leaf()
		}
		m.Values = argument.entries(wire.Values)
	}
	return m, nil
}

func (n *node) named(space, local string) (found []*node) {
	for _, child := range n.children {
		if child.Name == (xml.Name{Space: space, Local: local}) {
			found = append(found, child)
		}
	}
	return found
}

func (n *node) isMember() bool { return n.Space == "" || n.Space == wire.Namespace }

func (n *node) members(local string) (found []*node) {
	for _, child := range n.children {
		if child.isMember() && child.Local == local {
			found = append(found, child)
		}
	}
	return found
}

func (n *node) leaf() string {
	if len(n.children) > 0 {
		return ""
	}
	return n.text
}

const instanceNamespace = "http://www.w3.org/2001/XMLSchema-instance"

// instance is an attribute of XML Schema's instance namespace.
func (n *node) instance(local string) (text string, there bool) {
	for _, a := range n.attributes {
		if a.Name == (xml.Name{Space: instanceNamespace, Local: local}) {
			return strings.Trim(a.Value, " \t\r\n"), true
		}
	}
	return "", false
}

func (n *node) isNil() bool {
	text, _ := n.instance("nil")
	return text == "true" || text == "1"
}

// namespaceOf is what a prefix stands for at an element.
func (n *node) namespaceOf(prefix string) string {
	declaration := xml.Name{Space: "xmlns", Local: prefix}
	if prefix == "" {
		declaration = xml.Name{Local: "xmlns"}
	}
	for at := n; at != nil; at = at.parent {
		for _, a := range at.attributes {
			if a.Name == declaration {
				return a.Value
			}
		}
	}
	return ""
}

// valueType is the type xsi:type names; known is false when neither the contract
// nor XML Schema has one of that name.
func (n *node) valueType() (t value.Type, known bool) {
	qname, there := n.instance("type")
	if !there {
		return value.Bare, true
	}
	prefix, local, qualified := strings.Cut(qname, ":")
	if !qualified {
		prefix, local = "", qname
	}
	if n.namespaceOf(prefix) == wire.Namespace {
		return value.OfDTO(local)
	}
	return value.OfSchema(n.namespaceOf(prefix), local)
}

// entries are the entries among the members of that name.
func (n *node) entries(local string) (tree value.Tree) {
	for _, member := range n.members(local) {
		if e, ok := member.entry(); ok {
			tree = append(tree, e)
		}
	}
	return tree
}

func (n *node) entry() (e value.Entry, ok bool) {
	values := n.members(wire.Value)
	keys := n.members(wire.Key)
	for _, key := range keys {
		e.Key = key.leaf()
	}
	e.Null = true
	var known bool
	e.Type, known = n.valueType()
	isScalar := e.Type != value.Bare && e.Type != value.Complex
	var texts []*node
	for _, v := range values {
		switch {
		case len(v.children) == 0:
			texts = append(texts, v)
		case !isScalar:
			e.Type = value.Complex
		}
	}
	switch {
	case e.Type == value.Complex:
		if e.Null = false; !n.isNil() {
			e.Items = n.entries(wire.Value)
		}
		if e.Odd = !known && !n.isNil(); e.Odd && len(e.Items) == 0 {
			e.Type, e.Null = value.Bare, true
		}
	case n.isNil():
	case len(texts) > 1, isScalar && len(texts) < len(values):
		e.Odd = true
	case len(texts) == 1 && !texts[0].isNil():
		e.Text, e.Null, e.Odd = texts[0].text, false, !known
	}
	return e, len(keys) > 0 || len(e.Items) > 0 || e.Type != value.Complex && !e.Null
}

func (n *node) typedEntry() value.Entry {
	e := value.Entry{Key: n.Local}
	switch {
	case len(n.children) > 0:
		e.Type = value.Complex
		for _, child := range n.children {
			if child.isMember() {
				e.Items = append(e.Items, child.typedEntry())
			}
		}
	case n.isNil():
		e.Null = true
	default:
		e.Text = n.text
	}
	return e
}
