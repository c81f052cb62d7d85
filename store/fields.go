package store

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

// field is a member of a struct's document.
type field struct {
	name      string
	of        reflect.Type
	index     []int // where it is, through embedded structs
	omitEmpty bool
	omitZero  bool
}

// mostMembers is how many members a plan has at most.
const mostMembers = 64

// fieldsOf are the members of a struct's documents, those of embedded structs among them,
// in the order in which json.Marshal writes them; false where encoding/json has rules for
// them that are not worth repeating.
func fieldsOf(t reflect.Type) (fields []field, ok bool) {
	ok = addFields(&fields, t, nil)
	return fields, ok && len(fields) <= mostMembers
}

func addFields(to *[]field, t reflect.Type, index []int) bool {
	for n := range t.NumField() {
		f, at := t.Field(n), append(slices.Clip(index), n)
		tag := f.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		switch {
		case tag == "-":
		case f.Anonymous && name != "":
			return false
		case f.Anonymous:
			if f.Type.Kind() != reflect.Struct || hasOwnJSON(f.Type) || !addFields(to, f.Type, at) {
				return false
			}
		case !f.IsExported():
		case strings.ContainsFunc(name, func(r rune) bool { return !isNameRune(r) }):
			return false
		default:
			if name == "" {
				name = f.Name
			}
			m := field{name: name, of: f.Type, index: at}
			if !m.take(options) || slices.ContainsFunc(*to, func(other field) bool { return other.name == name }) {
				return false
			}
			*to = append(*to, m)
		}
	}
	return true
}

// take takes the options of a struct tag; false for one that is none of those known here,
// and where whether an interface or a pointer is zero is for what it holds to say.
func (m *field) take(options string) bool {
	for option := range strings.SplitSeq(options, ",") {
		switch option {
		case "":
		case "omitempty":
			m.omitEmpty = true
		case "omitzero":
			m.omitZero = true
		default:
			return false
		}
	}
	holds := m.of.Kind() == reflect.Interface || m.of.Kind() == reflect.Pointer
	return !m.omitZero || !holds || !m.of.Implements(zeroer)
}

// hasOwnJSON reports whether a type says itself what its JSON is.
func hasOwnJSON(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(marshaler)
}

func isNameRune(r rune) bool {
	return r == '_' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z'
}
