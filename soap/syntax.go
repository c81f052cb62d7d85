package soap

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// SyntaxError says that a message is not well-formed XML, or not of the kind
// that is taken here (no DOCTYPE, no processing instructions).
type SyntaxError struct {
	Line, Column int // from 1, the column in characters; 0 when the message has no readable characters
	Message      string
}

// Error is the message with its place before it.
func (e *SyntaxError) Error() string {
	if e.Line == 0 {
		return e.Message
	}
	return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message)
}

// place is the line and column of an offset. It is counted only when an error
// needs it, so that scanning does not pay for it.
func place(message string, offset int) (line, column int) {
	before := message[:min(offset, len(message))]
	start := strings.LastIndexByte(before, '\n') + 1
	return strings.Count(before, "\n") + 1, utf8.RuneCountInString(before[start:]) + 1
}

func syntaxError(message string, offset int, format string, args ...any) error {
	line, column := place(message, offset)
	return &SyntaxError{Line: line, Column: column, Message: fmt.Sprintf(format, args...)}
}

// messageError is a SyntaxError of the message as a whole.
func messageError(format string, args ...any) error {
	return &SyntaxError{Message: fmt.Sprintf(format, args...)}
}

func (s *scanner) syntaxError(offset int, format string, args ...any) error {
	return syntaxError(s.message, offset, format, args...)
}

func (s *scanner) limitError(limit Limit, max, offset int) error {
	line, column := place(s.message, offset)
	return &LimitError{Limit: limit, Max: max, Line: line, Column: column}
}

// clip keeps a message readable when a piece of the input in it is not.
func clip(s string) string {
	const longest = 100
	if len(s) <= longest {
		return s
	}
	end := longest
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}
