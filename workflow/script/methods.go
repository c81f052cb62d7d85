package script

import (
	"fmt"
	"maps"
	"slices"

	"go.starlark.net/starlark"
)

// method is something a value does: value.name(args). It charges the budget.
type method func(thread *starlark.Thread, receiver starlark.Value, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error)

// methods are those of every type, by type and name. What is not here cannot be
// called: Starlark's own methods charge nothing.
var methods = map[string]map[string]method{
	"string": stringMethods,
	"list": {
		"append": listAppend, "extend": listExtend, "insert": listInsert, "pop": listPop,
	},
	"dict": {
		"get": dictGet, "items": dictItems, "keys": dictKeys, "values": dictValues,
		"update": dictUpdate, "pop": dictPop, "setdefault": dictSetDefault,
	},
	"complex": {
		"get": recordGet, "items": recordItems, "keys": recordKeys, "values": recordValues,
	},
	"date": {"add": dateAdd},
}

// methodNames are the names of all methods.
var methodNames = func() map[string]bool {
	names := map[string]bool{}
	for _, ofType := range methods {
		for name := range ofType {
			names[name] = true
		}
	}
	return names
}()

// callMethod is the builtin behind value.name(…): its first argument is the value.
func callMethod(name string) builtin {
	return func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
		receiver := args[0]
		do := methods[receiver.Type()][name]
		if do == nil {
			return nil, fmt.Errorf("a %s value has no method %s%s", receiver.Type(), name, missing(receiver))
		}
		result, err := do(thread, receiver, args[1:], keywords)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return result, nil
	}
}

func missing(v starlark.Value) string {
	if v == starlark.None {
		return "; the value is missing (None)"
	}
	return ""
}

func sortedMethodNames() []string { return slices.Sorted(maps.Keys(methodNames)) }

func listAppend(thread *starlark.Thread, receiver starlark.Value, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	var item starlark.Value
	if err := starlark.UnpackPositionalArgs("append", args, keywords, 1, &item); err != nil {
		return nil, err
	}
	list := receiver.(*starlark.List)
	if list.Len() >= maxItems {
		return nil, fmt.Errorf("a list of more than %d items is too long", maxItems)
	}
	if err := budgetOf(thread).take(16); err != nil {
		return nil, err
	}
	return starlark.None, list.Append(item)
}

func listExtend(thread *starlark.Thread, receiver starlark.Value, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	var more starlark.Value
	if err := starlark.UnpackPositionalArgs("extend", args, keywords, 1, &more); err != nil {
		return nil, err
	}
	return starlark.None, budgetOf(thread).extend(receiver.(*starlark.List), more)
}

func listInsert(thread *starlark.Thread, receiver starlark.Value, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	var at int
	var item starlark.Value
	if err := starlark.UnpackPositionalArgs("insert", args, keywords, 2, &at, &item); err != nil {
		return nil, err
	}
	list := receiver.(*starlark.List)
	n := list.Len()
	if at < 0 {
		at += n
	}
	at = min(max(at, 0), n)
	if _, err := listAppend(thread, list, starlark.Tuple{item}, nil); err != nil {
		return nil, err
	}
	if err := budgetOf(thread).spend(n - at); err != nil {
		return nil, err
	}
	for i := n; i > at; i-- {
		if err := list.SetIndex(i, list.Index(i-1)); err != nil {
			return nil, err
		}
	}
	return starlark.None, list.SetIndex(at, item)
}

func listPop(thread *starlark.Thread, receiver starlark.Value, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	list := receiver.(*starlark.List)
	if err := budgetOf(thread).spend(list.Len()); err != nil {
		return nil, err
	}
	native, err := list.Attr("pop")
	if err != nil {
		return nil, err
	}
	return starlark.Call(thread, native, args, keywords)
}

func dictGet(_ *starlark.Thread, receiver starlark.Value, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	var key starlark.Value
	var otherwise starlark.Value = starlark.None
	if err := starlark.UnpackPositionalArgs("get", args, keywords, 1, &key, &otherwise); err != nil {
		return nil, err
	}
	v, found, err := receiver.(*starlark.Dict).Get(key)
	if err == nil && !found {
		v = otherwise
	}
	return v, err
}

func dictItems(thread *starlark.Thread, receiver starlark.Value, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	dict, b := receiver.(*starlark.Dict), budgetOf(thread)
	if err := starlark.UnpackPositionalArgs("items", args, keywords, 0); err != nil {
		return nil, err
	}
	if err := b.dict(dict.Len()); err != nil {
		return nil, err
	}
	items := dict.Items()
	return b.pairs(len(items), func(i int) (key, v starlark.Value) { return items[i][0], items[i][1] })
}

func dictKeys(thread *starlark.Thread, receiver starlark.Value, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	if err := starlark.UnpackPositionalArgs("keys", args, keywords, 0); err != nil {
		return nil, err
	}
	items, err := budgetOf(thread).items(receiver)
	return starlark.NewList(items), err
}

func dictValues(thread *starlark.Thread, receiver starlark.Value, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	dict := receiver.(*starlark.Dict)
	if err := starlark.UnpackPositionalArgs("values", args, keywords, 0); err != nil {
		return nil, err
	}
	if err := budgetOf(thread).dict(dict.Len()); err != nil {
		return nil, err
	}
	values := make([]starlark.Value, 0, dict.Len())
	for _, item := range dict.Items() {
		values = append(values, item[1])
	}
	return starlark.NewList(values), nil
}

func dictUpdate(thread *starlark.Thread, receiver starlark.Value, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	var more starlark.Value
	if err := starlark.UnpackPositionalArgs("update", args, keywords, 1, &more); err != nil {
		return nil, err
	}
	return starlark.None, budgetOf(thread).fill(receiver.(*starlark.Dict), more)
}

func dictPop(thread *starlark.Thread, receiver starlark.Value, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	native, err := receiver.(*starlark.Dict).Attr("pop")
	if err != nil {
		return nil, err
	}
	return starlark.Call(thread, native, args, keywords)
}

func dictSetDefault(thread *starlark.Thread, receiver starlark.Value, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	var key starlark.Value
	var otherwise starlark.Value = starlark.None
	if err := starlark.UnpackPositionalArgs("setdefault", args, keywords, 1, &key, &otherwise); err != nil {
		return nil, err
	}
	dict := receiver.(*starlark.Dict)
	if v, found, err := dict.Get(key); err != nil || found {
		return v, err
	}
	if err := budgetOf(thread).dict(1); err != nil {
		return nil, err
	}
	return otherwise, dict.SetKey(key, otherwise)
}
