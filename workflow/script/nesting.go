package script

import "strings"

// The parser, the resolver and the compiler recurse into expressions, and Go
// cannot recover from a stack that overflows. So what would nest too deeply is
// found in the text, before anything is parsed.
const (
	maxBrackets = 32  // open at one time
	maxChain    = 250 // operators and brackets between two commas
	maxTree     = 300 // nodes of the syntax tree inside each other
)

// operatorWords are the keywords that open one more level of an expression.
var operatorWords = map[string]bool{"not": true, "and": true, "or": true, "in": true, "if": true, "else": true, "lambda": true, "for": true}

// nestsTooDeep finds the first place, counted from 1, where an expression has
// too many brackets or operators inside each other. It reads strings and
// comments as Starlark does and nothing else.
func nestsTooDeep(src string) (line, column int, found bool) {
	chains := []int{0} // operators since the last comma, per open bracket
	line, start := 1, 0
	for i := 0; i < len(src); i++ {
		last := len(chains) - 1
		switch c := src[i]; {
		case c == '#':
			i += lengthUntil(src[i:], "\n") - 1
		case c == '"' || c == '\'':
			n := stringLength(src[i:])
			if newlines := strings.Count(src[i:i+n], "\n"); newlines > 0 {
				line += newlines
				start = i + strings.LastIndexByte(src[i:i+n], '\n') + 1
			}
			i += n - 1
		case c == '\n':
			line++
			start = i + 1
			if last == 0 && (i == 0 || src[i-1] != '\\') {
				chains[0] = 0
			}
		case c == ',' || c == ';' && last == 0:
			chains[last] = 0
		case strings.IndexByte("([{", c) >= 0:
			chains[last]++
			chains = append(chains, 0)
		case strings.IndexByte(")]}", c) >= 0:
			chains = chains[:max(last, 1)]
		case strings.IndexByte("+-*/%|&^~<>=!.", c) >= 0:
			chains[last]++
		case isLetter(c):
			n := wordLength(src[i:])
			if operatorWords[src[i:i+n]] {
				chains[last]++
			}
			i += n - 1
		}
		if len(chains)-1 > maxBrackets || chains[len(chains)-1] > maxChain {
			return line, i - start + 1, true
		}
	}
	return 0, 0, false
}

func lengthUntil(s, end string) int {
	if i := strings.Index(s, end); i >= 0 {
		return i
	}
	return len(s)
}

// stringLength is the length of the string literal s begins with.
func stringLength(s string) int {
	quote := s[:1]
	if strings.HasPrefix(s, strings.Repeat(quote, 3)) {
		quote = s[:3]
	}
	for i := len(quote); i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case strings.HasPrefix(s[i:], quote):
			return i + len(quote)
		case s[i] == '\n' && len(quote) == 1:
			return i // the parser reports it
		}
	}
	return len(s)
}

func isLetter(c byte) bool {
	return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}

func wordLength(s string) int {
	n := 1
	for n < len(s) && (isLetter(s[n]) || '0' <= s[n] && s[n] <= '9') {
		n++
	}
	return n
}
