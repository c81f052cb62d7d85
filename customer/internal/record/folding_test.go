package record

import (
	"testing"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// TestFold: what is ASCII alone is folded as all else is.
func TestFold(t *testing.T) {
	t.Parallel()
	texts := []string{"", "Bo", "bo@Example.COM", "O'Neil-Berg Jr.", "Åse Ørsted", "ǅ ﬁ ＡＢ", "a\u0301", "ID-42 7"}
	for c := range 256 {
		texts = append(texts, "A"+string(rune(c))+"z")
	}
	for _, text := range texts {
		for _, form := range []norm.Form{norm.NFC, norm.NFKC, norm.NFKD} {
			if want, got := cases.Fold().String(form.String(text)), Fold(form, text); got != want {
				t.Errorf("%q is %q, want %q", text, got, want)
			}
		}
	}
}

// TestFoldName: what needs nothing but small letters is made as all else is.
func TestFoldName(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "Ek": "ek", "EK2": "ek2", " Ek ": "ek", "Åse  Ørsted-Berg": "ase orsted berg", "O'Neil": "oneil", "ek.": "ek", "Bo Ek": "bo ek",
	} {
		if got := FoldName(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
