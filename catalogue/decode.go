package catalogue

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
	"github.com/shopspring/decimal"
)

// field is a struct field that has a key in the file: its key tag in small letters.
type field struct {
	name   string
	index  []int
	always bool // written even when zero
}

// fieldsOf lists the keyed fields of a struct, embedded ones first.
func fieldsOf(t reflect.Type) []field {
	var fields []field
	for _, f := range reflect.VisibleFields(t) {
		if key := f.Tag.Get("key"); key != "" {
			fields = append(fields, field{strings.ToLower(key), f.Index, f.Tag.Get("write") == "always"})
		}
	}
	return fields
}

// decode fills a struct from a table and reports every key it does not know and
// every value of a wrong type. x.source is set, so that later checks find places.
func decode(c *checker, n *node, x reflect.Value) {
	fields := fieldsOf(x.Type())
	known := make(map[string][]int, len(fields))
	var names []string
	for _, f := range fields {
		known[f.name] = f.index
		names = append(names, f.name)
	}
	for _, key := range n.order {
		if index, ok := known[key]; ok {
			c.decodeValue(key, n.fields[key], x.FieldByIndex(index))
		} else {
			c.at(n.fields[key].line, n.fields[key].column, "unknown key %s%s", key, suggest(key, names))
		}
	}
	switch x := x.Addr().Interface().(type) {
	case interface{ entry() *Entry }:
		x.entry().source = n
	case interface{ placed(*node) }:
		x.placed(n)
	}
}

var decimalType = reflect.TypeFor[decimal.Decimal]()

func (c *checker) decodeValue(key string, n *node, to reflect.Value) {
	wrong := func(want string) { c.at(n.line, n.column, "%s must be %s, not %s", key, want, n.describe()) }
	switch {
	case to.Type() == decimalType:
		if d, ok := number(n); ok {
			to.Set(reflect.ValueOf(d))
		} else {
			wrong("a number, such as 9.90")
		}
	case to.Kind() == reflect.String:
		if n.kind != unstable.String {
			wrong("text in quotes")
		} else {
			to.SetString(n.text)
		}
	case to.Kind() == reflect.Bool:
		if n.kind != unstable.Bool {
			wrong("true or false")
		} else {
			to.SetBool((n.text == "true") != (to.Type() == reflect.TypeFor[Untaxed]()))
		}
	case to.Kind() == reflect.Int:
		if d, ok := number(n); ok && d.IsInteger() && d.BigInt().IsInt64() {
			to.SetInt(d.IntPart())
		} else {
			wrong("a whole number")
		}
	case n.kind != unstable.Array && to.Type().Elem().Kind() == reflect.Pointer:
		wrong("a list of tables, headed [[" + key + "]]")
	case n.kind != unstable.Array && to.Type().Elem().Kind() == reflect.Int:
		wrong("a list, such as [10]")
	case n.kind != unstable.Array:
		wrong(`a list, such as ["CDMA"]`)
	default:
		c.decodeList(key, n, to)
	}
}

func (c *checker) decodeList(key string, n *node, to reflect.Value) {
	for _, item := range n.items {
		x, before := reflect.New(to.Type().Elem()).Elem(), len(c.mistakes)
		if x.Kind() != reflect.Pointer {
			if c.decodeValue(key, item, x); len(c.mistakes) > before {
				continue // nothing more to say about it
			}
		} else if item.kind == unstable.Table {
			x.Set(reflect.New(x.Type().Elem()))
			decode(c, item, x.Elem())
		} else {
			c.at(item.line, item.column, "%s must hold tables, not %s", key, item.describe())
			continue
		}
		to.Set(reflect.Append(to, x))
	}
}

// number reads a TOML integer or float exactly. Eighteen digits are more than
// any price has; an exponent could expand to gigabytes.
func number(n *node) (decimal.Decimal, bool) {
	if n.kind != unstable.Integer && n.kind != unstable.Float || len(n.text) > 18 {
		return decimal.Zero, false
	}
	if i, err := strconv.ParseInt(n.text, 0, 64); err == nil && n.kind == unstable.Integer {
		return decimal.NewFromInt(i), true
	}
	text := strings.ReplaceAll(n.text, "_", "")
	if strings.ContainsAny(text, "eEinx") {
		return decimal.Zero, false
	}
	d, err := decimal.NewFromString(text)
	return d, err == nil
}
