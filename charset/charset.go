// Package charset knows the character sets that messages are declared to be in
// (soap-interop.md "Rules"): the names they go by, and how those of one byte a
// character are decoded. Who reads a message says what a contradiction is.
package charset

import (
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// Charset is a character set, by its preferred name of IANA's register.
type Charset string

// The character sets. UTF16 is the label of whichever the byte order mark says.
const (
	UTF8        Charset = "UTF-8"
	ASCII       Charset = "US-ASCII"
	Latin1      Charset = "ISO-8859-1"
	Latin2      Charset = "ISO-8859-2"
	Latin9      Charset = "ISO-8859-15"
	Windows1250 Charset = "windows-1250"
	Windows1252 Charset = "windows-1252"
	UTF16       Charset = "UTF-16"
	UTF16LE     Charset = "UTF-16LE"
	UTF16BE     Charset = "UTF-16BE"
)

// Taken names them all, for errors.
const Taken = "UTF-8, US-ASCII, ISO-8859-1, ISO-8859-2, ISO-8859-15, windows-1250, windows-1252, or UTF-16 with a byte order mark"

// names are IANA's aliases and those that clients write, each by its letters and
// digits in lower case.
var names = func() map[string]Charset {
	all := map[string]Charset{}
	for c, aliases := range map[Charset]string{
		UTF8:        "utf8 csutf8",
		ASCII:       "usascii ascii csascii us isoir6 ansix341968 ansix341986 iso646us iso646irv1991 ibm367 cp367",
		Latin1:      "iso88591 iso885911987 isoir100 latin1 l1 ibm819 cp819 csisolatin1",
		Latin2:      "iso88592 iso885921987 isoir101 latin2 l2 csisolatin2",
		Latin9:      "iso885915 latin9 l9 csiso885915",
		Windows1250: "windows1250 cswindows1250 cp1250 xcp1250 win1250",
		Windows1252: "windows1252 cswindows1252 cp1252 xcp1252 win1252",
		UTF16:       "utf16 csutf16",
		UTF16LE:     "utf16le csutf16le",
		UTF16BE:     "utf16be csutf16be",
	} {
		for alias := range strings.FieldsSeq(aliases) {
			all[alias] = c
		}
	}
	return all
}()

// Clean is a label without white space and quotes of either kind around it:
// some clients write charset='utf-8'.
func Clean(label string) string { return strings.Trim(label, " \t\r\n\"'") }

// Of is the character set a label names, "" when it is not known here. Case,
// punctuation, and quotes around it do not count, as in UTS #22, 1.4.
func Of(label string) Charset {
	if label = Clean(label); strings.EqualFold(label, string(UTF8)) {
		return UTF8
	}
	const longest = 24
	if len(label) > longest {
		return ""
	}
	return names[strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r | 0x20
		case strings.ContainsRune("-_.: ", r):
			return -1
		}
		return '?' // a name with anything else in it is none
	}, label)]
}

// Charmap decodes a character set of one byte a character; nil for US-ASCII and
// those of Unicode.
func (c Charset) Charmap() *charmap.Charmap {
	switch c {
	case Latin1:
		return charmap.ISO8859_1
	case Latin2:
		return charmap.ISO8859_2
	case Latin9:
		return charmap.ISO8859_15
	case Windows1250:
		return charmap.Windows1250
	case Windows1252:
		return charmap.Windows1252
	}
	return nil
}
