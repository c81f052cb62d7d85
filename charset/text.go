package charset

import (
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Text is a file that a person wrote in an editor, a script, TOML or CSV say, in
// UTF-8 without the byte order mark that some editors begin it with. After one of
// UTF-16 it is decoded, half characters as U+FFFD; other bytes stay as they are, and
// who reads them says what is wrong.
func Text(src []byte) []byte {
	text, _, err := transform.Bytes(unicode.BOMOverride(transform.Nop), src)
	if err != nil { // the decoders of Unicode replace what they cannot read
		return src
	}
	return text
}
