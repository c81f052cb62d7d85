package compare

import (
	"bytes"
	"regexp"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"

	"rator/charset"
)

// Byte order marks.
var (
	markUTF8    = []byte("\xEF\xBB\xBF")
	markUTF16LE = []byte("\xFF\xFE")
	markUTF16BE = []byte("\xFE\xFF")
)

// declared is the encoding of an XML declaration, which is ASCII in every charset
// that is told by it.
var declared = regexp.MustCompile(`^<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']`)

// toUTF8 is a document in UTF-8 without its byte order mark. The mark counts, then
// what the XML declaration says, then the label; what has none is UTF-8.
func toUTF8(body []byte, label string) (string, error) {
	switch {
	case bytes.HasPrefix(body, markUTF8):
		body = body[len(markUTF8):]
	case bytes.HasPrefix(body, markUTF16LE), bytes.HasPrefix(body, markUTF16BE):
		return decoded(body, unicode.UTF16(unicode.BigEndian, unicode.UseBOM))
	case bytes.HasPrefix(body, []byte("<\x00")):
		return decoded(body, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM))
	case bytes.HasPrefix(body, []byte("\x00<")):
		return decoded(body, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM))
	default:
		if said := declared.FindSubmatch(body); said != nil {
			label = string(said[1])
		}
		if label = charset.Clean(label); label == "" || charset.Of(label) == charset.UTF8 {
			break
		}
		from, err := encodingOf(label)
		if err != nil {
			return "", err
		}
		return decoded(body, from)
	}
	if at := invalid(body); at >= 0 {
		p := place{line: 1, column: 1}
		p.to(string(body), at)
		return "", &SyntaxError{Line: p.line, Column: p.column, Message: "this byte is not UTF-8, and no other charset is declared"}
	}
	return string(body), nil
}

// encodingOf is that of a label: those of our own messages by all their names, and
// all others that IANA's register has, for whatever server was recorded.
func encodingOf(label string) (encoding.Encoding, error) {
	if table := charset.Of(label).Charmap(); table != nil {
		return table, nil
	}
	from, err := ianaindex.IANA.Encoding(label)
	if err != nil || from == nil {
		return nil, &SyntaxError{Line: 1, Column: 1, Message: "the charset " + clip(label) + " is not known; send UTF-8"}
	}
	return from, nil
}

func decoded(body []byte, from encoding.Encoding) (string, error) {
	text, err := from.NewDecoder().Bytes(body)
	if err != nil {
		return "", &SyntaxError{Line: 1, Column: 1, Message: "the text is not in the charset it says: " + err.Error()}
	}
	return string(text), nil
}

// invalid is the offset of the first byte that is not UTF-8; -1 when all is.
func invalid(body []byte) int {
	if utf8.Valid(body) {
		return -1
	}
	at := 0
	for at < len(body) {
		r, size := utf8.DecodeRune(body[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return at
}
