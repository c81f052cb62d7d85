package catalogue

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// node is a piece of a TOML document that knows its place. go-toml's decoder
// stops at the first wrong value and forgets places; its parser does neither.
type node struct {
	kind     unstable.Kind // Table, Array, String, Integer, Float, Bool; dates keep their own
	text     string        // a scalar's value as written; of a string, unescaped
	line     int           // from 1
	column   int           // from 1
	order    []string      // a table's keys as they come
	fields   map[string]*node
	items    []*node // of an array
	implicit bool    // a table nobody wrote a header for yet
	headed   bool    // an array made by [[headers]], open to more of them
}

func (n *node) has(key string) bool { return n != nil && n.fields[key] != nil }

// empty reports whether a key is there with nothing in it.
func (n *node) empty(key string) bool {
	f := n.fields[key]
	return f != nil && f.text == "" && len(f.items) == 0 && len(f.fields) == 0
}

// emptyList reports whether a key is there as a list of nothing.
func (n *node) emptyList(key string) bool {
	return n.has(key) && n.fields[key].kind == unstable.Array && len(n.fields[key].items) == 0
}

func (n *node) add(key string, child *node) {
	if n.fields == nil {
		n.fields = map[string]*node{}
	}
	n.order = append(n.order, key)
	n.fields[key] = child
}

// document builds the tree of one file.
type document struct {
	parser unstable.Parser
	*checker
}

// parse reads the syntax. After a syntax error there is no tree.
func parse(c *checker, src []byte) *node {
	d := &document{checker: c}
	d.parser.Reset(src)
	root := &node{kind: unstable.Table, line: 1, column: 1}
	current := root
	for d.parser.NextExpression() {
		switch e := d.parser.Expression(); e.Kind {
		case unstable.Table, unstable.ArrayTable:
			current = d.header(root, e)
		case unstable.KeyValue:
			d.set(current, e)
		}
	}
	var syntax *unstable.ParserError
	if err := d.parser.Error(); errors.As(err, &syntax) {
		at := d.parser.Shape(d.parser.Range(syntax.Highlight)).Start
		d.at(at.Line, at.Column, "not TOML: %s", syntax.Message)
		return nil
	} else if err != nil {
		d.at(1, 1, "not TOML: %v", err)
		return nil
	}
	return root
}

// placed is a new node at the place of a key or value.
func (d *document) placed(n *unstable.Node) *node {
	at := d.parser.Shape(n.Raw).Start
	return &node{kind: n.Kind, line: at.Line, column: at.Column}
}

// header gives the table that a [header] or [[header]] opens.
func (d *document) header(root *node, e *unstable.Node) *node {
	table := root
	path := e.Key()
	for path.Next() {
		if path.IsLast() {
			return d.open(table, path.Node(), e.Kind)
		}
		table = d.descend(table, path.Node())
	}
	return table
}

// open makes or finds the table that the last part of a header names.
func (d *document) open(parent *node, key *unstable.Node, kind unstable.Kind) *node {
	name := string(key.Data)
	table := d.placed(key)
	table.kind = unstable.Table
	old := parent.fields[name]
	switch {
	case kind == unstable.ArrayTable && old == nil:
		list := &node{kind: unstable.Array, line: table.line, column: table.column, headed: true, items: []*node{table}}
		parent.add(name, list)
	case kind == unstable.ArrayTable && old.headed:
		old.items = append(old.items, table)
	case kind == unstable.Table && old == nil:
		parent.add(name, table)
	case kind == unstable.Table && old.implicit:
		old.implicit = false
		return old
	default:
		d.at(table.line, table.column, "%s is defined twice, first in line %d", name, old.line)
	}
	return table
}

// descend goes one part of a dotted key or header down, into the newest of a list.
func (d *document) descend(table *node, key *unstable.Node) *node {
	name := string(key.Data)
	child := table.fields[name]
	switch {
	case child == nil:
		child = d.placed(key)
		child.kind, child.implicit = unstable.Table, true
		table.add(name, child)
	case child.headed:
		return child.items[len(child.items)-1]
	case child.kind != unstable.Table:
		lost := d.placed(key)
		d.at(lost.line, lost.column, "%s is not a table, see line %d", name, child.line)
		return lost
	}
	return child
}

func (d *document) set(table *node, e *unstable.Node) {
	path := e.Key()
	for path.Next() {
		key := path.Node()
		if !path.IsLast() {
			table = d.descend(table, key)
			continue
		}
		n := d.placed(key)
		if old := table.fields[string(key.Data)]; old != nil {
			d.at(n.line, n.column, "%s is given twice, first in line %d", key.Data, old.line)
			continue
		}
		d.value(n, e.Value())
		table.add(string(key.Data), n)
	}
}

// value fills n, which stands at the place of its key.
func (d *document) value(n *node, v *unstable.Node) {
	n.kind = v.Kind
	switch v.Kind {
	case unstable.Array:
		for it := v.Children(); it.Next(); {
			item := &node{line: n.line, column: n.column}
			if it.Node().Raw.Length > 0 {
				item = d.placed(it.Node())
			}
			d.value(item, it.Node())
			n.items = append(n.items, item)
		}
	case unstable.InlineTable:
		n.kind = unstable.Table
		for it := v.Children(); it.Next(); {
			d.set(n, it.Node())
		}
	default:
		n.text = string(v.Data)
	}
}

// describe names what a node is, for people.
func (n *node) describe() string {
	switch n.kind {
	case unstable.Table:
		return "a table"
	case unstable.Array:
		return "a list"
	case unstable.String:
		return fmt.Sprintf("the text %q", n.text)
	case unstable.Bool, unstable.Integer, unstable.Float:
		return n.text
	}
	return "a " + strings.ToLower(n.kind.String())
}
