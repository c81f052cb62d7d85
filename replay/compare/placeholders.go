package compare

import (
	"bytes"
	"errors"
	"strings"
)

// Placeholders are the names that an expected message has placeholders for, and those
// that it captures, in the order of the message. XMLUnit's are not among them.
func Placeholders(expected []byte) (names, captured []string) {
	if !bytes.Contains(expected, []byte("${")) {
		return nil, nil
	}
	root, err := Parse(expected)
	if err != nil {
		return nil, nil
	}
	for _, text := range root.withPlaceholders {
		e, err := expect(text, func(name string) (string, bool) {
			names = append(names, name)
			return "", true
		})
		if err == nil {
			captured = append(captured, e.captures...)
		}
	}
	return names, captured
}

// Mistakes are what is wrong with an expected message whatever comes: it is no XML, or
// has placeholders that nobody can read.
func Mistakes(expected []byte) []*SyntaxError {
	root, err := Parse(expected)
	if syntax := (*SyntaxError)(nil); errors.As(err, &syntax) {
		syntax.Expected = true
		return []*SyntaxError{syntax}
	}
	var mistakes []*SyntaxError
	for at, text := range root.withPlaceholders {
		if _, err := expect(text, func(string) (string, bool) { return "", true }); err != nil {
			mistakes = append(mistakes, unreadable(at, err))
		}
	}
	return mistakes
}

// unreadable is a placeholder that cannot be read, in a text of a node.
func unreadable(at *Node, err error) *SyntaxError {
	return &SyntaxError{Line: at.Line, Column: at.Column, Message: err.Error(), Expected: true, Placeholder: true}
}

// withPlaceholders yields the texts and attributes in n that have a placeholder, each with
// its node.
func (n *Node) withPlaceholders(yield func(at *Node, text string) bool) {
	n.texts(func(at *Node, text string) bool { return !strings.Contains(text, "${") || yield(at, text) })
}

// texts yields the texts and attributes in n until yield says no, and whether it never did.
func (n *Node) texts(yield func(at *Node, text string) bool) bool {
	if !yield(n, n.Text) {
		return false
	}
	for i := range n.Attributes {
		if !yield(n, n.Attributes[i].Value) {
			return false
		}
	}
	for _, child := range n.Nodes {
		if !child.texts(yield) {
			return false
		}
	}
	return true
}
