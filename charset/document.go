package charset

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
)

// IsUTF16 tells the three of UTF-16.
func (c Charset) IsUTF16() bool { return c == UTF16 || c == UTF16LE || c == UTF16BE }

// Error says why a document cannot be decoded.
type Error struct {
	Offset  int // of the byte in the document; 0 for the document as a whole
	Message string
}

func (e *Error) Error() string { return e.Message }

// begins are how a document in UTF-16 can begin, and how one that is in no charset
// known here.
var begins = []struct {
	with string
	is   Charset
}{
	{"\xFF\xFE\x00\x00", "UTF-32"}, {"\x00\x00\xFE\xFF", "UTF-32"}, {"<\x00\x00\x00", "UTF-32"}, {"\x00\x00\x00<", "UTF-32"},
	{"\xFF\xFE", UTF16}, {"\xFE\xFF", UTF16},
	{"<\x00", UTF16LE}, {"\x00<", UTF16BE},
}

// Decode gives an XML document in UTF-8, without its byte order mark, and the label
// of what it is in: UTF-16 for one with a mark. How it begins counts, then label,
// the charset of its Content-Type, then its XML declaration (RFC 7303, 3); one that
// says nothing is UTF-8. A label of UTF-16 on a document that is not has no meaning:
// programs write what their strings are in. The error is an *Error.
func Decode(body []byte, label string) (text, is string, err error) {
	for _, b := range begins {
		if !bytes.HasPrefix(body, []byte(b.with)) {
			continue
		}
		from, err := encodingOf(string(b.is))
		if err != nil {
			return "", "", err
		}
		if b.is == UTF16 {
			from = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
		}
		text, err = decoded(body, from, string(b.is))
		return text, string(b.is), err
	}
	is = string(UTF8)
	unmarked, marked := bytes.CutPrefix(body, []byte("\xEF\xBB\xBF"))
	if !marked {
		for _, said := range []string{Declared(string(body[:min(len(body), longestDeclaration)])), Clean(label)} {
			if said != "" && !Of(said).IsUTF16() {
				is = said
			}
		}
	}
	if Of(is) == UTF8 {
		if at := invalid(unmarked); at >= 0 {
			said := "and no other charset is declared"
			if label != "" {
				said = "which the Content-Type says it is"
			}
			return "", "", &Error{at + len(body) - len(unmarked), "this byte is not UTF-8, " + said}
		}
		return string(unmarked), string(UTF8), nil
	}
	from, err := encodingOf(is)
	if err != nil {
		return "", "", err
	}
	text, err = decoded(body, from, is)
	return text, is, err
}

// Encode gives a text in a charset, with a byte order mark for UTF-16. A character
// that the charset has not is written as a reference (XML 1.0, 4.1). The error is an
// *Error.
func Encode(text, label string) ([]byte, error) {
	switch Of(label) {
	case UTF8:
		return []byte(text), nil
	case UTF16:
		out, err := Encode(text, string(UTF16LE))
		return append(binary.LittleEndian.AppendUint16(nil, 0xFEFF), out...), err
	}
	to, err := encodingOf(label)
	if err != nil {
		return nil, err
	}
	out, err := encoding.HTMLEscapeUnsupported(to.NewEncoder()).Bytes([]byte(text))
	if err != nil {
		return nil, &Error{0, fmt.Sprintf("the text cannot be written in %s: %v", label, err)}
	}
	return out, nil
}

// declaration is an XML declaration that names a charset: what comes before the
// name, and the name.
var declaration = regexp.MustCompile(`^(<\?xml\s[^>]*?encoding\s*=\s*["'])([A-Za-z0-9._:-]+)["']`)

// longestDeclaration is how much of a document is looked at for its declaration.
const longestDeclaration = 512

// Declared is the charset that an XML declaration names, "" when it names none. A
// declaration is ASCII in every charset that is told by it.
func Declared(text string) string {
	if said := declaration.FindStringSubmatch(text[:min(len(text), longestDeclaration)]); said != nil {
		return said[2]
	}
	return ""
}

// Redeclared is a text whose XML declaration names another charset, if it names one.
func Redeclared(text, label string) string {
	said := declaration.FindStringSubmatchIndex(text)
	if said == nil {
		return text
	}
	return text[:said[4]] + label + text[said[5]:]
}

// Known says that there is a decoder for a label.
func Known(label string) bool {
	_, err := encodingOf(label)
	return Of(label) != "" || err == nil
}

// encodingOf is that of a label: those of our own messages by all their names, and
// all others that IANA's register has, for whatever server was recorded.
func encodingOf(label string) (encoding.Encoding, error) {
	switch of := Of(label); of {
	case UTF16LE:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), nil
	case UTF16BE:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), nil
	default:
		if table := of.Charmap(); table != nil {
			return table, nil
		}
	}
	from, err := ianaindex.IANA.Encoding(label)
	if err != nil || from == nil {
		return nil, &Error{0, fmt.Sprintf("the charset %.64s is not known; send UTF-8", label)}
	}
	return from, nil
}

func decoded(body []byte, from encoding.Encoding, label string) (string, error) {
	text, err := from.NewDecoder().Bytes(body)
	if err != nil {
		return "", &Error{0, fmt.Sprintf("the text is not in %s, which it says it is in: %v", label, err)}
	}
	return strings.TrimPrefix(string(text), "\uFEFF"), nil
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
