package soap

import (
	"unicode/utf8"

	"rator/wire"
)

// escapes are what the bytes that cannot stand in a text are written as. '>' is
// one of them because of "]]>", and the carriage return because readers would
// make a line feed of it. What XML forbids altogether becomes U+FFFD.
var escapes = func() (table [256]string) {
	for b := range 0x20 {
		table[b] = "\uFFFD"
	}
	table['\t'], table['\n'] = "", ""
	table['\r'], table['&'], table['<'], table['>'], table['"'] = "&#xD;", "&amp;", "&lt;", "&gt;", "&quot;"
	return table
}()

// appendText appends s as the content of an element or attribute.
func appendText(to []byte, s string) []byte {
	written := 0
	for p := 0; p < len(s); {
		b := s[p]
		if b < utf8.RuneSelf {
			if escape := escapes[b]; escape != "" {
				to = append(append(to, s[written:p]...), escape...)
				written = p + 1
			}
			p++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[p:])
		if r == utf8.RuneError && size == 1 || !wire.IsCharacter(r) {
			to = append(append(to, s[written:p]...), "\uFFFD"...)
			written = p + size
		}
		p += size
	}
	return append(to, s[written:]...)
}

// appendElement appends <name>text</name>; name is a name.
func appendElement(to []byte, name, text string) []byte {
	to = append(append(append(to, '<'), name...), '>')
	to = appendText(to, text)
	return append(append(append(to, "</"...), name...), '>')
}
