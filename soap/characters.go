package soap

import (
	"unicode/utf8"

	"rator/wire"
)

// checkCharacters finds the first place where a message is not UTF-8 or holds a
// character that XML 1.0 forbids. It runs once, before the scan, eight bytes at a
// time, so that the scan need not look.
func checkCharacters(message string) error {
	for p := 0; p < len(message); {
		for len(message)-p >= 8 && isPrintableASCII(message[p:p+8]) {
			p += 8
		}
		if p == len(message) {
			break
		}
		if b := message[p]; b < utf8.RuneSelf {
			if !wire.IsCharacter(rune(b)) {
				return syntaxError(message, p, "character U+%04X is not allowed in XML", b)
			}
			p++
			continue
		}
		r, size := utf8.DecodeRuneInString(message[p:])
		if r == utf8.RuneError && size == 1 {
			return syntaxError(message, p, "byte 0x%02X is not UTF-8: declare the charset the message is in", message[p])
		}
		if !wire.IsCharacter(r) {
			return syntaxError(message, p, "character U+%04X is not allowed in XML", r)
		}
		p += size
	}
	return nil
}

// isPrintableASCII reports whether all of eight bytes are from 0x20 to 0x7F.
func isPrintableASCII(s string) bool {
	const high, space = 0x8080808080808080, 0x2020202020202020
	word := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
	// Without a high bit anywhere, a borrow can only come out of a byte below 0x20.
	return (word|(word-space))&high == 0
}

func isSpace(b byte) bool { return b == ' ' || b == '\n' || b == '\t' || b == '\r' }

// skipSpace is the offset of the first byte from p on that is no white space.
func skipSpace(s string, p int) int {
	for p < len(s) && isSpace(s[p]) {
		p++
	}
	return p
}

// trimSpace is s without white space at its ends.
func trimSpace(s string) string {
	s = s[skipSpace(s, 0):]
	for s != "" && isSpace(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}
