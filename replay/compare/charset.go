package compare

import (
	"errors"

	"rator/charset"
)

// Byte order marks.
var (
	markUTF8    = []byte("\xEF\xBB\xBF")
	markUTF16LE = []byte("\xFF\xFE")
	markUTF16BE = []byte("\xFE\xFF")
)

// toUTF8 is charset.Decode, with the place of a mistake.
func toUTF8(body []byte, label string) (string, error) {
	text, _, err := charset.Decode(body, label)
	var mistake *charset.Error
	if errors.As(err, &mistake) {
		p := place{line: 1, column: 1}
		p.to(string(body), mistake.Offset)
		return "", &SyntaxError{Line: p.line, Column: p.column, Message: mistake.Message}
	}
	return text, err
}
