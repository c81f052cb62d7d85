package wire

import "unicode/utf8"

// IsCharacter reports whether XML 1.0 allows r (2.2): controls other than tab, line
// feed and carriage return, surrogates, U+FFFE and U+FFFF it does not.
func IsCharacter(r rune) bool {
	return r >= 0x20 && r < 0xD800 || r == '\t' || r == '\n' || r == '\r' ||
		r >= 0xE000 && r < 0xFFFE || r >= 0x10000 && r <= utf8.MaxRune
}

// IsWideNameStart reports whether a character beyond ASCII may begin a name (XML 1.0,
// fifth edition, 2.3).
func IsWideNameStart(r rune) bool {
	return r >= 0xC0 && r <= 0x2FF && r != 0xD7 && r != 0xF7 ||
		r >= 0x370 && r <= 0x1FFF && r != 0x37E || r == 0x200C || r == 0x200D ||
		r >= 0x2070 && r <= 0x218F || r >= 0x2C00 && r <= 0x2FEF || r >= 0x3001 && r <= 0xD7FF ||
		r >= 0xF900 && r <= 0xFDCF || r >= 0xFDF0 && r <= 0xFFFD || r >= 0x10000 && r <= 0xEFFFF
}

// IsWideNameRest reports whether a character beyond ASCII may stand in a name though it
// cannot begin one.
func IsWideNameRest(r rune) bool {
	return r == 0xB7 || r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040
}
