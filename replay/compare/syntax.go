package compare

import (
	"fmt"
	"unicode/utf8"
)

// A SyntaxError says that one of two texts cannot be compared: it is no XML, uses
// an undeclared prefix, is beyond a limit, or has a placeholder nobody knows.
type SyntaxError struct {
	Line, Column int // from 1; the column counts characters
	Message      string
	Expected     bool // it is in the expected text
	Placeholder  bool // it is a placeholder, and the text is XML
}

// Error is line:column: message.
func (e *SyntaxError) Error() string {
	which := "the answer"
	if e.Expected {
		which = "the expected answer"
	}
	return fmt.Sprintf("%s at %d:%d: %s", which, e.Line, e.Column, e.Message)
}

// place walks through a text and knows line and column where it is.
type place struct {
	offset, line, column int
}

// to goes on to an offset, which must not lie before where it is.
func (p *place) to(text string, offset int) {
	offset = min(offset, len(text))
	for p.offset < offset {
		c := text[p.offset]
		switch {
		case c == '\n':
			p.line++
			p.column = 1
		case utf8.RuneStart(c):
			p.column++
		}
		p.offset++
	}
}
