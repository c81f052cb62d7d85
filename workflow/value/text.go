package value

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// CheckText refuses a text that no message can carry: part of a character, or a
// control character that XML has no place for (XML 1.0, 2.2).
func CheckText(text string) error {
	if !utf8.ValidString(text) {
		return errors.New("the text holds part of a character: it is not UTF-8")
	}
	if strings.ContainsFunc(text, func(r rune) bool {
		return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == '\ufffe' || r == '\uffff'
	}) {
		return errors.New("the text holds a control character")
	}
	return nil
}
