package compare

import (
	"fmt"
	"strings"

	"rator/wire"
	"rator/workflow/value"
)

// At is the text at a path in a message: a path as differences show it, or below
// the values of an answer or a request of ours the keys alone, as in ACCOUNT/ID.
// Of a list without an index it is the first item.
func At(body []byte, path string) (string, error) {
	root, err := Parse(body)
	if err != nil {
		return "", err
	}
	return root.Find(path)
}

// Find is At of a tree.
func (n *Node) Find(path string) (string, error) {
	at, rest, below := n.begin(path)
	for below {
		var written string
		written, rest, below = strings.Cut(rest, "/")
		if name, ok := strings.CutPrefix(written, "@"); ok && !below {
			for _, a := range at.Attributes {
				if a.Name.Local == name {
					return a.Value, nil
				}
			}
			return "", fmt.Errorf("path %q: %s has no attribute %s", path, at.label(), name)
		}
		next := at.child(written)
		if next == nil {
			return "", fmt.Errorf("path %q: there is no %s in %s%s", path, written, at.label(), at.names())
		}
		at = next
	}
	return at.value(path)
}

// begin is where a path begins, and what is left of it.
func (n *Node) begin(path string) (at *Node, rest string, below bool) {
	first, rest, below := strings.Cut(path, "/")
	if first == n.Name.Local {
		return n, rest, below
	}
	operation := n.Operation()
	if first == operation.Name.Local {
		return operation, rest, below
	}
	for _, member := range []string{wire.Return, wire.Argument} {
		if in := operation.First(member); in != nil && first != member {
			return in, path, true
		}
	}
	return operation, path, true
}

// child is the element or entry a step of a path names, or nil.
func (n *Node) child(written string) *Node {
	name, index := cutIndex(written)
	element, key := cutKey(name)
	left := max(index, 0)
	for child := range n.Elements() {
		k, isEntry := child.EntryKey()
		switch {
		case key != "" && (child.Name.Local != element || !isEntry || k != key):
			continue
		case key == "" && child.Name.Local != name && (!isEntry || k != name):
			continue
		}
		if left == 0 {
			return child
		}
		left--
	}
	return nil
}

// EntryKey is the key of an entry of ours; ok is false for any other element.
func (n *Node) EntryKey() (key string, ok bool) {
	if n.Name.Local != wire.Values && n.Name.Local != wire.Value {
		return "", false
	}
	k := n.First(wire.Key)
	if k == nil || !k.IsLeaf() {
		return "", false
	}
	return k.Content(), true
}

// value is the text of an element or of an entry.
func (n *Node) value(path string) (string, error) {
	if _, isEntry := n.EntryKey(); isEntry && !n.isComplex() {
		v := n.First(wire.Value)
		if v == nil || v.IsNil() || n.IsNil() {
			return "", fmt.Errorf("path %q: it is null", path)
		}
		n = v
	}
	if !n.IsLeaf() {
		return "", fmt.Errorf("path %q: %s holds elements, not a text%s", path, n.label(), n.names())
	}
	return n.Content(), nil
}

// isComplex says that entries are in an entry of ours.
func (n *Node) isComplex() bool {
	v := n.First(wire.Value)
	return n.ValueType() == value.Complex || v != nil && !v.IsLeaf()
}

func (n *Node) label() string {
	if key, ok := n.EntryKey(); ok {
		return key
	}
	return n.Name.Local
}

// names lists what is in an element, for messages.
func (n *Node) names() string {
	const shown = 12
	var names []string
	for child := range n.Elements() {
		if name := child.label(); len(names) == 0 || names[len(names)-1] != name {
			names = append(names, name)
		}
		if len(names) == shown {
			names = append(names, "…")
			break
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "; there are " + strings.Join(names, ", ")
}
