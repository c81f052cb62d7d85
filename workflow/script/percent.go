package script

import (
	"errors"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// verb is a % of a format and the letter behind it; of %%, which stands for itself,
// the letter is a %.
type verb struct {
	at     int // bytes before it
	letter byte
}

// takes is what a verb's value is: any for %s and %r.
var takes = map[byte]string{'s': "", 'r': "", 'd': "a whole number", 'i': "a whole number", 'o': "a whole number", 'x': "a whole number", 'X': "a whole number", 'f': "a number"}

// verbsOf are those of a format, as Starlark has them but for %c, %e, %g and %(KEY)s.
// With an error, at is where the % stands that is not taken.
func verbsOf(format string) (all []verb, at int, err error) {
	for i := 0; ; i += 2 {
		next := strings.IndexByte(format[i:], '%')
		if next < 0 {
			return all, 0, nil
		}
		i += next
		if i+1 == len(format) {
			return nil, i, errors.New("nothing stands behind the last %; write %% for a plain one")
		}
		letter := format[i+1]
		if _, taken := takes[letter]; !taken && letter != '%' {
			return nil, i, notTaken(format[i:])
		}
		all = append(all, verb{i, letter})
	}
}

// notTaken says what to write instead of the % that a text begins with.
func notTaken(rest string) error {
	width := len(rest[1:]) - len(strings.TrimLeft(rest[1:], "-+ #0123456789.*"))
	switch {
	case rest[1] == '(':
		return errors.New("%(KEY)s is not taken; write \"…{KEY}…\".format(KEY = …)")
	case width > 0 && width+1 < len(rest):
		return fmt.Errorf("%s is not taken, for there is no width and no precision; write %%s and round(x, 2), or %%%% for a plain %%", clip(firstRunes(rest, width+2)))
	}
	return fmt.Errorf("%s is not taken; there are %%s %%r %%d %%i %%o %%x %%X %%f, and %%%% for a plain %%", clip(firstRunes(rest, 2)))
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}

// counted is an error unless there is a value for each verb.
func counted(all []verb, values int) error {
	n := 0
	for _, v := range all {
		if v.letter != '%' {
			n++
		}
	}
	switch {
	case n == values:
		return nil
	case values == 1:
		return fmt.Errorf("the format has %d verbs for one value; write several in parentheses right behind it: \"%%s %%s\" %% (a, b)", n)
	}
	return fmt.Errorf("the format has %d verbs for %d values", n, values)
}

// percent is format % values.
func (b *budget) percent(format string, values []starlark.Value) (starlark.Value, error) {
	if err := b.spend(len(format) / 512); err != nil {
		return nil, err
	}
	all, _, err := verbsOf(format)
	if err == nil {
		err = counted(all, len(values))
	}
	if err != nil {
		return nil, err
	}
	if err := b.spend(len(all)); err != nil {
		return nil, err
	}
	var text strings.Builder
	from := 0
	add := func(s string) error {
		if text.Len()+len(s) > maxText {
			return fmt.Errorf("a text of more than %d bytes is too long", maxText)
		}
		text.WriteString(s)
		return nil
	}
	for _, v := range all {
		piece := "%"
		if v.letter != '%' {
			if piece, err = b.verb(v.letter, values[0]); err != nil {
				return nil, err
			}
			values = values[1:]
		}
		if err := errors.Join(add(format[from:v.at]), add(piece)); err != nil {
			return nil, err
		}
		from = v.at + 2
	}
	if err := add(format[from:]); err != nil {
		return nil, err
	}
	if err := b.take(text.Len()); err != nil { // what it grew out of
		return nil, err
	}
	return starlark.String(text.String()), b.text(text.Len())
}

// operateTuple is x % (a, b), where the values are written out behind the format.
func (b *budget) operateTuple(x starlark.Value, values *starlark.List) (starlark.Value, error) {
	format, ok := starlark.AsString(x)
	if !ok {
		return b.operate(syntax.PERCENT, x, values)
	}
	items, err := b.items(values)
	if err != nil {
		return nil, err
	}
	return b.percent(format, items)
}

// verb is a value as one verb writes it.
func (b *budget) verb(letter byte, v starlark.Value) (string, error) {
	switch letter {
	case 's':
		return b.textOf(v)
	case 'r':
		if _, err := b.fits(v); err != nil {
			return "", err
		}
		return v.String(), nil
	}
	n, ok := asDecimal(v)
	if !ok || letter != 'f' && !n.IsInteger() {
		return "", fmt.Errorf("%%%c takes %s, not %s%s", letter, takes[letter], shownOr(v), missing(v))
	}
	if err := b.take(making * (n.NumDigits() + max(int(n.Exponent()), -int(n.Exponent())))); err != nil {
		return "", err
	}
	return numeral(letter, n), nil
}

// shownOr is a number itself, and of anything else, which may be a secret, its type.
func shownOr(v starlark.Value) string {
	if _, ok := asDecimal(v); ok {
		return v.String()
	}
	return "a " + v.Type() + " value"
}

func numeral(letter byte, n decimal.Decimal) string {
	switch letter {
	case 'f':
		return n.StringFixed(6)
	case 'o':
		return n.BigInt().Text(8)
	case 'x':
		return n.BigInt().Text(16)
	case 'X':
		return strings.ToUpper(n.BigInt().Text(16))
	}
	return n.BigInt().String()
}
