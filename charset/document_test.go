package charset_test

import (
	"errors"
	"testing"

	"rator/charset"
)

// TestDecode: the mark counts, then the label, then the declaration.
func TestDecode(t *testing.T) {
	const declared = `<?xml version="1.0" encoding="ISO-8859-1"?>`
	for name, c := range map[string]struct{ body, label, text, is string }{
		"nothing said":                 {"<a>Å</a>", "", "<a>Å</a>", "UTF-8"},
		"mark":                         {"\xEF\xBB\xBF<a>Å</a>", "iso-8859-1", "<a>Å</a>", "UTF-8"},
		"label":                        {"<a>\xC5</a>", "ISO-8859-1", "<a>Å</a>", "ISO-8859-1"},
		"quoted label":                 {"<a>\xC5</a>", "'latin1'", "<a>Å</a>", "latin1"},
		"declaration":                  {declared + "<a>\xC5</a>", "", declared + "<a>Å</a>", "ISO-8859-1"},
		"label before declaration":     {declared + "<a>Å</a>", "utf-8", declared + "<a>Å</a>", "UTF-8"},
		"another before declaration":   {declared + "<a>\xA9</a>", "iso-8859-2", declared + "<a>Š</a>", "iso-8859-2"},
		"little end":                   {"\xFF\xFE<\x00a\x00/\x00>\x00", "utf-8", "<a/>", "UTF-16"},
		"big end":                      {"\xFE\xFF\x00<\x00a\x00/\x00>", "", "<a/>", "UTF-16"},
		"little end without mark":      {"<\x00a\x00/\x00>\x00", "utf-16", "<a/>", "UTF-16LE"},
		"big end without mark":         {"\x00<\x00a\x00/\x00>", "", "<a/>", "UTF-16BE"},
		"said to be UTF-16, is not":    {"<a>Å</a>", "UTF-16", "<a>Å</a>", "UTF-8"},
		"declared UTF-16, is not":      {`<?xml version="1.0" encoding="utf-16"?><a>Å</a>`, "", `<?xml version="1.0" encoding="utf-16"?><a>Å</a>`, "UTF-8"},
		"label of UTF-16, declaration": {declared + "<a>\xC5</a>", "utf-16", declared + "<a>Å</a>", "ISO-8859-1"},
		"of the register":              {"<a>\x83\x65</a>", "Shift_JIS", "<a>テ</a>", "Shift_JIS"},
	} {
		text, is, err := charset.Decode([]byte(c.body), c.label)
		if err != nil || text != c.text || is != c.is {
			t.Errorf("%s: %q in %s, %v; want %q in %s", name, text, is, err, c.text, c.is)
		}
	}
	for name, c := range map[string]struct {
		body, label, want string
		offset            int
	}{
		"no UTF-8":      {"<a>\xC5</a>", "", "this byte is not UTF-8, and no other charset is declared", 3},
		"said UTF-8":    {declared + "\xC5", "utf-8", "this byte is not UTF-8, which the Content-Type says it is", len(declared)},
		"unknown label": {"<a/>", "klingon", "the charset klingon is not known; send UTF-8", 0},
		"UTF-32":        {"<\x00\x00\x00", "", "the charset UTF-32 is not known; send UTF-8", 0},
	} {
		_, _, err := charset.Decode([]byte(c.body), c.label)
		var mistake *charset.Error
		if !errors.As(err, &mistake) || mistake.Message != c.want || mistake.Offset != c.offset {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestEncode: what is encoded is decoded to the same again, and what a charset has not
// becomes a reference.
func TestEncode(t *testing.T) {
	for _, label := range []string{"UTF-8", "ISO-8859-1", "latin2", "windows-1252", "UTF-16", "UTF-16LE", "UTF-16BE", "Shift_JIS", "GB18030"} {
		const text = "<a>plain</a>"
		body, err := charset.Encode(text, label)
		if err != nil {
			t.Fatal(err)
		}
		if got, _, err := charset.Decode(body, label); err != nil || got != text {
			t.Errorf("%s: %q, %v", label, got, err)
		}
	}
	for label, want := range map[string]string{
		"US-ASCII": "&#197;&#8364;", "ISO-8859-1": "\xC5&#8364;", "windows-1252": "\xC5\x80", "UTF-16": "\xFF\xFE\xC5\x00\xAC\x20", "UTF-16BE": "\x00\xC5\x20\xAC",
	} {
		if got, err := charset.Encode("Å€", label); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v; want %q", label, got, err, want)
		}
	}
	if _, err := charset.Encode("a", "klingon"); err == nil {
		t.Error("klingon is written")
	}
}

func TestRedeclared(t *testing.T) {
	for text, want := range map[string]string{
		`<?xml version="1.0" encoding='ISO-8859-1' standalone="yes"?><a/>`: `<?xml version="1.0" encoding='UTF-8' standalone="yes"?><a/>`,
		`<?xml version="1.0"?><a encoding="x"/>`:                           `<?xml version="1.0"?><a encoding="x"/>`,
		`<a/>`:                                                             `<a/>`,
	} {
		if got := charset.Redeclared(text, "UTF-8"); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
}
