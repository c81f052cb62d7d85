package script

import (
	"fmt"
	"unicode/utf8"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// A text is a sequence of characters here, not of bytes as in Starlark: names
// have letters outside ASCII, and half of one is no text.

// characters counts those of s.
func (b *budget) characters(s string) (int, error) {
	return utf8.RuneCountInString(s), b.spend(len(s) / 1024)
}

// index is x[key].
func (b *budget) index(x, key starlark.Value) (starlark.Value, error) {
	switch x := x.(type) {
	case *starlark.Dict:
		found, ok, err := x.Get(key)
		if err == nil && !ok {
			err = fmt.Errorf("the dict has no key %s", clip(key.String()))
		}
		return found, err
	case *record:
		name, ok := key.(starlark.String)
		if !ok {
			return nil, fmt.Errorf("a complex value is indexed by the name of a key, not by %s", key.Type())
		}
		return x.Attr(string(name))
	case starlark.String:
		n, err := b.characters(string(x))
		if err != nil {
			return nil, err
		}
		i, err := position(key, n)
		if err != nil {
			return nil, err
		}
		return starlark.String(substring(string(x), i, i+1, n)), nil
	case starlark.Indexable: // a list or a range
		i, err := position(key, x.Len())
		if err != nil {
			return nil, err
		}
		return x.Index(i), nil
	}
	return nil, fmt.Errorf("a %s value has no [ ]", x.Type())
}

// position is an index into n items; a negative one counts from the end.
func position(key starlark.Value, n int) (int, error) {
	i, err := starlark.AsInt32(key)
	if err != nil {
		return 0, fmt.Errorf("an index is a whole number, not %s", key.Type())
	}
	if i < -n || i >= n {
		return 0, fmt.Errorf("index %d is out of range, there are %d", i, n)
	}
	if i < 0 {
		i += n
	}
	return i, nil
}

// substring is characters from to to (not included) of s, which has n.
func substring(s string, from, to, n int) string {
	if n == len(s) {
		return s[from:to]
	}
	start, end, at := len(s), len(s), 0
	for i := range s {
		if at == from {
			start = i
		}
		if at == to {
			end = i
			break
		}
		at++
	}
	if from >= to {
		return ""
	}
	return s[start:end]
}

// slice is x[low:high:step] with None for what is left out.
func (b *budget) slice(x, low, high, step starlark.Value) (starlark.Value, error) {
	if step != starlark.None {
		return nil, fmt.Errorf("a slice has no step; write [x[i] for i in range(…)]")
	}
	switch x := x.(type) {
	case starlark.String:
		n, err := b.characters(string(x))
		if err != nil {
			return nil, err
		}
		from, to, err := bounds(low, high, n)
		if err != nil {
			return nil, err
		}
		return starlark.String(substring(string(x), from, to, n)), nil
	case *starlark.List:
		from, to, err := bounds(low, high, x.Len())
		if err != nil {
			return nil, err
		}
		if err := b.list(to - from); err != nil {
			return nil, err
		}
		return x.Slice(from, to, 1), nil
	}
	return nil, fmt.Errorf("a %s value has no [ : ]", x.Type())
}

// bounds brings the ends of a slice into 0 to n.
func bounds(low, high starlark.Value, n int) (from, to int, err error) {
	end := func(v starlark.Value, missing int) (int, error) {
		if v == starlark.None {
			return missing, nil
		}
		i, err := starlark.AsInt32(v)
		if err != nil {
			return 0, fmt.Errorf("the end of a slice is a whole number, not %s", v.Type())
		}
		if i < 0 {
			i += n
		}
		return min(max(i, 0), n), nil
	}
	if from, err = end(low, 0); err != nil {
		return 0, 0, err
	}
	to, err = end(high, n)
	return from, max(from, to), err
}

// operateAt is x[key] op= y, with x and key looked at once.
func (b *budget) operateAt(op syntax.Token, x, key, y starlark.Value) error {
	old, err := b.index(x, key)
	if err != nil {
		return err
	}
	result, err := b.operateInPlace(op, old, y)
	if err != nil {
		return err
	}
	switch x := x.(type) {
	case *starlark.Dict:
		return x.SetKey(key, result)
	case *starlark.List:
		i, err := position(key, x.Len())
		if err != nil {
			return err
		}
		return x.SetIndex(i, result)
	}
	return fmt.Errorf("a %s value cannot be changed", x.Type())
}

// clip keeps a message readable when what it quotes is not.
func clip(s string) string { return clipTo(80, s) }

// clipTo is s, or its first characters of most bytes at most.
func clipTo(most int, s string) string {
	if len(s) <= most {
		return s
	}
	end := most
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}
