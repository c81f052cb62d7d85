package mask

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"rator/charset"
)

// encoding is how a message's characters are bytes.
type encoding uint8

const (
	bytewise   encoding = iota // markup is ASCII: UTF-8, ISO-8859, windows-125x
	utf16LE                    // with or without byte order mark
	utf16BE                    //
	unreadable                 // what may be in it cannot be said
)

// encodingOf is the encoding of a message. What it begins with counts more than
// what it is labelled.
func encodingOf(label, text string) encoding {
	switch {
	case strings.HasPrefix(text, "\xFF\xFE\x00\x00"), strings.HasPrefix(text, "\x00\x00\xFE\xFF"),
		strings.HasPrefix(text, "<\x00\x00\x00"), strings.HasPrefix(text, "\x00\x00\x00<"), // UTF-32
		strings.HasPrefix(text, "\x4C\x6F\xA7\x94"), // EBCDIC
		strings.HasPrefix(text, "\x1F\x8B"):         // gzip
		return unreadable
	case strings.HasPrefix(text, "\xFF\xFE"), len(text) > 1 && text[0] != 0 && text[1] == 0:
		return utf16LE
	case strings.HasPrefix(text, "\xFE\xFF"), len(text) > 1 && text[0] == 0 && text[1] != 0:
		return utf16BE
	}
	if !asciiBased(label) || !asciiBased(declared(text)) {
		return unreadable
	}
	return bytewise
}

// declared is the encoding of the XML declaration, "" when it names none.
func declared(text string) string {
	text = strings.TrimLeft(text, "\xEF\xBB\xBF \t\r\n")
	if !strings.HasPrefix(text, "<?xml") {
		return ""
	}
	declaration, _, _ := strings.Cut(text[:min(len(text), 512)], "?>")
	_, rest, ok := strings.Cut(declaration, "encoding")
	rest = strings.TrimLeft(rest, " \t\r\n=")
	if !ok || rest == "" || rest[0] != '"' && rest[0] != '\'' {
		return ""
	}
	label, _, _ := strings.Cut(rest[1:], rest[:1])
	return label
}

// asciiBased reports whether a text labelled so that does not begin as UTF-16
// does has its markup in ASCII. A label of UTF-16 is then wrong: some write what
// their program's strings are in.
func asciiBased(label string) bool {
	label = strings.ToLower(charset.Clean(label))
	if label == "" || charset.Of(label) != "" {
		return true
	}
	for _, prefix := range []string{"iso-8859-", "iso_8859-", "iso8859-", "latin", "windows-125", "cp125", "unicode", "koi8-"} {
		if strings.HasPrefix(label, prefix) {
			return true
		}
	}
	return false
}

func (e encoding) order() binary.ByteOrder {
	if e == utf16BE {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// decode gives the text in an encoding whose markup is ASCII. It is not ok when
// encode could not give the same bytes again.
func (e encoding) decode(text string) (string, bool) {
	if e == bytewise {
		return text, true
	}
	if len(text)%2 != 0 || strings.Contains(text, "</") { // its tags are bytes after all
		return "", false
	}
	order := e.order()
	var b strings.Builder
	b.Grow(len(text) / 2)
	unit := func(i int) rune { return rune(order.Uint16([]byte{text[i], text[i+1]})) }
	for i := 0; i < len(text); i += 2 {
		r := unit(i)
		if utf16.IsSurrogate(r) {
			if i += 2; i == len(text) {
				return "", false
			}
			if r = utf16.DecodeRune(r, unit(i)); r == utf8.RuneError {
				return "", false
			}
		}
		b.WriteRune(r)
	}
	return b.String(), true
}

func (e encoding) encode(text string) string {
	if e == bytewise {
		return text
	}
	order := e.order()
	out := make([]byte, 0, 2*len(text))
	for _, r := range text {
		if r > 0xFFFF {
			high, low := utf16.EncodeRune(r)
			out = appendUnit(appendUnit(out, order, high), order, low)
			continue
		}
		out = appendUnit(out, order, r)
	}
	return string(out)
}

func appendUnit(out []byte, order binary.ByteOrder, r rune) []byte {
	var unit [2]byte
	order.PutUint16(unit[:], uint16(r))
	return append(out, unit[:]...)
}

// isOpaque reports whether a message is no text, so that no secret of a key can
// be in it.
func isOpaque(media, text string) bool {
	for _, prefix := range []string{"image/", "audio/", "video/", "font/"} {
		if strings.HasPrefix(media, prefix) && !strings.HasSuffix(media, "xml") {
			return true
		}
	}
	if media == "application/pdf" || media == "application/zip" {
		return strings.HasPrefix(text, "%PDF-") || strings.HasPrefix(text, "PK")
	}
	return false
}
