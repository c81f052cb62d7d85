package jsondoc

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxExponent bounds numbers to what a double can hold, so that comparing two
// of them never builds one with a million digits.
const maxExponent = 308

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func (r *reader) wrong(format string, args ...any) error {
	return &SyntaxError{Position: r.position(), Message: fmt.Sprintf(format, args...)}
}

func (r *reader) beyond(limit string, max int) error {
	return &LimitError{Position: r.position(), Limit: limit, Max: max}
}

// position is counted only when there is something to say about it.
func (r *reader) position() Position {
	before := r.text[:r.at]
	return Position{
		Line:   strings.Count(before, "\n") + 1,
		Column: utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1,
	}
}

// number reads -?(0|[1-9][0-9]*)(.[0-9]+)?([eE][+-]?[0-9]+)?.
func (r *reader) number() (Value, error) {
	start := r.at
	r.skip('-')
	switch {
	case r.skip('0'):
	case !r.digits():
		return Value{}, r.wrong("a digit is missing: %s", r.found())
	}
	if r.skip('.') && !r.digits() {
		return Value{}, r.wrong("a digit is missing after the decimal point: %s", r.found())
	}
	exponent := ""
	if r.skip('e') || r.skip('E') {
		from := r.at
		_ = r.skip('+') || r.skip('-')
		if !r.digits() {
			return Value{}, r.wrong("a digit is missing in the exponent: %s", r.found())
		}
		exponent = r.text[from:r.at]
	}
	literal := r.text[start:r.at]
	if len(literal) > r.limits.NumberBytes {
		r.at = start
		return Value{}, r.beyond("number bytes", r.limits.NumberBytes)
	}
	if exponent != "" {
		if n, err := strconv.Atoi(exponent); err != nil || n > maxExponent || n < -maxExponent {
			r.at = start
			return Value{}, r.beyond("exponent", maxExponent)
		}
	}
	return NumberOf(literal), nil
}

func (r *reader) skip(c byte) bool {
	if r.at < len(r.text) && r.text[r.at] == c {
		r.at++
		return true
	}
	return false
}

func (r *reader) digits() bool {
	start := r.at
	for r.at < len(r.text) && isDigit(r.text[r.at]) {
		r.at++
	}
	return r.at > start
}

// quoted reads a string; without escapes it is a part of the text.
func (r *reader) quoted(limit string, most int) (string, error) {
	r.at++
	start := r.at
	var decoded []byte
	plain := start // from here on nothing is in decoded yet
	for r.at < len(r.text) {
		c := r.text[r.at]
		switch {
		case r.at-start > most:
			return "", r.beyond(limit, most)
		case c == '"':
			s := r.text[plain:r.at]
			if decoded != nil {
				s = string(append(decoded, s...))
			}
			r.at++
			return s, nil
		case c == '\\':
			decoded = append(decoded, r.text[plain:r.at]...)
			var err error
			if decoded, err = r.escape(decoded); err != nil {
				return "", err
			}
			plain = r.at
		case c < ' ':
			return "", r.wrong("a control character stands in a string: %s", r.found())
		case c < utf8.RuneSelf:
			r.at++
		default:
			char, size := utf8.DecodeRuneInString(r.text[r.at:])
			if char == utf8.RuneError && size == 1 {
				return "", r.wrong("a string holds %s", r.found())
			}
			r.at += size
		}
	}
	return "", r.wrong("a string does not end: %s", r.found())
}

const (
	escaped = `"\/bfnrt`
	meant   = "\"\\/\b\f\n\r\t"
)

func (r *reader) escape(dst []byte) ([]byte, error) {
	start := r.at
	if r.at+1 < len(r.text) {
		if i := strings.IndexByte(escaped, r.text[r.at+1]); i >= 0 {
			r.at += 2
			return append(dst, meant[i]), nil
		}
	}
	char, ok := r.unit()
	if ok && utf16.IsSurrogate(char) {
		var second rune
		second, ok = r.unit()
		char = utf16.DecodeRune(char, second)
		ok = ok && char != utf8.RuneError
	}
	if !ok {
		r.at = start
		return nil, r.wrong("an escape in a string names no character")
	}
	return utf8.AppendRune(dst, char), nil
}

// unit reads \uXXXX.
func (r *reader) unit() (rune, bool) {
	if r.at+6 > len(r.text) || r.text[r.at] != '\\' || r.text[r.at+1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(r.text[r.at+2:r.at+6], 16, 16)
	if err != nil {
		return 0, false
	}
	r.at += 6
	return rune(n), true
}
