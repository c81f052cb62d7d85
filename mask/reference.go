package mask

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// reference reads the reference that s begins with. It gives its character and
// how long it is; a '&' that begins none stands for itself. known is false for an
// entity that the document declares, which may stand for anything.
func reference(s string) (r rune, length int, known bool) {
	const longest = 64
	end := strings.IndexByte(s[:min(len(s), longest)], ';')
	if end < 2 {
		return '&', 1, true
	}
	name := s[1:end]
	if name[0] == '#' {
		digits, base := name[1:], 10
		if strings.HasPrefix(digits, "x") || strings.HasPrefix(digits, "X") {
			digits, base = digits[1:], 16
		}
		n, err := strconv.ParseUint(digits, base, 32)
		if err != nil || n > utf8.MaxRune {
			return '&', 1, true
		}
		return rune(n), end + 1, true
	}
	switch name {
	case "amp":
		return '&', end + 1, true
	case "lt":
		return '<', end + 1, true
	case "gt":
		return '>', end + 1, true
	case "apos":
		return '\'', end + 1, true
	case "quot":
		return '"', end + 1, true
	}
	for i := range len(name) {
		if !isNameByte(name[i]) {
			return '&', 1, true
		}
	}
	return utf8.RuneError, end + 1, false
}

// unescape is a text with its references resolved.
func unescape(s string) (text string, known bool) {
	next := strings.IndexByte(s, '&')
	if next < 0 {
		return s, true
	}
	known = true
	var b strings.Builder
	for next >= 0 {
		b.WriteString(s[:next])
		r, length, ok := reference(s[next:])
		known = known && ok
		b.WriteRune(r)
		s = s[next+length:]
		next = strings.IndexByte(s, '&')
	}
	b.WriteString(s)
	return b.String(), known
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\r", "&#13;")

func escape(s string) string { return escaper.Replace(s) }
