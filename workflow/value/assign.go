package value

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// ParseAssignments reads KEY=value arguments into a tree. A.B=x nests; a repeated
// path is a list; A[2]=x and A[2].B=x name an item of a list, from 1.
// Every value travels as a string: the server reads it as the contract says.
func ParseAssignments(args []string) (Tree, error) {
	var t Tree
	for _, arg := range args {
		path, text, ok := strings.Cut(arg, "=")
		if !ok || path == "" {
			return nil, fmt.Errorf("%q is not KEY=value", arg)
		}
		if err := Assign(&t, strings.Split(path, "."), text); err != nil {
			return nil, fmt.Errorf("%q: %w", arg, err)
		}
	}
	return t, nil
}

// Assign gives the value at a path a text, and makes what is not there yet.
func Assign(t *Tree, path []string, text string) error {
	key, item, err := ListItem(path[0])
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
		*t = append(*t, OfString(key, text))
		return nil
	}
	have := 0
	for e := range t.All(key) {
		if e.Type != Complex {
			return fmt.Errorf("%s already has a plain value", key)
		}
		if have++; have == max(item, 1) {
			return Assign(&e.Items, path[1:], text)
		}
	}
	if item > have+1 {
		return fmt.Errorf("%s[%d] comes before %s[%d]", key, item, key, have+1)
	}
	var below Tree
	if err := Assign(&below, path[1:], text); err != nil {
		return err
	}
	*t = append(*t, Of(key, below...))
	return nil
}

// ListItem splits a part of a path, KEY[2], into KEY and 2; 0 when there is no number.
func ListItem(s string) (key string, item int, err error) {
	key, number, ok := strings.Cut(s, "[")
	if ok {
		item, err = strconv.Atoi(strings.TrimSuffix(number, "]"))
		if err != nil || item < 1 || !strings.HasSuffix(number, "]") {
			return "", 0, fmt.Errorf("%s: the item of a list is a number from 1, as in %s[1]", s, key)
		}
	}
	return key, item, CheckKey(key)
}

// CheckKey refuses a name that no key can have.
func CheckKey(key string) error {
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
