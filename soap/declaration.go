package soap

import "strings"

// declaration reads the XML declaration a message may begin with. It gives the
// encoding it names ("" when none) and the offset behind it, 0 when there is no
// declaration. message holds at least the declaration in ASCII.
func declaration(message string) (encoding string, end int, err error) {
	const open = "<?xml"
	if !strings.HasPrefix(message, open) || len(message) == len(open) || !isSpace(message[len(open)]) {
		return "", 0, nil
	}
	// One that is longer is no declaration; looking no further bounds the cost.
	inside, _, closed := strings.Cut(message[len(open):min(len(message), 512)], "?>")
	if !closed {
		return "", 0, syntaxError(message, 0, "the XML declaration has no end")
	}
	end = len(open) + len(inside) + len("?>")
	version, rest, ok := pseudoAttribute(inside, "version")
	if !ok || version != "1.0" {
		return "", 0, syntaxError(message, 0, "the XML declaration must begin with version=\"1.0\"")
	}
	if value, after, ok := pseudoAttribute(rest, "encoding"); ok {
		encoding, rest = value, after
		if !isEncodingName(encoding) {
			return "", 0, syntaxError(message, 0, "the encoding in the XML declaration is not a name")
		}
	}
	if value, after, ok := pseudoAttribute(rest, "standalone"); ok && (value == "yes" || value == "no") {
		rest = after
	}
	if skipSpace(rest, 0) != len(rest) {
		return "", 0, syntaxError(message, 0, "the XML declaration holds more than version, encoding and standalone, in this order")
	}
	return encoding, end, nil
}

// pseudoAttribute reads white space, name, '=' and a quoted value off the front of s.
func pseudoAttribute(s, name string) (value, rest string, ok bool) {
	p := skipSpace(s, 0)
	after, found := strings.CutPrefix(s[p:], name)
	if p == 0 || !found {
		return "", s, false
	}
	after, found = strings.CutPrefix(after[skipSpace(after, 0):], "=")
	if !found {
		return "", s, false
	}
	after = after[skipSpace(after, 0):]
	if after == "" || after[0] != '"' && after[0] != '\'' {
		return "", s, false
	}
	value, rest, ok = strings.Cut(after[1:], after[:1])
	return value, rest, ok
}

// isEncodingName reports whether s is an EncName (XML 1.0, production 81).
func isEncodingName(s string) bool {
	for i := range len(s) {
		letter := s[i]|0x20 >= 'a' && s[i]|0x20 <= 'z'
		if !(letter || i > 0 && (nameBytes[s[i]] == nameRest || s[i] == '_')) {
			return false
		}
	}
	return s != ""
}
