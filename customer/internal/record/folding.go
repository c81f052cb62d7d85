package record

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"rator/store"
)

// What people search by is compared folded, so that they find who they mean
// whatever they typed. An index holds the folded form: whoever changes a fold
// gives its index another name.

// Fold makes texts alike that differ in letter case, or in how Unicode writes a letter.
func Fold(form norm.Form, s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return cases.Fold().String(form.String(s))
		}
	}
	return strings.ToLower(s) // ASCII is the same in all forms
}

// FoldEmail drops what never tells two e-mail addresses apart in practice: letter
// case and space around.
func FoldEmail(s string) string {
	if s == "" {
		return ""
	}
	return Fold(norm.NFC, strings.TrimSpace(s))
}

// FoldPersonalID keeps the letters and digits of a personal id: it is written with
// and without hyphens and spaces.
func FoldPersonalID(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, Fold(norm.NFKC, s))
}

// FoldName makes names alike that differ in letter case, accents, punctuation and
// space only: "Åse  Ørsted-Berg" is "ase orsted berg". Who types on another
// country's keyboard finds them, too.
func FoldName(s string) string {
	if s = Fold(norm.NFKD, s); isPlain(s) {
		return s
	}
	s = undivided.Replace(s)
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(unicode.Mc, r):
			return r
		case unicode.IsMark(r), strings.ContainsRune("'’.", r):
			return -1
		}
		return ' '
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// isPlain reports whether a folded text is small letters of ASCII and digits alone.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// undivided are the letters that Unicode does not take apart into a plain one and
// an accent.
var undivided = strings.NewReplacer("ø", "o", "æ", "ae", "œ", "oe", "đ", "d", "ð", "d", "ł", "l", "þ", "th", "ı", "i")

// Exactly is the index value of something that is found whole: what it is a
// prefix of is itself alone.
func Exactly(brand, folded string) string {
	if folded == "" {
		return ""
	}
	return store.Compose(brand, folded, "")
}

// Beginning is the index value of something that is found by how it begins.
func Beginning(brand, folded string) string {
	if folded == "" {
		return ""
	}
	return store.Compose(brand, folded)
}

// What the indexes have of a user of a brand.

// EmailKey is of an e-mail address.
func EmailKey(brand, address string) string { return Exactly(brand, FoldEmail(address)) }

// PersonalIDKey is of a personal id.
func PersonalIDKey(brand, id string) string { return Exactly(brand, FoldPersonalID(id)) }

// LastNameKey is of a name, beginning with the last one.
func LastNameKey(brand, first, last string) string { return Beginning(brand, namesFrom(last, first)) }

// FirstNameKey is of a name, beginning with the first one.
func FirstNameKey(brand, first, last string) string { return Beginning(brand, namesFrom(first, last)) }

// CompanyKey is of a company's name.
func CompanyKey(brand, name string) string { return Beginning(brand, FoldName(name)) }

// namesFrom is both names folded, beginning with one that must be there.
func namesFrom(first, then string) string {
	if first = FoldName(first); first == "" {
		return ""
	}
	return strings.TrimSpace(first + " " + FoldName(then))
}
