package contract

import (
	"strconv"
	"strings"

	"rator/workflow/value"
)

// step is one key of the path to where a checker is: in[i], declared as v. v is
// nil where nothing is declared, and in where there should be something.
type step struct {
	in value.Tree
	i  int
	v  *Value
}

// key is as the contract has it. One that only the sender knows is clipped: it may
// be a whole text.
func (s step) key() string {
	const longest = 60
	if s.v != nil {
		return s.v.Key
	}
	key := s.in[s.i].Key
	if r := []rune(key); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return key
}

// number counts the entry among those with its key, from 1.
func (s step) number() int {
	n := 0
	for i := range s.in[:s.i+1] {
		if s.in[i].Key == s.in[s.i].Key {
			n++
		}
	}
	return n
}

// pathText is a path as people read it: SIGNUP_SERVICES/CDMA_SERVICE[2]/ORDER_ID.
func pathText(path []step) string {
	var b strings.Builder
	for i, s := range path {
		if i > 0 {
			b.WriteByte('/')
		}
		b.WriteString(s.key())
		if s.in == nil || s.v != nil && !s.v.List {
			continue
		}
		if n := s.number(); n > 1 || s.v != nil {
			b.WriteString("[" + strconv.Itoa(n) + "]")
		}
	}
	return b.String()
}
