package bulk

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"rator/card"
)

// scanner goes once over the JSON of a line. Where that is none, it stays broken: all that
// it is asked then is false or nothing.
type scanner struct {
	text   string
	at     int
	broken string // what is wrong, with the column
}

// wrong says what is no JSON.
func (s *scanner) wrong(format string, args ...any) {
	if s.broken == "" {
		column := utf8.RuneCountInString(s.text[:min(s.at, len(s.text))]) + 1
		s.broken = fmt.Sprintf("column %d: ", column) + fmt.Sprintf(format, args...)
		s.at = len(s.text)
	}
}

// found names what is at hand.
func (s *scanner) found() string {
	if s.at >= len(s.text) {
		return "the line ends"
	}
	r, _ := utf8.DecodeRuneInString(s.text[s.at:])
	return "there is " + strconv.QuoteRune(r)
}

// next is the byte at hand, behind white space; 0 = the line ended.
func (s *scanner) next() byte {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; c {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return c
		}
	}
	return 0
}

// take goes on behind a byte, where that is the next one.
func (s *scanner) take(c byte) bool {
	if s.at < len(s.text) && s.text[s.at] == c || s.next() == c && c != 0 {
		s.at++
		return true
	}
	return false
}

// need is take for a byte that has to be there.
func (s *scanner) need(c byte, where string) bool {
	if !s.take(c) {
		s.wrong("%q is missing %s: %s", c, where, s.found())
		return false
	}
	return true
}

// quoted is the next value, a string: without escapes a part of the line.
func (s *scanner) quoted() string {
	start := s.at + 1
	for i := start; i < len(s.text); i++ {
		switch c := s.text[i]; {
		case c == '"':
			s.at = i + 1
			return s.text[start:i]
		case c == '\\':
			return s.escaped(i)
		case c < ' ':
			s.at = i
			s.wrong("a text holds the byte %#02x as it is; write \\u%04x", c, c)
			return ""
		}
	}
	s.at = len(s.text)
	s.wrong("a text does not end")
	return ""
}

// escaped is quoted for a string that has an escape, at i.
func (s *scanner) escaped(i int) string {
	start := s.at
	for ; i < len(s.text); i++ {
		switch s.text[i] {
		case '\\':
			i++
		case '"':
			var text string
			s.at = i + 1
			if err := json.Unmarshal([]byte(s.text[start:s.at]), &text); err != nil {
				s.at = start
				s.wrong("a text is not written as JSON has it: %s", strings.TrimPrefix(err.Error(), "json: "))
			}
			return text
		}
	}
	s.at = len(s.text)
	s.wrong("a text does not end")
	return ""
}

// literal is the next value, a number or a word.
func (s *scanner) literal() string {
	start := s.at
	for s.at < len(s.text) && strings.IndexByte(",]}: \t\r\n\"[{", s.text[s.at]) < 0 {
		s.at++
	}
	raw := s.text[start:s.at]
	if !json.Valid([]byte(raw)) {
		s.at = start
		s.wrong("a value is missing: %s", s.found())
		return ""
	}
	return raw
}

// deepest is how deep a value may go that is passed over.
const deepest = 100

// skip passes over the next value.
func (s *scanner) skip(depth int) {
	switch c := s.next(); {
	case depth > deepest:
		s.wrong("this goes more than %d deep", deepest)
	case c == '"':
		s.quoted()
	case c == '{' || c == '[':
		end := c + 2
		s.at++
		if s.take(end) {
			return
		}
		for s.broken == "" {
			if c == '{' {
				if !s.name() {
					return
				}
			}
			s.skip(depth + 1)
			if !s.take(',') {
				s.need(end, "after a value")
				return
			}
		}
	default:
		s.literal()
	}
}

// name passes over the name of a member.
func (s *scanner) name() bool {
	if s.next() != '"' {
		s.wrong("the name of a member is missing: %s", s.found())
		return false
	}
	s.quoted()
	return s.need(':', "after the name of a member")
}

// kind names the kind of the next value, for people.
func (s *scanner) kind() string {
	switch s.next() {
	case '"':
		return "a text"
	case '{':
		return "an object"
	case '[':
		return "a list"
	case 't', 'f':
		return "true or false"
	case 'n':
		return "null"
	}
	return "a number"
}

// quote is a text as mistakes repeat it: the beginning, no card number.
func quote(text string) string {
	const most = 40
	if n := 0; utf8.RuneCountInString(text) > most {
		for i := range text {
			if n++; n > most {
				text = text[:i] + "…"
				break
			}
		}
	}
	return strconv.Quote(card.Mask(text))
}
