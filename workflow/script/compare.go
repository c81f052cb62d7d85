package script

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// compare is x op y. Starlark's own comparison walks shared lists again and
// again within one step; this one charges every item it looks at.
func (b *budget) compare(op syntax.Token, x, y starlark.Value) (bool, error) {
	if op == syntax.EQL || op == syntax.NEQ {
		same, err := b.equal(x, y, 0)
		return same == (op == syntax.EQL), err
	}
	if err := b.look(x, y); err != nil {
		return false, err
	}
	order, err := scalarOrder(x, y)
	if err != nil {
		return false, fmt.Errorf("%s %s %s: %w", x.Type(), op, y.Type(), err)
	}
	return holds(op, order), nil
}

// maxCompared is how deep lists and dicts may nest in a comparison.
const maxCompared = 32

var errUncomparable = errors.New("only numbers, texts and dates have an order")

// look charges the comparison of two scalars.
func (b *budget) look(x, y starlark.Value) error {
	left, _ := starlark.AsString(x)
	right, _ := starlark.AsString(y)
	return b.spend(1 + min(len(left), len(right))/1024)
}

// equal reports whether x and y are the same value; 1 and 1.0 are.
func (b *budget) equal(x, y starlark.Value, depth int) (bool, error) {
	if depth > maxCompared {
		return false, fmt.Errorf("the values nest deeper than %d", maxCompared)
	}
	if err := b.look(x, y); err != nil {
		return false, err
	}
	switch x := x.(type) {
	case *starlark.List:
		y, ok := y.(*starlark.List)
		if !ok || x.Len() != y.Len() {
			return false, nil
		}
		for i := range x.Len() {
			if same, err := b.equal(x.Index(i), y.Index(i), depth+1); err != nil || !same {
				return false, err
			}
		}
		return true, nil
	case *starlark.Dict:
		y, ok := y.(*starlark.Dict)
		if !ok || x.Len() != y.Len() {
			return false, nil
		}
		return b.equalDicts(x, y, depth)
	case *record:
		y, ok := y.(*record)
		if !ok {
			return false, nil
		}
		return b.equalTrees(x.tree, y.tree)
	}
	if order, err := scalarOrder(x, y); err == nil {
		return order == 0, nil
	}
	if x.Type() != y.Type() {
		return false, nil
	}
	return starlark.Equal(x, y)
}

func (b *budget) equalDicts(x, y *starlark.Dict, depth int) (bool, error) {
	if err := b.take(x.Len() * 16); err != nil {
		return false, err
	}
	for _, key := range x.Keys() {
		mine, _, err := x.Get(key)
		if err != nil {
			return false, err
		}
		other, found, err := y.Get(key)
		if err != nil || !found {
			return false, err
		}
		if same, err := b.equal(mine, other, depth+1); err != nil || !same {
			return false, err
		}
	}
	return true, nil
}

// scalarOrder is -1, 0 or 1 for two numbers, texts, dates or truth values.
func scalarOrder(x, y starlark.Value) (int, error) {
	switch x := x.(type) {
	case starlark.String:
		if y, ok := y.(starlark.String); ok {
			return strings.Compare(string(x), string(y)), nil
		}
	case starlark.Int:
		if y, ok := y.(starlark.Int); ok {
			return x.Cmp(y, 0)
		}
	case starlark.Bool:
		if y, ok := y.(starlark.Bool); ok {
			return cmp.Compare(rank(x), rank(y)), nil
		}
	case date:
		if y, ok := y.(date); ok {
			return x.Compare(y.Time), nil
		}
	}
	left, ok := asDecimal(x)
	right, also := asDecimal(y)
	if ok && also {
		return left.Cmp(right), nil
	}
	return 0, errUncomparable
}

func rank(b starlark.Bool) int {
	if b {
		return 1
	}
	return 0
}

// contains is x in y.
func (b *budget) contains(x, y starlark.Value) (bool, error) {
	switch y := y.(type) {
	case starlark.String:
		if x, ok := x.(starlark.String); ok {
			return strings.Contains(string(y), string(x)), b.spend(len(y) / 1024)
		}
		return false, fmt.Errorf("a text holds only texts, not a %s value", x.Type())
	case *starlark.List:
		for i := range y.Len() {
			if same, err := b.equal(x, y.Index(i), 0); err != nil || same {
				return same, err
			}
		}
		return false, nil
	case *starlark.Dict:
		_, found, err := y.Get(x)
		return found, err
	case *record:
		key, ok := x.(starlark.String)
		return ok && y.tree.Get(string(key)) != nil, nil
	case starlark.Sequence: // a range
		if starlark.Len(y) > maxItems {
			return false, fmt.Errorf("a range of %d items is longer than %d", starlark.Len(y), maxItems)
		}
		items, err := b.items(y)
		if err != nil {
			return false, err
		}
		return b.contains(x, starlark.NewList(items))
	}
	return false, fmt.Errorf("a %s value holds nothing", y.Type())
}
