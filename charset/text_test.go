package charset_test

import (
	"testing"

	"rator/charset"
)

func TestText(t *testing.T) {
	for name, c := range map[string]struct{ src, want string }{
		"nothing":              {"", ""},
		"no mark":              {"Åse", "Åse"},
		"UTF-8":                {"\xef\xbb\xbfÅse", "Åse"},
		"UTF-8, two marks":     {"\xef\xbb\xbf\xef\xbb\xbfa", "\ufeffa"},
		"UTF-8, only the mark": {"\xef\xbb\xbf", ""},
		"UTF-8, a mark inside": {"a\xef\xbb\xbf", "a\ufeff"},
		"no UTF-8":             {"a\xffb", "a\xffb"},
		"no UTF-8, marked":     {"\xef\xbb\xbfa\xffb", "a\xffb"},
		"UTF-16LE":             {"\xff\xfe\xc5\x00s\x00\x3d\xd8\x00\xde", "Ås😀"},
		"UTF-16BE":             {"\xfe\xff\x00\xc5\x00s", "Ås"},
		"UTF-16LE, cut off":    {"\xff\xfea\x00b", "a\ufffd"},
	} {
		if got := string(charset.Text([]byte(c.src))); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
