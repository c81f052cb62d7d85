package customer

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"rator/store"
)

// What people search by is compared folded, so that they find who they mean
// whatever they typed. An index holds the folded form: whoever changes a fold
// gives its index another name.

// foldEmail drops what never tells two e-mail addresses apart in practice: letter
// case and space around.
func foldEmail(s string) string {
	if s == "" {
		return ""
	}
	return cases.Fold().String(norm.NFC.String(strings.TrimSpace(s)))
}

// foldPersonalID keeps the letters and digits of a personal id: it is written with
// and without hyphens and spaces.
func foldPersonalID(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, cases.Fold().String(norm.NFKC.String(s)))
}

// foldName makes names alike that differ in letter case, accents, punctuation and
// space only: "Åse  Ørsted-Berg" is "ase orsted berg". Who types on another
// country's keyboard finds them, too.
func foldName(s string) string {
	s = undivided.Replace(cases.Fold().String(norm.NFKD.String(s)))
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

// undivided are the letters that Unicode does not take apart into a plain one and
// an accent.
var undivided = strings.NewReplacer("ø", "o", "æ", "ae", "œ", "oe", "đ", "d", "ð", "d", "ł", "l", "þ", "th", "ı", "i")

// exactly is the index value of something that is found whole: what it is a
// prefix of is itself alone.
func exactly(brand, folded string) string {
	if folded == "" {
		return ""
	}
	return store.Compose(brand, folded, "")
}

// beginning is the index value of something that is found by how it begins.
func beginning(brand, folded string) string {
	if folded == "" {
		return ""
	}
	return store.Compose(brand, folded)
}

// What the indexes have of a user.
func (u *User) emailKey() string      { return exactly(u.Brand, foldEmail(u.Email)) }
func (u *User) personalIDKey() string { return exactly(u.Brand, foldPersonalID(u.PersonalID)) }
func (u *User) lastNameKey() string   { return beginning(u.Brand, namesFrom(u.LastName, u.FirstName)) }
func (u *User) firstNameKey() string  { return beginning(u.Brand, namesFrom(u.FirstName, u.LastName)) }
func (u *User) companyKey() string    { return beginning(u.Brand, foldName(u.Company)) }

// namesFrom is both names folded, beginning with one that must be there.
func namesFrom(first, then string) string {
	if first = foldName(first); first == "" {
		return ""
	}
	return strings.TrimSpace(first + " " + foldName(then))
}
