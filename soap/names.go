package soap

import (
	"strings"
	"unicode/utf8"

	"rator/wire"
)

// What a byte can be in a name.
const (
	nameStart byte = 1 << iota // a letter or '_'
	nameRest                   // a digit, '-' or '.'
	nameColon
	nameWide // part of a character beyond ASCII
)

var nameBytes = func() (table [256]byte) {
	for b := range table {
		switch {
		case b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_':
			table[b] = nameStart
		case b >= '0' && b <= '9' || b == '-' || b == '.':
			table[b] = nameRest
		case b == ':':
			table[b] = nameColon
		case b >= utf8.RuneSelf:
			table[b] = nameWide
		}
	}
	return table
}()

// name reads a name with at most one colon and no empty half. The name ends at
// end; colon is where its prefix ends, 0 when it has none.
func (s *scanner) name(start int) (end, colon int, err error) {
	m, p := s.message, start
	var seen byte
	for p < len(m) && nameBytes[m[p]] != 0 {
		seen |= nameBytes[m[p]]
		p++
	}
	name := m[start:p]
	switch {
	case name == "":
		return p, 0, s.syntaxError(p, "a name is missing")
	case len(name) > s.limits.NameBytes:
		return p, 0, s.limitError(limitNameBytes, s.limits.NameBytes, start)
	}
	local := name
	if seen&nameColon != 0 {
		prefix := strings.IndexByte(name, ':')
		colon, local = start+prefix, name[prefix+1:]
		if !isHalfName(name[:prefix], seen) {
			local = ""
		}
	}
	if !isHalfName(local, seen) {
		return p, 0, s.syntaxError(start, "%q is not a name", clip(name))
	}
	return p, colon, nil
}

// isHalfName is isNCName for a part of a name whose bytes are of the classes seen.
func isHalfName(part string, seen byte) bool {
	if part == "" || seen&nameWide != 0 {
		return isNCName(part)
	}
	return nameBytes[part[0]] == nameStart && (seen&nameColon == 0 || strings.IndexByte(part, ':') < 0)
}

// isNCName reports whether s is a name without a colon (XML 1.0, fifth edition).
func isNCName(s string) bool {
	for i, r := range s {
		if !(isNameStart(r) || i > 0 && isNameRest(r)) {
			return false
		}
	}
	return s != ""
}

func isNameStart(r rune) bool {
	if r < utf8.RuneSelf {
		return nameBytes[r] == nameStart
	}
	return wire.IsWideNameStart(r)
}

func isNameRest(r rune) bool {
	if r < utf8.RuneSelf {
		return nameBytes[r] == nameRest
	}
	return wire.IsWideNameRest(r)
}
