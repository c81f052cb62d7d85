package charset_test

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/ianaindex"

	"rator/charset"
)

func TestOf(t *testing.T) {
	for label, want := range map[string]charset.Charset{
		"utf-8": charset.UTF8, "UTF8": charset.UTF8, "'utf-8'": charset.UTF8, `"Utf-8"`: charset.UTF8, " utf-8 ": charset.UTF8, `' UTF8 '`: charset.UTF8,
		"us-ascii": charset.ASCII, "ASCII": charset.ASCII, "ANSI_X3.4-1968": charset.ASCII,
		"latin1": charset.Latin1, "Latin-1": charset.Latin1, "ISO_8859-1:1987": charset.Latin1, "iso8859-1": charset.Latin1, "ISO8859_1": charset.Latin1,
		"latin-2": charset.Latin2, "ISO-8859-2": charset.Latin2, "iso8859_2": charset.Latin2,
		"latin-9": charset.Latin9, "latin9": charset.Latin9, "ISO-8859-15": charset.Latin9, "'iso-8859-15'": charset.Latin9,
		"windows-1250": charset.Windows1250, "CP1250": charset.Windows1250, "x-cp1250": charset.Windows1250,
		"windows-1252": charset.Windows1252, "Cp1252": charset.Windows1252,
		"UTF-16": charset.UTF16, "utf-16le": charset.UTF16LE, "UTF_16BE": charset.UTF16BE,
		"": "", "utf-7": "", "utf-80": "", "klingon": "", "utf/8": "", "útf-8": "", "iso-8859-5": "", strings.Repeat("utf-8", 50): "",
	} {
		if got := charset.Of(label); got != want {
			t.Errorf("Of(%q) = %q, want %q", label, got, want)
		}
	}
}

// TestCharmap holds each decoder against the one of IANA's register.
func TestCharmap(t *testing.T) {
	for _, c := range []charset.Charset{charset.Latin1, charset.Latin2, charset.Latin9, charset.Windows1250, charset.Windows1252} {
		registered, err := ianaindex.IANA.Encoding(string(c))
		if err != nil || registered != c.Charmap() {
			t.Errorf("%s is decoded as %v, want %v (%v)", c, c.Charmap(), registered, err)
		}
		if charset.Of(string(c)) != c || !strings.Contains(charset.Taken, string(c)) {
			t.Errorf("%s is not found by its name, or not named in errors", c)
		}
	}
	for _, c := range []charset.Charset{charset.UTF8, charset.ASCII, charset.UTF16, charset.UTF16LE, charset.UTF16BE} {
		if c.Charmap() != nil || charset.Of(string(c)) != c {
			t.Errorf("%s: %v, %v", c, c.Charmap(), charset.Of(string(c)))
		}
	}
}
