package script

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"go.starlark.net/starlark"

	"rator/workflow/contract"
	"rator/workflow/value"
)

// entryBytes is about what one entry of a tree takes.
const entryBytes = 80

// appendEntry adds what a script wrote under key to a tree, as declared says;
// nil declares nothing.
func (r *run) appendEntry(tree value.Tree, key string, v starlark.Value, declared *contract.Value, depth int) (value.Tree, error) {
	if depth > maxNesting {
		return nil, fmt.Errorf("%s: values nest deeper than %d", key, maxNesting)
	}
	if err := r.budget.entry(key); err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case starlark.NoneType:
		return append(tree, value.OfNull(key, declaredType(declared, value.String))), nil
	case *record:
		if err := r.budget.tree(v.tree); err != nil {
			return nil, err
		}
		return r.appendComplex(tree, key, v.tree, declared)
	case *starlark.Dict:
		items, err := r.dictTree(v, declared, depth)
		if err != nil {
			return nil, err
		}
		return r.appendComplex(tree, key, items, declared)
	case *starlark.List:
		if declared != nil && declared.List {
			return r.appendRepeated(tree, key, v, declared, depth)
		}
		items, err := r.containerTree(v, key, declared, depth)
		if err != nil {
			return nil, err
		}
		return r.appendComplex(tree, key, items, declared)
	}
	e, err := scalarEntry(key, v, declaredType(declared, value.Bare))
	if err != nil {
		return nil, err
	}
	cost := len(e.Text)
	if _, isText := v.(starlark.String); !isText {
		cost *= making
	}
	return append(tree, e), r.budget.take(cost)
}

// entry charges one entry of a tree.
func (b *budget) entry(key string) error {
	if err := b.spend(1); err != nil {
		return err
	}
	return b.take(entryBytes + len(key))
}

// tree charges a tree that is passed on as it is: it takes no memory here, but
// it does where it is written.
func (b *budget) tree(tree value.Tree) error {
	for _, e := range tree {
		if err := b.entry(e.Key); err != nil {
			return err
		}
		if err := b.take(len(e.Text)); err != nil {
			return err
		}
		if err := b.tree(e.Items); err != nil {
			return err
		}
	}
	return nil
}

func declaredType(declared *contract.Value, otherwise value.Type) value.Type {
	if declared == nil {
		return otherwise
	}
	return declared.Type
}

func (r *run) appendComplex(tree value.Tree, key string, items value.Tree, declared *contract.Value) (value.Tree, error) {
	if t := declaredType(declared, value.Complex); t != value.Complex {
		return nil, fmt.Errorf("%s is a %s value, not complex", key, t)
	}
	return append(tree, value.Of(key, items...)), nil
}

// appendRepeated writes a list under a key that repeats: one entry an item.
func (r *run) appendRepeated(tree value.Tree, key string, list *starlark.List, declared *contract.Value, depth int) (value.Tree, error) {
	one := *declared
	one.List = false
	if err := r.budget.take(list.Len() * entryBytes); err != nil {
		return nil, err
	}
	tree = slices.Grow(tree, list.Len())
	for i := range list.Len() {
		var err error
		if tree, err = r.appendEntry(tree, key, list.Index(i), &one, depth); err != nil {
			return nil, err
		}
	}
	return tree, nil
}

// dictTree is what lies below a complex value written as a dict.
func (r *run) dictTree(dict *starlark.Dict, declared *contract.Value, depth int) (value.Tree, error) {
	if err := r.budget.take(dict.Len() * (entryBytes + 16)); err != nil {
		return nil, err
	}
	tree := make(value.Tree, 0, dict.Len())
	for _, item := range dict.Items() {
		key, ok := starlark.AsString(item[0])
		if !ok {
			return nil, fmt.Errorf("the key %s of a complex value is not a text", clip(item[0].String()))
		}
		if err := wellFormed(key, key); err != nil || key == "" {
			return nil, fmt.Errorf("%q is no key", clip(key))
		}
		var err error
		if tree, err = r.appendEntry(tree, key, item[1], nested(declared, key), depth+1); err != nil {
			return nil, err
		}
	}
	return tree, nil
}

func nested(declared *contract.Value, key string) *contract.Value {
	if declared == nil {
		return nil
	}
	return contract.Find(declared.Values, key)
}

// containerTree is what lies below a complex value written as a list: a
// container of items. Each item is a dict with one key, {"BILLING_GROUP": …}, or
// came out of a container and keeps its key; where the contract declares exactly
// one key below and lets it repeat, an item of any kind gets that key.
func (r *run) containerTree(list *starlark.List, key string, declared *contract.Value, depth int) (value.Tree, error) {
	var only *contract.Value
	if declared != nil && len(declared.Values) == 1 && declared.Values[0].List {
		one := *declared.Values[0]
		one.List = false
		only = &one
	}
	if err := r.budget.take(list.Len() * entryBytes); err != nil {
		return nil, err
	}
	tree := make(value.Tree, 0, list.Len())
	for i := range list.Len() {
		itemKey, v, ok := keyedItem(list.Index(i))
		item := nested(declared, itemKey)
		switch {
		case only != nil && itemKey == only.Key:
			item = only
		case only != nil:
			itemKey, v, item = only.Key, list.Index(i), only
		case !ok:
			return nil, fmt.Errorf("item %d of %s has no key; write {\"KEY\": …}", i+1, key)
		case item != nil && item.List:
			one := *item
			one.List = false
			item = &one
		}
		var err error
		if tree, err = r.appendEntry(tree, itemKey, v, item, depth+1); err != nil {
			return nil, err
		}
	}
	return tree, nil
}

// keyedItem takes a dict with one key apart, and gives a record its own key.
func keyedItem(v starlark.Value) (key string, inside starlark.Value, ok bool) {
	switch v := v.(type) {
	case *starlark.Dict:
		if v.Len() == 1 {
			item := v.Items()[0]
			key, ok = starlark.AsString(item[0])
			return key, item[1], ok
		}
	case *record:
		return v.key, v, v.key != ""
	}
	return "", v, false
}

// scalarEntry is a scalar in its declared type; Bare lets it keep its own.
func scalarEntry(key string, v starlark.Value, t value.Type) (value.Entry, error) {
	own, text := value.String, ""
	switch v := v.(type) {
	case starlark.String:
		text = string(v)
		if err := wellFormed(key, text); err != nil {
			return value.Entry{}, err
		}
	case starlark.Bool:
		own, text = value.Boolean, "false"
		if v {
			text = "true"
		}
	case starlark.Int:
		own, text = value.Long, v.String()
		if _, ok := v.Int64(); !ok {
			return value.Entry{}, fmt.Errorf("%s: %s is too large for a long", key, clip(text))
		}
	case number:
		own, text = value.Double, v.literal
		if text == "" {
			text = v.text()
		}
		if err := v.finite(); err != nil && (t == value.Bare || t == own) {
			return value.Entry{}, fmt.Errorf("%s: %w", key, err)
		}
	case date:
		own, text = value.Date, v.literal
	default:
		return value.Entry{}, fmt.Errorf("%s: a %s is not a value that can be passed on", key, v.Type())
	}
	if t == value.Bare || t == own || t == value.String || t == value.Double && own == value.Long {
		return convertible(key, own, text, t), nil
	}
	return parseAs(key, own, text, t)
}

// convertible is a scalar that becomes its declared type without being read.
func convertible(key string, own value.Type, text string, t value.Type) value.Entry {
	switch {
	case t == value.Bare:
		t = own
	case t == value.Double && own == value.Long:
		text += ".0"
	}
	return value.Entry{Key: key, Type: t, Text: text}
}

// parseAs reads a literal as its declared type. "" is an unset text, so null.
func parseAs(key string, own value.Type, text string, t value.Type) (value.Entry, error) {
	if text == "" && t != value.Complex {
		return value.OfNull(key, t), nil
	}
	var err error
	switch t {
	case value.Long:
		var n int64
		if n, err = value.ParseLong(text); err == nil {
			return value.OfLong(key, n), nil
		}
	case value.Double:
		_, err = value.ParseDecimal(text)
	case value.Boolean:
		var b bool
		if b, err = value.ParseBoolean(text); err == nil {
			return value.OfBoolean(key, b), nil
		}
	case value.Date:
		_, err = value.ParseDate(text, time.UTC)
	}
	if t == value.Complex || err != nil || own != value.String && t != value.Long {
		return value.Entry{}, fmt.Errorf("%s is a %s value, not %s", key, t, own)
	}
	return value.Entry{Key: key, Type: t, Text: text}, nil
}

// wellFormed refuses a text that no answer can carry: half a character, or a
// control character that XML has no place for.
func wellFormed(key, text string) error {
	if !utf8.ValidString(text) {
		return fmt.Errorf("%s: the text holds part of a character", key)
	}
	if strings.ContainsFunc(text, func(r rune) bool {
		return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == '\ufffe' || r == '\uffff'
	}) {
		return fmt.Errorf("%s: the text holds a control character", key)
	}
	return nil
}

// resultTree is what run returned as the answer: a dict, a complex value as it
// is, or nothing.
func (r *run) resultTree(v starlark.Value, declared []*contract.Value) (value.Tree, error) {
	switch v := v.(type) {
	case starlark.NoneType:
		return nil, nil
	case *record:
		return v.tree, nil
	case *starlark.Dict:
		tree, err := r.dictTree(v, &contract.Value{Type: value.Complex, Values: declared}, 0)
		if err != nil {
			return nil, fmt.Errorf("the answer: %w", err)
		}
		return tree, nil
	}
	return nil, errors.New("run must return a dict such as {\"KEY\": value}, not a " + v.Type() + " value")
}
