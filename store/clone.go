package store

import (
	"fmt"
	"reflect"
	"slices"
)

// cloner makes a value that is a flat copy one's own: whatever it shares with what it
// was copied from, and could be changed there, it makes anew.
type cloner func(v reflect.Value)

// clonerOf is nil for a type whose flat copies are one's own. Fields that are not
// exported, or that JSON passes over, are not looked at. within are the types that it
// is a part of.
func clonerOf(t reflect.Type, within []reflect.Type) (cloner, error) {
	if slices.Contains(within, t) {
		return nil, fmt.Errorf("%s is a part of itself", t)
	}
	within = append(slices.Clip(within), t)
	switch t.Kind() {
	case reflect.Struct:
		return structCloner(t, within)
	case reflect.Slice:
		return sliceCloner(t, within)
	case reflect.Array:
		each, err := clonerOf(t.Elem(), within)
		if each == nil || err != nil {
			return nil, err
		}
		return func(v reflect.Value) { cloneEach(v, each) }, nil
	case reflect.Pointer:
		pointed, err := clonerOf(t.Elem(), within)
		return func(v reflect.Value) {
			if v.IsNil() {
				return
			}
			own := reflect.New(t.Elem())
			own.Elem().Set(v.Elem())
			if pointed != nil {
				pointed(own.Elem())
			}
			v.Set(own)
		}, err
	case reflect.Map:
		return mapCloner(t, within)
	case reflect.Interface, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return nil, fmt.Errorf("%s cannot be copied", t)
	}
	return nil, nil
}

func structCloner(t reflect.Type, within []reflect.Type) (cloner, error) {
	type field struct {
		n     int
		clone cloner
	}
	var fields []field
	for n := range t.NumField() {
		f := t.Field(n)
		if f.Tag.Get("json") == "-" || !f.IsExported() && (!f.Anonymous || f.Type.Kind() != reflect.Struct) {
			continue
		}
		clone, err := clonerOf(f.Type, within)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		if clone != nil {
			fields = append(fields, field{n, clone})
		}
	}
	if fields == nil {
		return nil, nil
	}
	return func(v reflect.Value) {
		for _, f := range fields {
			f.clone(v.Field(f.n))
		}
	}, nil
}

func sliceCloner(t reflect.Type, within []reflect.Type) (cloner, error) {
	if t == reflect.TypeFor[[]string]() { // most are, and this makes less than reflect does
		return func(v reflect.Value) {
			texts := v.Addr().Interface().(*[]string)
			*texts = slices.Clone(*texts)
		}, nil
	}
	each, err := clonerOf(t.Elem(), within)
	return func(v reflect.Value) {
		if v.IsNil() {
			return
		}
		own := reflect.MakeSlice(t, v.Len(), v.Len())
		reflect.Copy(own, v)
		if each != nil {
			cloneEach(own, each)
		}
		v.Set(own)
	}, err
}

func cloneEach(v reflect.Value, clone cloner) {
	for i := range v.Len() {
		clone(v.Index(i))
	}
}

func mapCloner(t reflect.Type, within []reflect.Type) (cloner, error) {
	each, err := clonerOf(t.Elem(), within)
	if err == nil {
		var key cloner
		if key, err = clonerOf(t.Key(), within); key != nil {
			err = fmt.Errorf("%s cannot be copied", t)
		}
	}
	return func(v reflect.Value) {
		if v.IsNil() {
			return
		}
		own := reflect.MakeMapWithSize(t, v.Len())
		for pairs := v.MapRange(); pairs.Next(); {
			value := pairs.Value()
			if each != nil {
				one := reflect.New(t.Elem()).Elem()
				one.Set(value)
				each(one)
				value = one
			}
			own.SetMapIndex(pairs.Key(), value)
		}
		v.Set(own)
	}, err
}
