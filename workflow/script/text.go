package script

import (
	"errors"
	"strings"

	"go.starlark.net/starlark"
)

// textOf is str(v).
func (b *budget) textOf(v starlark.Value) (string, error) {
	if s, ok := starlark.AsString(v); ok {
		return s, nil
	}
	if _, err := b.fits(v); err != nil {
		return "", err
	}
	s := v.String()
	return s, b.text(len(s))
}

// making is how many bytes Starlark makes for each byte of a value's text.
const making = 8

// fits refuses a value whose text would be too long, without making it: a list
// that holds another twice, twenty times over, has a text of megabytes. It gives
// at least the length of the text.
func (b *budget) fits(v starlark.Value) (int, error) {
	left := maxText
	if !measure(v, &left, 0) {
		return 0, errors.New("the text of the value is too long")
	}
	length := maxText - left
	if err := b.take(making * length); err != nil {
		return 0, err
	}
	return length, b.spend(length / 1024)
}

// measure takes at least the length of v's text from left; false when it does
// not fit.
func measure(v starlark.Value, left *int, depth int) bool {
	if depth > maxCompared {
		return false
	}
	switch v := v.(type) {
	case starlark.String:
		*left -= 4*len(v) + 2 // quoted, in the worst case \x00
	case *starlark.List:
		*left -= 2
		for i := range v.Len() {
			if *left -= 2; *left < 0 || !measure(v.Index(i), left, depth+1) {
				return false
			}
		}
	case *starlark.Dict:
		if *left -= 2 + 4*v.Len(); *left < 0 {
			return false
		}
		for _, item := range v.Items() {
			if !measure(item[0], left, depth+1) || !measure(item[1], left, depth+1) {
				return false
			}
		}
	default: // nests nothing
		*left -= len(v.String())
	}
	return *left >= 0
}

// format is "…{}…".format(…). Every { may stand for the longest argument.
func (b *budget) format(thread *starlark.Thread, text string, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	longest := 0
	look := func(v starlark.Value) error {
		if s, ok := v.(starlark.String); ok && !strings.Contains(text, "!") {
			longest = max(longest, len(s))
			return nil
		}
		length, err := b.fits(v)
		longest = max(longest, length)
		return err
	}
	for _, v := range args {
		if err := look(v); err != nil {
			return nil, err
		}
	}
	for _, pair := range keywords {
		if err := look(pair[1]); err != nil {
			return nil, err
		}
	}
	if err := b.text(len(text) + strings.Count(text, "{")*longest); err != nil {
		return nil, err
	}
	native, err := starlark.String(text).Attr("format")
	if err != nil {
		return nil, err
	}
	return starlark.Call(thread, native, args, keywords)
}
