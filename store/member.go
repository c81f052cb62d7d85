package store

import (
	"reflect"
	"strings"
)

// MemberName is the name of a member in the documents of a kept thing, by the field that
// it is of: what reads documents (Doc) says no name that the compiler does not know. It
// panics where field gives none of T's.
//
//	var brandOf = store.MemberName(func(a *Account) *string { return &a.Brand })
func MemberName[T, F any](field func(*T) *F) string {
	x := new(T)
	name, ok := memberAt(reflect.ValueOf(x).Elem(), reflect.ValueOf(field(x)))
	if !ok {
		panic("store: " + reflect.TypeFor[T]().String() + " has no such member")
	}
	return name
}

// memberAt finds the member of a struct, embedded ones included, that a pointer leads to.
func memberAt(of, pointer reflect.Value) (name string, ok bool) {
	for n := range of.NumField() {
		f, value := of.Type().Field(n), of.Field(n)
		tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && value.Kind() == reflect.Struct && tag == "":
			if name, ok := memberAt(value, pointer); ok {
				return name, true
			}
		case tag == "-" || !f.IsExported():
		case value.Addr().Pointer() == pointer.Pointer() && value.Type() == pointer.Type().Elem():
			if tag != "" {
				return tag, true
			}
			return f.Name, true
		}
	}
	return "", false
}
