package script

import (
	"errors"
	"fmt"
	"slices"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// builtin is the Go side of a name that scripts call.
type builtin func(thread *starlark.Thread, f *starlark.Builtin, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error)

// functions are the names every script may call. They stand for Starlark's own
// of the same name, charge the budget, and know decimals and dates. There are no
// tuples in the dialect: what makes tuples in Starlark makes lists here, so that
// nothing that can be the key of a dict can nest.
var functions = map[string]builtin{
	"abs": absolute, "all": all, "any": anyOf, "bool": truth, "decimal": toDecimal, "dict": newDict,
	"enumerate": enumerate, "int": toInt, "len": length, "list": newList, "max": extreme, "min": extreme,
	"range": numbers, "reversed": reversed, "round": round, "sorted": sorted, "str": toText, "type": typeOf, "zip": zip,
}

// one unpacks the only argument of f.
func one(f *starlark.Builtin, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	if len(args) != 1 || len(keywords) > 0 {
		return nil, fmt.Errorf("%s takes one value", f.Name())
	}
	return args[0], nil
}

func absolute(_ *starlark.Thread, f *starlark.Builtin, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	v, err := one(f, args, keywords)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case starlark.Int:
		if v.Sign() < 0 {
			return starlark.MakeInt(0).Sub(v), nil
		}
		return v, nil
	case number:
		return number{Decimal: v.Abs()}, nil
	}
	return nil, fmt.Errorf("abs takes a number, not a %s value", v.Type())
}

func all(thread *starlark.Thread, f *starlark.Builtin, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	items, err := oneSequence(thread, f, args, keywords)
	if err != nil {
		return nil, err
	}
	return starlark.Bool(!slices.ContainsFunc(items, func(v starlark.Value) bool { return !bool(v.Truth()) })), nil
}

func anyOf(thread *starlark.Thread, f *starlark.Builtin, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	items, err := oneSequence(thread, f, args, keywords)
	if err != nil {
		return nil, err
	}
	return starlark.Bool(slices.ContainsFunc(items, func(v starlark.Value) bool { return bool(v.Truth()) })), nil
}

// oneSequence copies the items of the only argument of f.
func oneSequence(thread *starlark.Thread, f *starlark.Builtin, args starlark.Tuple, keywords []starlark.Tuple) ([]starlark.Value, error) {
	v, err := one(f, args, keywords)
	if err != nil {
		return nil, err
	}
	items, err := budgetOf(thread).items(v)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	return items, nil
}

func truth(_ *starlark.Thread, f *starlark.Builtin, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	v, err := one(f, args, keywords)
	if err != nil {
		return nil, err
	}
	return v.Truth(), nil
}

func toDecimal(_ *starlark.Thread, f *starlark.Builtin, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	v, err := one(f, args, keywords)
	if err != nil {
		return nil, err
	}
	if s, ok := v.(starlark.String); ok {
		return parseDecimal(string(s))
	}
	if d, ok := asDecimal(v); ok {
		return bounded(d)
	}
	return nil, fmt.Errorf("decimal takes a number or a text, not a %s value", v.Type())
}

func toInt(_ *starlark.Thread, f *starlark.Builtin, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	v, err := one(f, args, keywords)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case starlark.Int:
		return v, nil
	case starlark.Bool:
		return starlark.MakeInt(rank(v)), nil
	case number:
		return wholeNumber(v.Truncate(0).BigInt())
	case starlark.String:
		n, err := parseDecimal(string(v))
		if err != nil || !n.(number).IsInteger() {
			return nil, fmt.Errorf("int: %q is not a whole number", clip(string(v)))
		}
		return wholeNumber(n.(number).BigInt())
	}
	return nil, fmt.Errorf("int takes a number or a text, not a %s value", v.Type())
}

func toText(thread *starlark.Thread, f *starlark.Builtin, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	v, err := one(f, args, keywords)
	if err != nil {
		return nil, err
	}
	s, err := budgetOf(thread).textOf(v)
	return starlark.String(s), err
}

func typeOf(_ *starlark.Thread, f *starlark.Builtin, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	v, err := one(f, args, keywords)
	if err != nil {
		return nil, err
	}
	return starlark.String(v.Type()), nil
}

func length(thread *starlark.Thread, f *starlark.Builtin, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	v, err := one(f, args, keywords)
	if err != nil {
		return nil, err
	}
	n := starlark.Len(v)
	if s, ok := v.(starlark.String); ok {
		n, err = budgetOf(thread).characters(string(s))
	}
	if n < 0 {
		err = fmt.Errorf("a %s value has no len", v.Type())
	}
	return starlark.MakeInt(n), err
}

// numbers is range. Starlark's makes nothing until it is walked.
func numbers(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	return starlark.Call(thread, starlark.Universe["range"], args, keywords)
}

// round is round(x, digits = 0): half away from zero, as bills are rounded.
func round(_ *starlark.Thread, f *starlark.Builtin, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	var v starlark.Value
	digits := 0
	if err := starlark.UnpackArgs(f.Name(), args, keywords, "x", &v, "digits?", &digits); err != nil {
		return nil, err
	}
	d, ok := asDecimal(v)
	if !ok || digits < -maxDigits || digits > maxDigits {
		return nil, fmt.Errorf("round takes a number and a number of digits")
	}
	rounded := d.Round(int32(digits))
	if digits > 0 {
		return bounded(rounded)
	}
	return wholeNumber(rounded.BigInt())
}

// extreme is min and max.
func extreme(thread *starlark.Thread, f *starlark.Builtin, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	items := []starlark.Value(args)
	if len(args) == 1 {
		var err error
		if items, err = oneSequence(thread, f, args, keywords); err != nil {
			return nil, err
		}
	}
	if len(items) == 0 || len(keywords) > 0 {
		return nil, fmt.Errorf("%s takes a list with items, or two values or more", f.Name())
	}
	op := syntax.LT
	if f.Name() == "max" {
		op = syntax.GT
	}
	best := items[0]
	for _, item := range items[1:] {
		better, err := budgetOf(thread).compare(op, item, best)
		if err != nil {
			return nil, err
		}
		if better {
			best = item
		}
	}
	return best, nil
}

var errUnsorted = errors.New("sorted takes a list, and perhaps key and reverse")

// sorted is sorted(list, key = None, reverse = False); it is stable.
func sorted(thread *starlark.Thread, f *starlark.Builtin, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	var sequence starlark.Value
	var key starlark.Callable
	reverse := false
	if err := starlark.UnpackArgs(f.Name(), args, keywords, "list", &sequence, "key??", &key, "reverse?", &reverse); err != nil {
		return nil, errUnsorted
	}
	b := budgetOf(thread)
	items, err := b.items(sequence)
	if err != nil {
		return nil, err
	}
	type pair struct{ key, item starlark.Value }
	if err := b.take(32 * len(items)); err != nil {
		return nil, err
	}
	pairs := make([]pair, len(items))
	for i, item := range items {
		pairs[i] = pair{item, item}
		if key == nil {
			continue
		}
		if pairs[i].key, err = starlark.Call(thread, key, starlark.Tuple{item}, nil); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(pairs, func(x, y pair) int {
		if err != nil {
			return 0
		}
		if err = b.look(x.key, y.key); err != nil {
			return 0
		}
		var order int
		if order, err = scalarOrder(x.key, y.key); reverse {
			return -order
		}
		return order
	})
	if err != nil {
		return nil, fmt.Errorf("sorted: %w", err)
	}
	for i := range pairs {
		items[i] = pairs[i].item
	}
	return starlark.NewList(items), nil
}
