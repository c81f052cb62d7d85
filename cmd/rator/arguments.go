package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"rator/workflow/value"
)

// parseValues reads KEY=value arguments into a tree. A.B=x nests; a repeated
// path is a list; A[2]=x and A[2].B=x name an item of a list, from 1.
// Every value travels as a string: the server reads it as the contract says.
func parseValues(args []string) (value.Tree, error) {
	var t value.Tree
	for _, arg := range args {
		path, text, ok := strings.Cut(arg, "=")
		if !ok || path == "" {
			return nil, fmt.Errorf("%q is not KEY=value", arg)
		}
		if err := put(&t, strings.Split(path, "."), text); err != nil {
			return nil, fmt.Errorf("%q: %w", arg, err)
		}
	}
	return t, nil
}

func put(t *value.Tree, path []string, text string) error {
	key, item, err := listItem(path[0])
	if err != nil {
		return err
	}
	if len(path) == 1 {
		next := 1
		for range t.All(key) {
			next++
		}
		if item != 0 && item != next {
			return fmt.Errorf("%s[%d] is not the next item of the list, which is %s[%d]", key, item, key, next)
		}
		*t = append(*t, value.OfString(key, text))
		return nil
	}
	have := 0
	for e := range t.All(key) {
		if e.Type != value.Complex {
			return fmt.Errorf("%s already has a plain value", key)
		}
		if have++; have == max(item, 1) {
			return put(&e.Items, path[1:], text)
		}
	}
	if item > have+1 {
		return fmt.Errorf("%s[%d] comes before %s[%d]", key, item, key, have+1)
	}
	var below value.Tree
	if err := put(&below, path[1:], text); err != nil {
		return err
	}
	*t = append(*t, value.Of(key, below...))
	return nil
}

// listItem splits KEY[2] into KEY and 2; 0 when there is no number.
func listItem(s string) (key string, item int, err error) {
	key, number, ok := strings.Cut(s, "[")
	if ok {
		item, err = strconv.Atoi(strings.TrimSuffix(number, "]"))
		if err != nil || item < 1 || !strings.HasSuffix(number, "]") {
			return "", 0, fmt.Errorf("%s: the item of a list is a number from 1, as in %s[1]", s, key)
		}
	}
	return key, item, checkKey(key)
}

// checkKey refuses a name that no key can have.
func checkKey(key string) error {
	if key == "" {
		return errors.New("a key is empty")
	}
	for _, r := range key {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '-' {
			return fmt.Errorf("%q is no part of a key, which is letters, digits, _ and -", r)
		}
	}
	return nil
}

// printTree writes a tree for people: a key per line, indented, values aligned.
func printTree(b *strings.Builder, t value.Tree, indent string) {
	width := 0
	for i := range t {
		if t[i].Type != value.Complex {
			width = max(width, len(t[i].Key))
		}
	}
	for i := range t {
		switch e := &t[i]; {
		case e.Type == value.Complex:
			fmt.Fprintf(b, "%s%s\n", indent, e.Key)
			printTree(b, e.Items, indent+"  ")
		case e.Null:
			fmt.Fprintf(b, "%s%-*s  (null)\n", indent, width, e.Key)
		default:
			fmt.Fprintf(b, "%s%-*s  %s\n", indent, width, e.Key, strings.ReplaceAll(e.Text, "\n", `\n`))
		}
	}
}
