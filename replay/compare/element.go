package compare

import (
	"strings"

	"rator/wire"
)

// element compares two elements and what is in them. When their names differ
// nothing else of them is looked at.
func (c *comparison) element(at *step, want, got *Node) {
	switch {
	case c.err != nil || c.ignored(at):
		return
	case want.Name != got.Name:
		c.differ(at, Name, want, want.Name.String(), got.Name.String())
		return
	case want.Name.Space == wire.Namespace && (at.up == nil || at.up.name == wire.Body):
		c.operation(want, got)
		return
	}
	c.attributes(at, want, got, false)
	if c.isAny(want) || !c.sameNil(at, want, got) {
		return
	}
	if want.IsLeaf() && got.IsLeaf() {
		if want.isMessageID() && !isSpace(got.Content()) {
			return
		}
		c.perhapsQName(at, content, want, got, want.Content(), got.Content())
		return
	}
	c.nodes(at, want, want.Nodes, got.Nodes)
}

func (n QName) empty() bool { return n == QName{} }

// isMessageID says that an element is a message's own id, of which each has another
// (WS-Addressing 1.0, and the submission of 2004).
func (n *Node) isMessageID() bool {
	return n.Name == QName{wire.NamespaceAddressing, "MessageID"} ||
		n.Name == QName{wire.NamespaceAddressing2004, "MessageID"}
}

// isAny says that an element is expected with whatever is in it.
func (c *comparison) isAny(want *Node) bool {
	return want.IsLeaf() && strings.TrimSpace(want.Content()) == "${"+placeIgnore+"}"
}

// sameNil compares xsi:nil, and is false when nothing else need be compared.
func (c *comparison) sameNil(at *step, want, got *Node) bool {
	w, g := want.IsNil(), got.IsNil()
	if w != g {
		c.differ(at, Null, want, nullOr(w, want), nullOr(g, got))
		return false
	}
	return true
}

const nullText = "null"

func nullOr(null bool, n *Node) string {
	if null {
		return nullText
	}
	return n.excerpt()
}

// attributes compares attributes in any order. xsi:type is compared by what it
// names; xsi:nil is compared with the content. Of an entry of ours (typed) both
// are.
func (c *comparison) attributes(at *step, want, got *Node, typed bool) {
	if len(want.Attributes) == 0 && len(got.Attributes) == 0 {
		return
	}
	for i := range want.Attributes {
		a := &want.Attributes[i]
		if a.skipped(typed) {
			continue
		}
		below := &step{up: at, name: "@" + a.Name.Local, index: -1}
		v, ok := got.Attribute(a.Name)
		switch {
		case c.ignored(below):
		case !ok:
			c.differ(below, Missing, want, a.Value, "")
		case a.Name == QName{wire.NamespaceXSI, "type"} && !want.Type.empty():
			if want.Type != got.Type {
				c.differ(below, Type, want, want.Type.String(), got.Type.String())
			}
		case want.isLocation(a.Name):
			c.text(below, want, withoutServer(a.Value), withoutServer(v), scalar{})
		default:
			c.perhapsQName(below, a.Name, want, got, a.Value, v)
		}
	}
	for i := range got.Attributes {
		a := &got.Attributes[i]
		if _, ok := want.Attribute(a.Name); ok || a.skipped(typed) {
			continue
		}
		if below := (&step{up: at, name: "@" + a.Name.Local, index: -1}); !c.ignored(below) {
			c.differ(below, Extra, want, "", a.Value)
		}
	}
}

// skipped says that an attribute does not count for itself. Where a schema is found
// (xsi:schemaLocation) is a hint (XML Schema 1.0 part 1, 4.3.2).
func (a *Attribute) skipped(typed bool) bool {
	if a.Name.Space != wire.NamespaceXSI {
		return false
	}
	switch a.Name.Local {
	case "nil", "schemaLocation", "noNamespaceSchemaLocation":
		return true
	}
	return typed && a.Name.Local == "type"
}

// nodes compares what is in two elements, where the order counts.
func (c *comparison) nodes(at *step, above *Node, want, got []*Node) {
	several := repeated(want, got)
	var w, g counter
	for _, p := range c.align(want, got) {
		switch {
		case p.want < 0:
			n := got[p.got]
			c.extra(n.step(at, g.next(n), several), above, n)
		case p.got < 0:
			n := want[p.want]
			if n.IsText() && c.isAny(n) {
				w.next(n)
				continue
			}
			c.missing(n.step(at, w.next(n), several), n)
		default:
			n := want[p.want]
			below := n.step(at, w.next(n), several)
			g.next(got[p.got])
			if !n.IsText() {
				c.element(below, n, got[p.got])
			} else if !c.ignored(below) {
				c.text(below, n, n.Text, got[p.got].Text, scalar{})
			}
		}
	}
}

// step is the step of a path to a node below at.
func (n *Node) step(at *step, index int, several map[string]bool) *step {
	name := n.pathName()
	if !several[name] {
		index = -1
	}
	return &step{up: at, name: name, index: index}
}

func (n *Node) pathName() string {
	if n.IsText() {
		return "text()"
	}
	return n.Name.Local
}

// counter gives each node its index among those of its name.
type counter map[string]int

func (c *counter) next(n *Node) int {
	if *c == nil {
		*c = counter{}
	}
	name := n.pathName()
	(*c)[name]++
	return (*c)[name] - 1
}

// repeated are the names that stand more than once on either side; nil when none
// does.
func repeated(sides ...[]*Node) map[string]bool {
	var several map[string]bool
	for _, nodes := range sides {
		if len(nodes) < 2 {
			continue
		}
		seen := make(map[string]bool, len(nodes))
		for _, n := range nodes {
			name := n.pathName()
			if seen[name] {
				if several == nil {
					several = map[string]bool{}
				}
				several[name] = true
			}
			seen[name] = true
		}
	}
	return several
}
