package dialect

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"rator/customer"
	"rator/tmf/jsondoc"
	"rator/tmf/problem"
)

// RefuseUnwritable fails with a *problem.Error when a text of a document, at any depth, or
// the name of a member has a character that XML 1.0 cannot carry (its production
// Char): the same customers are read over SOAP, which would have to say something
// else.
func RefuseUnwritable(v jsondoc.Value, path string) error {
	switch v.Kind() {
	case jsondoc.String:
		if c, found := unwritable(v.Text()); found {
			return problem.BadFormat.With("%s holds %U, which XML cannot carry", Where(path), c)
		}
	case jsondoc.Array:
		for i, item := range v.Items() {
			if err := RefuseUnwritable(item, fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
	case jsondoc.Object:
		for _, m := range v.Members() {
			if c, found := unwritable(m.Name); found {
				return problem.BadFormat.With("the name of a member of %s holds %U, which XML cannot carry", Where(path), c)
			}
			if err := RefuseUnwritable(m.Value, Below(path, m.Name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// unwritable finds the first character that XML 1.0 does not have. Halves of
// surrogate pairs do not come here: the reader refuses them.
func unwritable(text string) (rune, bool) {
	i := strings.IndexFunc(text, func(c rune) bool {
		return c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0xFFFE || c == 0xFFFF
	})
	if i < 0 {
		return 0, false
	}
	for _, c := range text[i:] {
		return c, true
	}
	return 0, false
}

// GroupedKey is the key of a text whose spaces do not count.
const GroupedKey = "IBAN_NUMBER"

// CheckLength fails with a *problem.Error when a text is longer than it may be over SOAP,
// where it is called key. An IBAN may be written in groups.
func CheckLength(key, text, path string) error {
	most := customer.Longest(key)
	if most == 0 || len(text) <= most {
		return nil
	}
	if key == GroupedKey {
		text = strings.ReplaceAll(text, " ", "")
	}
	if n := utf8.RuneCountInString(text); n > most {
		return problem.BadFormat.With("%s has %d characters; at most %d are taken", path, n, most)
	}
	return nil
}
