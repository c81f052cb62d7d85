package compare

import (
	"strconv"
	"strings"
)

// XPath names values of any message, as testers' tools write it: the part of XPath
// 1.0 that they use most, with the namespaces that its prefixes stand for before it
// (XQuery 1.0 4.12), such as
//
//	declare namespace o='urn:orders'; //o:order[o:state='open'][1]/@id
//
// It knows / and //, names with a prefix, *, *:name, prefix:*, @name, text(), . and
// a path in round brackets; in square ones a number, last(), and tests, joined with
// and, that something is there, = or != a text or a number, or has a local-name();
// and, round a path, count(), exists(), boolean(), not(), string() and
// normalize-space(), and = or != behind it. Axes, variables and the other functions
// are refused.
type XPath struct{ test xpathTest }

// xpathTest is a value, or its comparison with a text.
type xpathTest struct {
	function string // round the path; "" = none
	path     *xpathPath
	inner    *xpathTest // of not()
	operator string     // "=", "!=" or "" = none
	literal  string
}

// xpathPath is a way through a tree.
type xpathPath struct {
	group *xpathPath  // in round brackets, before the steps
	picks []xpathPick // behind the brackets
	steps []xpathStep
}

type xpathStep struct {
	deep      bool // after //
	attribute bool
	kind      string // "." or "text()"; "" = names
	space     string // "*" = any
	local     string // "*" = any
	picks     []xpathPick
}

// xpathPick is what stands in square brackets.
type xpathPick struct {
	position int // from 1; -1 = the last; 0 = the tests
	tests    []xpathTest
}

// xpathItem is an element, a text, or an attribute of an element.
type xpathItem struct {
	node      *Node
	attribute string
	isValue   bool // it is attribute
}

// Values are the texts of what is named, in the order of the message; of a function
// or a comparison it is the one that it gives: true, false or a number.
func (x *XPath) Values(root *Node) []string {
	if x.test.function == "" && x.test.operator == "" {
		var values []string
		for _, item := range x.test.path.items(documentOf(root)) {
			values = append(values, item.text())
		}
		return values
	}
	return []string{x.test.value(documentOf(root))}
}

// Nodes are the elements that are named; none when it is a function.
func (x *XPath) Nodes(root *Node) []*Node {
	var nodes []*Node
	if x.test.function != "" || x.test.operator != "" {
		return nil
	}
	for _, item := range x.test.path.items(documentOf(root)) {
		if !item.isValue && !item.node.IsText() {
			nodes = append(nodes, item.node)
		}
	}
	return nodes
}

// documentOf is what is above a root.
func documentOf(root *Node) xpathItem { return xpathItem{node: &Node{Nodes: []*Node{root}}} }

// text is the string-value of an item (XPath 1.0 5).
func (i xpathItem) text() string {
	if i.isValue {
		return i.attribute
	}
	var b strings.Builder
	writeText(&b, i.node)
	return b.String()
}

func writeText(b *strings.Builder, n *Node) {
	b.WriteString(n.Text)
	for _, child := range n.Nodes {
		writeText(b, child)
	}
}

func (t *xpathTest) value(at xpathItem) string {
	if t.operator != "" {
		return strconv.FormatBool(t.holds(at))
	}
	if t.function == "not" {
		return strconv.FormatBool(!t.inner.holds(at))
	}
	items := t.path.items(at)
	first := ""
	if len(items) > 0 {
		first = items[0].text()
	}
	switch t.function {
	case "count":
		return strconv.Itoa(len(items))
	case "exists", "boolean":
		return strconv.FormatBool(len(items) > 0)
	case "normalize-space":
		return strings.Join(strings.Fields(first), " ")
	case "local-name":
		if len(items) > 0 && !items[0].isValue {
			return items[0].node.Name.Local
		}
		return ""
	}
	return first
}

// holds is the test as a truth. Of several values one that fits is enough (XPath
// 1.0 3.4).
func (t *xpathTest) holds(at xpathItem) bool {
	switch {
	case t.function == "not":
		return !t.inner.holds(at)
	case t.operator == "" && (t.function == "" || t.function == "exists" || t.function == "boolean"):
		return len(t.path.items(at)) > 0
	case t.operator == "":
		v := t.value(at)
		return v != "" && (t.function != "count" || v != "0")
	}
	var values []string
	if t.function == "" {
		for _, item := range t.path.items(at) {
			values = append(values, item.text())
		}
	} else {
		bare := *t
		bare.operator = ""
		values = []string{bare.value(at)}
	}
	for _, v := range values {
		if sameXPathValue(v, t.literal) == (t.operator == "=") {
			return true
		}
	}
	return false
}

// sameXPathValue compares a value with a literal: numbers, which are marked with a
// #, by what they are.
func sameXPathValue(v, literal string) bool {
	number, isNumber := strings.CutPrefix(literal, "#")
	if !isNumber {
		return v == strings.TrimPrefix(literal, "'")
	}
	x, err1 := strconv.ParseFloat(strings.TrimSpace(v), 64)
	y, err2 := strconv.ParseFloat(number, 64)
	return err1 == nil && err2 == nil && x == y
}

func (p *xpathPath) items(at xpathItem) []xpathItem {
	items := []xpathItem{at}
	if p.group != nil {
		items = picked(p.group.items(at), p.picks)
	}
	for i := range p.steps {
		var next []xpathItem
		seen := map[*Node]bool{}
		for _, item := range items {
			if item.isValue {
				continue
			}
			next = p.steps[i].from(item.node, next, seen)
		}
		items = next
	}
	return items
}

// from adds what a step names from n on.
func (s *xpathStep) from(n *Node, found []xpathItem, seen map[*Node]bool) []xpathItem {
	var here []xpathItem
	switch {
	case s.attribute:
		for _, a := range n.Attributes {
			if s.names(a.Name) {
				here = append(here, xpathItem{node: n, attribute: a.Value, isValue: true})
			}
		}
	case s.kind == ".":
		here = append(here, xpathItem{node: n})
	default:
		for _, child := range n.Nodes {
			if s.kind == "" && !child.IsText() && s.names(child.Name) || s.kind == "text()" && child.IsText() {
				here = append(here, xpathItem{node: child})
			}
		}
	}
	for _, item := range picked(here, s.picks) {
		if item.isValue || !seen[item.node] {
			found = append(found, item)
			seen[item.node] = !item.isValue || seen[item.node]
		}
	}
	if s.deep {
		for child := range n.Elements() {
			found = s.from(child, found, seen)
		}
	}
	return found
}

func (s *xpathStep) names(n QName) bool {
	return (s.local == "*" || s.local == n.Local) && (s.space == "*" || s.space == n.Space)
}

func picked(items []xpathItem, picks []xpathPick) []xpathItem {
	for _, pick := range picks {
		switch {
		case pick.position < 0 && len(items) > 0:
			items = items[len(items)-1:]
		case pick.position > len(items):
			items = nil
		case pick.position > 0:
			items = items[pick.position-1 : pick.position]
		case pick.position == 0:
			var kept []xpathItem
			for _, item := range items {
				fits := true
				for i := range pick.tests {
					fits = fits && pick.tests[i].holds(item)
				}
				if fits {
					kept = append(kept, item)
				}
			}
			items = kept
		}
	}
	return items
}
