package compare

import (
	"rator/wire"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// entry compares two entries of ours, which have the same key.
func (c *comparison) entry(at *step, want, got *Node, v *contract.Value) {
	if !c.same(at, want, got) {
		return
	}
	if want.Type != got.Type {
		c.differ(at, Type, want, typeText(want), typeText(got))
		return
	}
	w, g := open(want), open(got)
	if w.any {
		return
	}
	c.directText(at, want, got)
	if w.key != nil && g.key != nil {
		c.attributes(&step{up: at, name: wire.Key, index: -1}, w.key, g.key, false)
	}
	if len(w.others)+len(g.others) > 0 {
		c.nodes(at, want, w.others, g.others)
	}
	if w.complex || g.complex {
		var declared []*contract.Value
		if v != nil {
			declared = v.Values
		}
		c.keyed(at, w.items(), g.items(), itemStep, func(below *step, w, g *Node) {
			if _, ok := w.EntryKey(); !ok {
				c.element(below, w, g)
				return
			}
			c.entry(below, w, g, contract.Find(declared, below.name))
		})
		return
	}
	c.scalar(at, want, &w, &g, v)
}

// itemStep is the step to an entry below another: its key.
func itemStep(n *Node) (name, key string) {
	if k, ok := n.EntryKey(); ok {
		return k, ""
	}
	return n.Name.Local, ""
}

// scalar compares what two entries have for a value: none is null.
func (c *comparison) scalar(at *step, want *Node, w, g *opened, v *contract.Value) {
	if len(w.values) == 1 && c.isAny(w.values[0]) && len(g.values) <= 1 {
		return
	}
	if len(w.values) > 1 || len(g.values) > 1 {
		c.nodes(at, want, w.values, g.values)
		return
	}
	wantText, wantNull := w.text()
	gotText, gotNull := g.text()
	place := want
	if len(w.values) == 1 {
		place = w.values[0]
	}
	if len(w.values) == 1 && len(g.values) == 1 {
		if !c.same(at, w.values[0], g.values[0]) {
			return
		}
		if w.values[0].Type != g.values[0].Type {
			c.differ(at, Type, place, typeText(w.values[0]), typeText(g.values[0]))
			return
		}
	}
	switch {
	case wantNull != gotNull:
		c.differ(at, Null, place, quotedOrNull(wantText, wantNull), quotedOrNull(gotText, gotNull))
	case !wantNull:
		c.text(at, place, wantText, gotText, scalarOf(v, want.ValueType()))
	}
}

// quotedOrNull shows the difference between null and an empty text.
func quotedOrNull(text string, null bool) string {
	switch {
	case null:
		return nullText
	case text == "":
		return `""`
	}
	return text
}

func typeText(n *Node) string {
	switch {
	case n.Type.empty():
		return "no xsi:type"
	case n.Type.Space == wire.Namespace:
		return n.Type.Local
	}
	return n.Type.String()
}

// opened is an entry with what is in it told apart.
type opened struct {
	node    *Node
	key     *Node
	values  []*Node
	others  []*Node // what an entry should not have
	complex bool
	any     bool // ${xmlunit.ignore} stands for what it holds
}

func open(n *Node) opened {
	of := n.ValueType()
	o := opened{node: n, complex: of == value.Complex}
	for _, child := range n.Nodes {
		switch {
		case child.IsText():
			o.any = o.any || isIgnore(child.Text)
		case child.Name.Local == wire.Key && o.key == nil:
			o.key = child
		case child.Name.Local == wire.Value:
			o.values = append(o.values, child)
			o.complex = o.complex || of == value.Bare && !child.IsLeaf()
		default:
			o.others = append(o.others, child)
		}
	}
	return o
}

// items is the entry with nothing but the entries in it.
func (o *opened) items() *Node {
	return &Node{Name: o.node.Name, Nodes: o.values, Line: o.node.Line, Column: o.node.Column}
}

func (o *opened) text() (text string, null bool) {
	if len(o.values) == 0 || o.node.IsNil() || o.values[0].IsNil() {
		return "", true
	}
	if !o.values[0].IsLeaf() {
		return o.values[0].excerpt(), false
	}
	return o.values[0].Content(), false
}
