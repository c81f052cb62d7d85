package script

import (
	"fmt"

	"go.starlark.net/starlark"

	"rator/workflow/value"
)

// recordGet is record.get(key, default): the value under a key whose name is
// computed, or the default when it is absent or null.
func recordGet(_ *starlark.Thread, receiver starlark.Value, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	var key string
	var otherwise starlark.Value = starlark.None
	if err := starlark.UnpackPositionalArgs("get", args, keywords, 1, &key, &otherwise); err != nil {
		return nil, err
	}
	v, err := receiver.(*record).Attr(key)
	if err == nil && v == starlark.None {
		v = otherwise
	}
	return v, err
}

// recordItems is a list of [key, value] in the order of the tree.
func recordItems(thread *starlark.Thread, receiver starlark.Value, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	if err := starlark.UnpackPositionalArgs("items", args, keywords, 0); err != nil {
		return nil, err
	}
	r, b := receiver.(*record), budgetOf(thread)
	if err := b.dict(len(r.tree)); err != nil {
		return nil, err
	}
	return b.pairs(len(r.tree), func(i int) (key, v starlark.Value) {
		return starlark.String(r.tree[i].Key), r.child(i)
	})
}

func recordKeys(thread *starlark.Thread, receiver starlark.Value, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	if err := starlark.UnpackPositionalArgs("keys", args, keywords, 0); err != nil {
		return nil, err
	}
	r := receiver.(*record)
	if err := budgetOf(thread).dict(len(r.tree)); err != nil {
		return nil, err
	}
	keys := make([]starlark.Value, len(r.tree))
	for i := range keys {
		keys[i] = starlark.String(r.tree[i].Key)
	}
	return starlark.NewList(keys), nil
}

func recordValues(thread *starlark.Thread, receiver starlark.Value, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	if err := starlark.UnpackPositionalArgs("values", args, keywords, 0); err != nil {
		return nil, err
	}
	if err := budgetOf(thread).dict(starlark.Len(receiver)); err != nil {
		return nil, err
	}
	items, err := budgetOf(thread).items(receiver)
	return starlark.NewList(items), err
}

// dateAdd is date.add(days = n).
func dateAdd(_ *starlark.Thread, receiver starlark.Value, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	var days int
	if err := starlark.UnpackArgs("add", args, keywords, "days", &days); err != nil || len(args) > 0 {
		return nil, fmt.Errorf("write .add(days = n)")
	}
	return receiver.(date).add(days)
}

// equalTrees reports whether two trees have the same keys, types and literals in
// the same order.
func (b *budget) equalTrees(x, y value.Tree) (bool, error) {
	if len(x) != len(y) {
		return false, nil
	}
	if err := b.spend(len(x)); err != nil {
		return false, err
	}
	for i := range x {
		if x[i].Key != y[i].Key || x[i].Type != y[i].Type || x[i].Null != y[i].Null || x[i].Text != y[i].Text {
			return false, nil
		}
		if same, err := b.equalTrees(x[i].Items, y[i].Items); err != nil || !same {
			return false, err
		}
	}
	return true, nil
}
