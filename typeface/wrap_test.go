package typeface

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// shapes gives what is drawn, from left to right.
func shapes(s *Style, text string) string {
	all := s.cells(text)
	of, _ := levels(all)
	var drawn []rune
	for _, c := range s.ordered(all, of) {
		drawn = append(drawn, c.shape)
	}
	return string(drawn)
}

// TestOrder: what goes to the left does, with its numbers and brackets, in texts of
// both directions.
func TestOrder(t *testing.T) {
	for text, want := range map[string]string{
		"abc 12":                   "abc 12",
		"שלום":                     "םולש",
		"abc שלום def":             "abc םולש def",
		"abc שלום עולם def":        "abc םלוע םולש def",
		"abc אב 12 גד def":         "abc דג 12 בא def",
		"שלום abc def":             "abc def םולש",
		"שלום 12.50 €":             "€ 12.50 םולש", // W5 takes a sign only that touches the number
		"שלום 12.50€":              "12.50€ םולש",
		"שלום (abc) עולם":          "םלוע (abc) םולש",
		"רחוב הרצל 7-9":            "7-9 לצרה בוחר",
		"abc (שלום) def":           "abc (םולש) def",
		"שלום (עולם)":              "(םלוע) םולש",
		"בְּ":                      "בְּ",
		"\u202Eabc\u202C\u200Fdef": "abcdef",
	} {
		if got := shapes(BuiltIn().Sheet().Regular, text); got != norm.NFC.String(want) && got != want {
			t.Errorf("%q is %q, not %q", text, got, want)
		}
	}
}

// TestJoin: Arabic letters take the shapes that they have beside each other.
func TestJoin(t *testing.T) {
	for text, want := range map[string]string{
		"محمد":         "ﺪﻤﺤﻣ",
		"سلام":         "مﻼﺳ",
		"لا":           "ﻻ",
		"علي 7":        "7 ﻲﻠﻋ",
		"ف":            "ف",
		"دار":          "راد",
		"ب\u200cب":     "بب",
		"ب\u200dد":     "ﺪﺑ",
		"مـ":           "ـﻣ",
		"مَد":          "ﺪﻣَ", // a mark stands over its letter and does not part it from the next
		"گپ ایران x":   "x ناﺮﯾا ﭗﮔ",
		"لله abc محمد": "ﺪﻤﺤﻣ abc ﻪﻠﻟ",
	} {
		if got := shapes(BuiltIn().Sheet().Regular, text); got != want {
			t.Errorf("%q is %q %U, not %q %U", text, got, []rune(got), want, []rune(want))
		}
	}
}

// TestCodesAreTheLetters: whoever copies from the document gets what was written; a
// letter in its second shape, and one beyond two bytes, has another code.
func TestCodesAreTheLetters(t *testing.T) {
	s := BuiltIn().Sheet().Regular
	for text, want := range map[string]string{
		"Ændret på ødegård": "Ændret på ødegård",
		"e\u0301\u0302 Å":   "é\u0302 Å",
		"tab\tline\nend":    "tab line end",
		"bad\xffend":        "bad\uFFFDend",
	} {
		if got := s.Wrap(text, 10, 1000)[0].Codes; got != want {
			t.Errorf("%q is %q", text, got)
		}
	}
	if got, want := s.Wrap("محمد", 10, 1000)[0].Codes, "د\uFEE4حم"; got != want {
		t.Errorf("%q %U, not %U", got, []rune(got), []rune(want))
	}
}

// TestWrap: lines are as long as fits, broken where they may be, and nothing is lost.
func TestWrap(t *testing.T) {
	s := BuiltIn().Sheet().Regular
	wide := func(text string) float64 { return s.Measure(text, 10) }
	for _, c := range []struct {
		text  string
		width float64
		want  []string
	}{
		{"", 10, []string{""}},
		{"one two three", wide("one two") + 0.01, []string{"one two", "three"}},
		{"one two three", wide("one two") - 0.01, []string{"one", "two", "three"}},
		{"one  two", wide("one"), []string{"one", "two"}},
		{"abcdefgh", wide("abc") + 0.01, []string{"abc", "def", "gh"}},
		{"an abcdefgh", wide("abcdefgh"), []string{"an", "abcdefgh"}},
		{"long-winded", wide("winded"), []string{"long-", "winded"}},
		{"7-9", 1, []string{"7", "-", "9"}},
		{"王小明王小明", wide("王小"), []string{"王小", "明王", "小明"}},
		{"   ", 10, []string{" "}},
		{"aaa b\u0302b\u0302", wide("aaa b"), []string{"aaa", "b\u0302b\u0302"}},
	} {
		var got []string
		for _, l := range s.Wrap(c.text, 10, c.width) {
			got = append(got, l.Codes)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q in %.2f is %q, not %q", c.text, c.width, got, c.want)
		}
	}
}

// TestWrapLosesNothing over many texts of all scripts and widths.
func TestWrapLosesNothing(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	letters := []rune("abcXYZ   --12.,()éñ̂אבג עלםمحد لا王小ไ😀€")
	for range 3000 {
		text := make([]rune, random.IntN(60))
		for n := range text {
			text[n] = letters[random.IntN(len(letters))]
		}
		s := BuiltIn().Sheet().Regular
		width := 1 + random.Float64()*200
		got, written := map[rune]int{}, map[rune]int{}
		for _, l := range s.Wrap(string(text), 10, width) {
			count := 0
			for _, r := range l.Codes {
				got[r]++
				count++
			}
			if l.Width > width && count > 2 && !strings.ContainsRune(l.Codes, '\u0302') {
				t.Fatalf("%q is %.1f wide, more than %.1f", l.Codes, l.Width, width)
			}
		}
		for _, c := range s.cells(string(text)) {
			written[c.code]++
		}
		delete(got, ' ')
		delete(written, ' ')
		for r, n := range written {
			if mirrored, ok := mirrors[r]; ok && got[r]+got[mirrored] == n+written[mirrored] {
				continue
			}
			if got[r] != n {
				t.Fatalf("%q in %.1f has %c %d times, not %d", string(text), width, r, got[r], n)
			}
		}
	}
}
