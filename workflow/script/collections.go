package script

import (
	"fmt"
	"slices"

	"go.starlark.net/starlark"
)

func newList(thread *starlark.Thread, f *starlark.Builtin, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	if len(args) == 0 && len(keywords) == 0 {
		return starlark.NewList(nil), nil
	}
	items, err := oneSequence(thread, f, args, keywords)
	return starlark.NewList(items), err
}

func reversed(thread *starlark.Thread, f *starlark.Builtin, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	items, err := oneSequence(thread, f, args, keywords)
	slices.Reverse(items)
	return starlark.NewList(items), err
}

// enumerate is a list of [position, item].
func enumerate(thread *starlark.Thread, f *starlark.Builtin, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	var sequence starlark.Value
	start := 0
	if err := starlark.UnpackArgs(f.Name(), args, keywords, "list", &sequence, "start?", &start); err != nil {
		return nil, err
	}
	b := budgetOf(thread)
	items, err := b.items(sequence)
	if err != nil {
		return nil, fmt.Errorf("enumerate: %w", err)
	}
	return b.pairs(len(items), func(i int) (first, second starlark.Value) {
		return starlark.MakeInt(start + i), items[i]
	})
}

// listBytes is what a list takes beside its items.
const listBytes = 64

// pairs is a list of n lists of two.
func (b *budget) pairs(n int, pair func(i int) (first, second starlark.Value)) (starlark.Value, error) {
	if err := b.take(n * (listBytes + 48)); err != nil {
		return nil, err
	}
	list := make([]starlark.Value, n)
	for i := range list {
		first, second := pair(i)
		list[i] = starlark.NewList([]starlark.Value{first, second})
	}
	return starlark.NewList(list), nil
}

// zip is a list of lists: the first of each argument, the second of each, as far
// as the shortest goes.
func zip(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	if len(args) == 0 || len(keywords) > 0 {
		return nil, fmt.Errorf("zip takes lists")
	}
	b := budgetOf(thread)
	columns := make([][]starlark.Value, len(args))
	shortest := maxItems
	for i, arg := range args {
		var err error
		if columns[i], err = b.items(arg); err != nil {
			return nil, fmt.Errorf("zip: %w", err)
		}
		shortest = min(shortest, len(columns[i]))
	}
	if err := b.take(shortest * (listBytes + 16 + 16*len(args))); err != nil {
		return nil, err
	}
	rows := make([]starlark.Value, shortest)
	for i := range rows {
		row := make([]starlark.Value, len(columns))
		for j := range columns {
			row[j] = columns[j][i]
		}
		rows[i] = starlark.NewList(row)
	}
	return starlark.NewList(rows), nil
}

// newDict is dict(), dict(another), dict(pairs) and dict(KEY = value).
func newDict(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	b := budgetOf(thread)
	result := new(starlark.Dict)
	if len(args) > 1 {
		return nil, fmt.Errorf("dict takes one value and keywords")
	}
	if len(args) == 1 {
		if err := b.fill(result, args[0]); err != nil {
			return nil, fmt.Errorf("dict: %w", err)
		}
	}
	if err := b.dict(len(keywords)); err != nil {
		return nil, err
	}
	for _, pair := range keywords {
		if err := result.SetKey(pair[0], pair[1]); err != nil {
			return nil, err
		}
	}
	return result, nil
}

// fill puts the entries of a dict, a complex value or a list of pairs into result.
func (b *budget) fill(result *starlark.Dict, from starlark.Value) error {
	switch from := from.(type) {
	case *starlark.Dict:
		return b.update(result, from)
	case *record:
		if err := b.dict(len(from.tree)); err != nil {
			return err
		}
		for i := range from.tree {
			if err := result.SetKey(starlark.String(from.tree[i].Key), from.child(i)); err != nil {
				return err
			}
		}
		return nil
	}
	items, err := b.items(from)
	if err != nil {
		return err
	}
	if err := b.dict(len(items)); err != nil {
		return err
	}
	for _, item := range items {
		pair, ok := item.(*starlark.List)
		if !ok || pair.Len() != 2 {
			return fmt.Errorf("an item is not a list of key and value")
		}
		if err := result.SetKey(pair.Index(0), pair.Index(1)); err != nil {
			return err
		}
	}
	return nil
}
