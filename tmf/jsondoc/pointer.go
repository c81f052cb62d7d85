package jsondoc

import (
	"strconv"
	"strings"
)

var unescapePointer = strings.NewReplacer("~1", "/", "~0", "~")

// FirstName is the first name in a JSON Pointer (RFC 6901), which is not empty.
func FirstName(pointer string) string {
	first, _, _ := strings.Cut(pointer[1:], "/")
	return unescapePointer.Replace(first)
}

// at finds what a JSON Pointer points to.
func (v Value) at(pointer string) (Value, bool) {
	for pointer != "" {
		name, rest, more := strings.Cut(pointer[1:], "/")
		if pointer = ""; more {
			pointer = "/" + rest
		}
		if v.Kind() != Array {
			member, found := v.Get(unescapePointer.Replace(name))
			if v = member; !found {
				return Value{}, false
			}
			continue
		}
		i, err := strconv.ParseUint(name, 10, 31)
		if err != nil || int(i) >= len(v.Items()) {
			return Value{}, false
		}
		v = v.Items()[i]
	}
	return v, true
}
