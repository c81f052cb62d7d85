package soap

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"rator/charset"
)

// signatures are how a message can begin that is in none of the charsets
// without a mark of its own, longest first.
var signatures = []struct {
	prefix  string
	charset charset.Charset
	name    string // of a charset that is refused
}{
	{"\xFF\xFE\x00\x00", "", "UTF-32"},
	{"\x00\x00\xFE\xFF", "", "UTF-32"},
	{"<\x00\x00\x00", "", "UTF-32"},
	{"\x00\x00\x00<", "", "UTF-32"},
	{"\x4C\x6F\xA7\x94", "", "EBCDIC"},
	{"<\x00", "", "UTF-16 without a byte order mark"},
	{"\x00<", "", "UTF-16 without a byte order mark"},
	{"\xEF\xBB\xBF", charset.UTF8, ""},
	{"\xFF\xFE", charset.UTF16LE, ""},
	{"\xFE\xFF", charset.UTF16BE, ""},
}

const takenCharsets = "a message is taken in " + charset.Taken

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
	if marked == charset.UTF16LE || marked == charset.UTF16BE {
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
	case marked == "" && (is == charset.UTF16 || is == charset.UTF16LE || is == charset.UTF16BE):
		return "", 0, messageError("the message is said to be in %s and has no byte order mark: %s", is, takenCharsets)
	case is == charset.ASCII:
		err = checkASCII(body)
	default:
		body = transcode(body, is)
	}
	return body, start, err
}

// byteOrderMark tells the charset a message begins with the mark of, and gives
// the message behind it.
func byteOrderMark(message string) (charset.Charset, string, error) {
	for _, s := range signatures {
		if body, ok := strings.CutPrefix(message, s.prefix); ok {
			if s.charset == "" {
				return "", "", messageError("the message is in %s: %s", s.name, takenCharsets)
			}
			return s.charset, body, nil
		}
	}
	return "", message, nil
}

// agree adds what one place says of the charset to what is known of it.
func agree(known charset.Charset, where, label string) (charset.Charset, error) {
	if label == "" {
		return known, nil
	}
	said := charset.Of(label)
	switch {
	case said == "":
		return "", messageError("charset %q of the %s is not known: %s", clip(label), where, takenCharsets)
	case known == "" || known == said:
		return said, nil
	case said == charset.UTF16 && (known == charset.UTF16LE || known == charset.UTF16BE):
		return known, nil
	case known == charset.UTF16 && (said == charset.UTF16LE || said == charset.UTF16BE):
		return said, nil
	}
	return "", messageError("charset %q of the %s contradicts %s: say the same in both, or in one", clip(label), where, known)
}

// transcode decodes a charset of one byte a character, and leaves the others as
// they are.
func transcode(body string, from charset.Charset) string {
	table := from.Charmap()
	if table == nil || checkASCII(body) == nil {
		return body
	}
	var text strings.Builder
	text.Grow(len(body) + len(body)/8)
	for i := range len(body) {
		r := table.DecodeByte(body[i])
		if r == utf8.RuneError {
			r = rune(body[i]) // a control of C1, which some tables leave out
		}
		text.WriteRune(r)
	}
	return text.String()
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
func decodeUTF16(body string, from charset.Charset) (string, error) {
	if len(body)%2 != 0 {
		return "", messageError("the message in %s ends in the middle of a character", from)
	}
	var order binary.ByteOrder = binary.LittleEndian
	if from == charset.UTF16BE {
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
				return "", messageError("the message in %s has half a surrogate pair", from)
			}
		}
		text.WriteRune(r)
	}
	return text.String(), nil
}
