package soap

import (
	"strings"
	"unicode/utf8"

	"rator/wire"
)

// reference decodes the reference at offset p, which holds '&', onto the
// scratch and gives the offset behind it. Without a DOCTYPE only character
// references and the five entities of XML exist.
func (s *scanner) reference(p int) (int, error) {
	const longest = 64 // enough for leading zeros nobody writes
	m := s.message
	end := strings.IndexByte(m[p:min(p+longest, len(m))], ';')
	if end < 0 {
		return p, s.syntaxError(p, "'&' begins no reference: write &amp;")
	}
	name := m[p+1 : p+end]
	if strings.HasPrefix(name, "#") {
		r, ok := characterReference(name[1:])
		if !ok {
			return p, s.syntaxError(p, "&%s; is no character that XML allows", clip(name))
		}
		s.scratch.WriteRune(r)
		return p + end + 1, nil
	}
	b, ok := entity(name)
	if !ok {
		return p, s.syntaxError(p, "entity &%s; is not declared: there are amp, lt, gt, apos, quot and character references", clip(name))
	}
	s.scratch.WriteByte(b)
	return p + end + 1, nil
}

// entity is the character of one of XML's own entities.
func entity(name string) (byte, bool) {
	switch name {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "apos":
		return '\'', true
	case "quot":
		return '"', true
	}
	return 0, false
}

// characterReference reads what stands between "&#" and ";".
func characterReference(digits string) (rune, bool) {
	base := rune(10)
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		base, digits = 16, hex
	}
	if digits == "" {
		return 0, false
	}
	var r rune
	for i := range len(digits) {
		d := digitValue(digits[i])
		if d >= base {
			return 0, false
		}
		if r = r*base + d; r > utf8.MaxRune {
			return 0, false
		}
	}
	return r, wire.IsCharacter(r)
}

func digitValue(b byte) rune {
	switch {
	case b >= '0' && b <= '9':
		return rune(b - '0')
	case b >= 'a' && b <= 'f':
		return rune(b-'a') + 10
	case b >= 'A' && b <= 'F':
		return rune(b-'A') + 10
	}
	return 99
}
