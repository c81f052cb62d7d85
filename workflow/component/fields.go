package component

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"time"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
	"rator/workflow/value"
)

// The business rooms name the key of each field in a tag (package customer):
// fill reads keys into fields, view answers fields as entries. So no field list
// is written twice.

type field struct {
	index   []int
	in, out string
}

var fieldsOf sync.Map // reflect.Type → []field

func fields(t reflect.Type) []field {
	if fs, ok := fieldsOf.Load(t); ok {
		return fs.([]field)
	}
	var fs []field
	for _, f := range reflect.VisibleFields(t) {
		in := f.Tag.Get("key")
		if in == "" {
			continue
		}
		out, renamed := f.Tag.Lookup("out")
		if !renamed {
			out = in
		}
		fs = append(fs, field{f.Index, in, out})
	}
	fieldsOf.Store(t, fs)
	return fs
}

// fill sets the tagged fields of *dst whose key has a value in t. Absent and
// null keys leave their field alone; an empty string clears it.
func fill(dst any, t value.Tree) error {
	v := reflect.ValueOf(dst).Elem()
	for _, f := range fields(v.Type()) {
		e := t.Get(f.in)
		if e == nil || e.Null {
			continue
		}
		if err := set(v.FieldByIndex(f.index), e.Text); err != nil {
			return failure.InvalidRequest.With("%s: %v", f.in, err)
		}
	}
	return nil
}

func set(v reflect.Value, text string) error {
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return u.UnmarshalText([]byte(text))
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Int64:
		if text == "" {
			v.SetInt(0)
			return nil
		}
		n, err := value.ParseLong(text)
		if err != nil {
			return err
		}
		v.SetInt(n)
	default:
		panic(fmt.Sprintf("component: no way to set a %s", v.Type()))
	}
	return nil
}

// view is the tagged fields of *src as entries: every key present, an unset text
// an empty string (rator-api.md 1.3), an unset date null.
func view(src any) value.Tree { return appendView(nil, src) }

// appendView appends view, with room for a few entries more.
func appendView(t value.Tree, src any) value.Tree {
	v := reflect.ValueOf(src).Elem()
	fs := fields(v.Type())
	t = slices.Grow(t, len(fs)+3)
	for _, f := range fs {
		if f.out != "-" {
			t = append(t, entry(f.out, fieldAt(v, f.index)))
		}
	}
	return t
}

// identified is an object's view with its ID before the tagged fields.
func identified(id store.ID, object any) value.Tree {
	const more = 4 // the ID, and what appendView has room for
	t := make(value.Tree, 0, len(fields(reflect.TypeOf(object).Elem()))+more)
	return appendView(append(t, value.OfString("ID", id.String())), object)
}

func fieldAt(v reflect.Value, index []int) reflect.Value {
	for _, n := range index {
		v = v.Field(n)
	}
	return v
}

// Fields is what fill reads: the tagged fields of *src that are set, by the keys under
// which requests say them.
func Fields(src any) value.Tree {
	v := reflect.ValueOf(src).Elem()
	var t value.Tree
	for _, f := range fields(v.Type()) {
		if x := v.FieldByIndex(f.index); !x.IsZero() {
			t = append(t, entry(f.in, x))
		}
	}
	return t
}

// viewKeys are ID, the keys of view, and more: what an answer may have, for
// Component.Out.
func viewKeys[T any](more ...string) []string {
	keys := append([]string{"ID"}, more...)
	for _, f := range fields(reflect.TypeFor[T]()) {
		if f.out != "-" {
			keys = append(keys, f.out)
		}
	}
	return keys
}

// entry is a field, which v is itself and no copy of.
func entry(key string, v reflect.Value) value.Entry {
	switch x := v.Addr().Interface().(type) {
	case *string:
		return value.OfString(key, *x)
	case *time.Time:
		if x.IsZero() {
			return value.OfNull(key, value.Date)
		}
		return value.OfDate(key, *x)
	case *catalogue.Money:
		return value.OfMoney(key, x.Amount)
	case fmt.Stringer:
		return value.OfString(key, x.String())
	}
	switch v.Kind() {
	case reflect.String:
		return value.OfString(key, v.String())
	case reflect.Int64, reflect.Int:
		return value.OfLong(key, v.Int())
	}
	panic(fmt.Sprintf("component: no way to answer a %s", v.Type()))
}
