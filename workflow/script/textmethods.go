package script

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"go.starlark.net/starlark"
)

// stringMethods are those of a text. The size of what they make is known before
// they make it; positions count characters.
var stringMethods = map[string]method{
	"count": native("count", shrinks), "endswith": native("endswith", shrinks), "find": textFind, "format": textFormat,
	"isalnum": native("isalnum", shrinks), "isalpha": native("isalpha", shrinks), "isdigit": native("isdigit", shrinks),
	"join": textJoin, "lower": native("lower", grows), "lstrip": native("lstrip", shrinks),
	"removeprefix": native("removeprefix", shrinks), "removesuffix": native("removesuffix", shrinks),
	"replace": textReplace, "rstrip": native("rstrip", shrinks), "split": textSplit,
	"startswith": native("startswith", shrinks), "strip": native("strip", shrinks), "upper": native("upper", grows),
}

// How many bytes a method may make of each byte of its text: a part of the text
// takes none of its own, and upper(ŉ) is longer than ŉ.
const (
	shrinks = 0
	grows   = 3
)

// native is Starlark's own method, charged by the length of the text.
func native(name string, factor int) method {
	return func(thread *starlark.Thread, receiver starlark.Value, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
		text := receiver.(starlark.String)
		b := budgetOf(thread)
		if err := b.spend(len(text) / 1024); err != nil {
			return nil, err
		}
		if err := b.take(factor * len(text)); err != nil {
			return nil, err
		}
		do, err := text.Attr(name)
		if err != nil {
			return nil, err
		}
		return starlark.Call(thread, do, args, keywords)
	}
}

// textFind is text.find(part): the position of its first character, or -1.
func textFind(thread *starlark.Thread, receiver starlark.Value, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	var part string
	if err := starlark.UnpackPositionalArgs("find", args, keywords, 1, &part); err != nil {
		return nil, err
	}
	text := string(receiver.(starlark.String))
	i := strings.Index(text, part)
	if i > 0 {
		i = utf8.RuneCountInString(text[:i])
	}
	return starlark.MakeInt(i), budgetOf(thread).spend(len(text) / 1024)
}

func textFormat(thread *starlark.Thread, receiver starlark.Value, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	return budgetOf(thread).format(thread, string(receiver.(starlark.String)), args, keywords)
}

func textJoin(thread *starlark.Thread, receiver starlark.Value, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	var sequence starlark.Value
	if err := starlark.UnpackPositionalArgs("join", args, keywords, 1, &sequence); err != nil {
		return nil, err
	}
	b, separator := budgetOf(thread), string(receiver.(starlark.String))
	items, err := b.items(sequence)
	if err != nil {
		return nil, err
	}
	parts := make([]string, len(items))
	size := 0
	for i, item := range items {
		part, ok := starlark.AsString(item)
		if !ok {
			return nil, fmt.Errorf("item %d is a %s value, not a text", i, item.Type())
		}
		parts[i] = part
		size += len(part) + len(separator)
	}
	if err := b.text(size); err != nil {
		return nil, err
	}
	return starlark.String(strings.Join(parts, separator)), nil
}

func textReplace(thread *starlark.Thread, receiver starlark.Value, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	var old, replacement string
	if err := starlark.UnpackPositionalArgs("replace", args, keywords, 2, &old, &replacement); err != nil {
		return nil, err
	}
	text, b := string(receiver.(starlark.String)), budgetOf(thread)
	if old == "" {
		return nil, errors.New("the text to replace is empty")
	}
	if err := b.spend(len(text) / 512); err != nil {
		return nil, err
	}
	if err := b.text(len(text) + strings.Count(text, old)*max(0, len(replacement)-len(old))); err != nil {
		return nil, err
	}
	return starlark.String(strings.ReplaceAll(text, old, replacement)), nil
}

// textSplit is text.split(separator); without one, white space separates.
func textSplit(thread *starlark.Thread, receiver starlark.Value, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	var separator string
	if err := starlark.UnpackPositionalArgs("split", args, keywords, 0, &separator); err != nil {
		return nil, err
	}
	text, b := string(receiver.(starlark.String)), budgetOf(thread)
	if len(args) > 0 && separator == "" {
		return nil, errors.New("the separator is empty")
	}
	n := 0
	if separator == "" {
		for range strings.FieldsSeq(text) {
			n++
		}
	} else {
		n = strings.Count(text, separator) + 1
	}
	if err := b.spend(len(text) / 512); err != nil {
		return nil, err
	}
	if err := b.list(n); err != nil {
		return nil, err
	}
	if err := b.take(32 * n); err != nil { // the header of each part and its box
		return nil, err
	}
	parts := make([]starlark.Value, 0, n)
	pieces := strings.FieldsSeq(text)
	if separator != "" {
		pieces = strings.SplitSeq(text, separator)
	}
	for piece := range pieces {
		parts = append(parts, starlark.String(piece))
	}
	return starlark.NewList(parts), nil
}
