package delivery

import (
	"strings"
	"unicode"
)

// mostReason is how much is kept of why a message was not taken, in characters.
const mostReason = 300

// plainError is what went wrong with a stranger's server. The text may quote what that one
// sent (a line of a header, a name in a certificate), and is kept, logged and shown in
// terminals: it is cut, and characters that are not for printing are ?.
type plainError struct{ cause error }

func (e *plainError) Error() string {
	text := []rune(strings.ToValidUTF8(e.cause.Error(), "?"))
	if len(text) > mostReason {
		text = append(text[:mostReason], '…')
	}
	for i, r := range text {
		if !unicode.IsPrint(r) {
			text[i] = '?'
		}
	}
	return string(text)
}

func (e *plainError) Unwrap() error { return e.cause }
