package soap

import (
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// charset is a character encoding a message may be in.
type charset string

const (
	charsetUTF8    charset = "UTF-8"
	charsetASCII   charset = "US-ASCII"
	charsetLatin1  charset = "ISO-8859-1"
	charsetWindows charset = "windows-1252"
	charsetUTF16LE charset = "UTF-16LE"
	charsetUTF16BE charset = "UTF-16BE"
	charsetUTF16   charset = "UTF-16" // as a label: whichever the byte order mark says
)

// charsetLabels are the names a charset is declared by, in any case; the usual
// one first.
var charsetLabels = []struct {
	label string
	charset
}{
	{"utf-8", charsetUTF8}, {"utf8", charsetUTF8},
	{"us-ascii", charsetASCII}, {"ascii", charsetASCII},
	{"iso-8859-1", charsetLatin1}, {"iso_8859-1", charsetLatin1}, {"latin1", charsetLatin1},
	{"windows-1252", charsetWindows}, {"cp1252", charsetWindows},
	{"utf-16", charsetUTF16}, {"utf-16le", charsetUTF16LE}, {"utf-16be", charsetUTF16BE},
}

func charsetOf(label string) charset {
	for i := range charsetLabels {
		if strings.EqualFold(charsetLabels[i].label, label) {
			return charsetLabels[i].charset
		}
	}
	return ""
}

// signatures are how a message can begin that is in none of the charsets
// without a mark of its own, longest first.
var signatures = []struct {
	prefix  string
	charset charset
	name    string // of a charset that is refused
}{
	{"\xFF\xFE\x00\x00", "", "UTF-32"},
	{"\x00\x00\xFE\xFF", "", "UTF-32"},
	{"<\x00\x00\x00", "", "UTF-32"},
	{"\x00\x00\x00<", "", "UTF-32"},
	{"\x4C\x6F\xA7\x94", "", "EBCDIC"},
	{"<\x00", "", "UTF-16 without a byte order mark"},
	{"\x00<", "", "UTF-16 without a byte order mark"},
	{"\xEF\xBB\xBF", charsetUTF8, ""},
	{"\xFF\xFE", charsetUTF16LE, ""},
	{"\xFE\xFF", charsetUTF16BE, ""},
}

const takenCharsets = "a message is taken in UTF-8, US-ASCII, ISO-8859-1, windows-1252, or UTF-16 with a byte order mark"

func charsetError(format string, args ...any) error {
	return &SyntaxError{Message: fmt.Sprintf(format, args...)}
}

// toUTF8 gives a message in UTF-8 without byte order mark, and where in it the
// XML declaration ends. label is the charset of the Content-Type, "" when it
// names none. The mark, the label and the declaration must not contradict each
// other; when none says anything it is UTF-8. Whether UTF-8 is well-formed is
// left to the scanner.
func toUTF8(message, label string) (body string, start int, err error) {
	marked, body, err := byteOrderMark(message)
	if err != nil {
		return "", 0, err
	}
	if marked == charsetUTF16LE || marked == charsetUTF16BE {
		if body, err = decodeUTF16(body, marked); err != nil {
			return "", 0, err
		}
	}
	declared, start, err := declaration(body)
	if err != nil {
		return "", 0, err
	}
	is, err := agree(marked, "Content-Type", label)
	if err == nil {
		is, err = agree(is, "XML declaration", declared)
	}
	switch {
	case err != nil:
		return "", 0, err
	case marked == "" && (is == charsetUTF16 || is == charsetUTF16LE || is == charsetUTF16BE):
		return "", 0, charsetError("the message is said to be in %s and has no byte order mark: %s", is, takenCharsets)
	case is == charsetLatin1:
		body, err = transcode(body, charmap.ISO8859_1)
	case is == charsetWindows:
		body, err = transcode(body, charmap.Windows1252)
	case is == charsetASCII:
		err = checkASCII(body)
	}
	return body, start, err
}

// byteOrderMark tells the charset a message begins with the mark of, and gives
// the message behind it.
func byteOrderMark(message string) (charset, string, error) {
	for _, s := range signatures {
		if body, ok := strings.CutPrefix(message, s.prefix); ok {
			if s.charset == "" {
				return "", "", charsetError("the message is in %s: %s", s.name, takenCharsets)
			}
			return s.charset, body, nil
		}
	}
	return "", message, nil
}

// agree adds what one place says of the charset to what is known of it.
func agree(known charset, where, label string) (charset, error) {
	if label == "" {
		return known, nil
	}
	said := charsetOf(label)
	switch {
	case said == "":
		return "", charsetError("charset %q of the %s is not known: %s", clip(label), where, takenCharsets)
	case known == "" || known == said:
		return said, nil
	case said == charsetUTF16 && (known == charsetUTF16LE || known == charsetUTF16BE):
		return known, nil
	case known == charsetUTF16 && (said == charsetUTF16LE || said == charsetUTF16BE):
		return said, nil
	}
	return "", charsetError("charset %q of the %s contradicts %s: say the same in both, or in one", clip(label), where, known)
}

// transcode decodes a charset of one byte a character.
func transcode(body string, from *charmap.Charmap) (string, error) {
	if checkASCII(body) == nil {
		return body, nil
	}
	text, err := from.NewDecoder().String(body)
	if err != nil {
		return "", charsetError("the message is not in %v", from)
	}
	return text, nil
}

func checkASCII(body string) error {
	for i := range len(body) {
		if body[i] >= utf8.RuneSelf {
			return syntaxError(body, i, "byte 0x%02X is not US-ASCII: declare the charset the message is in", body[i])
		}
	}
	return nil
}

// decodeUTF16 decodes UTF-16 and refuses broken surrogates, which the decoder
// of x/text would replace.
func decodeUTF16(body string, from charset) (string, error) {
	if len(body)%2 != 0 {
		return "", charsetError("the message in %s ends in the middle of a character", from)
	}
	var order binary.ByteOrder = binary.LittleEndian
	if from == charsetUTF16BE {
		order = binary.BigEndian
	}
	unit := func(p int) rune { return rune(order.Uint16([]byte{body[p], body[p+1]})) }
	var text strings.Builder
	text.Grow(len(body) / 2)
	for p := 0; p < len(body); p += 2 {
		r := unit(p)
		if utf16.IsSurrogate(r) {
			if p += 2; p < len(body) {
				r = utf16.DecodeRune(r, unit(p))
			}
			if r == utf8.RuneError || utf16.IsSurrogate(r) {
				return "", charsetError("the message in %s has half a surrogate pair", from)
			}
		}
		text.WriteRune(r)
	}
	return text.String(), nil
}
