package compare

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"rator/workflow/value"
)

// expectation is an expected text with its placeholders read.
type expectation struct {
	text   string // what it is when no placeholder is left after the variables
	pieces []piece
	// any says that whatever comes is right, even other elements.
	any      bool
	sole     string         // the only thing in it is this placeholder
	pattern  *regexp.Regexp // nil = compare with text
	captures []string       // names, by the groups of pattern
}

// piece is a part of an expected text: what is written, or what a variable gave.
type piece struct {
	text  string
	given bool
}

// given reports whether a variable gave a part of it.
func (e *expectation) given() bool {
	return slices.ContainsFunc(e.pieces, func(p piece) bool { return p.given })
}

const (
	placeIgnore   = "xmlunit.ignore"
	placeNumber   = "xmlunit.isNumber"
	placeDateTime = "xmlunit.isDateTime"
	placeRegex    = "xmlunit.matchesRegex"
	placeCapture  = "capture:"
)

// What a placeholder stands for between other text.
var placePatterns = map[string]string{
	placeIgnore:   `(?s:.*)`,
	placeNumber:   `[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`,
	placeDateTime: `\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?:Z|[+-]\d\d:\d\d)?`,
}

// expect reads the placeholders of an expected text. The error's message names the
// one that nobody knows.
func expect(text string, variables func(string) (string, bool)) (*expectation, error) {
	e := &expectation{}
	var plain, pattern strings.Builder
	literal := func(s string, given bool) {
		e.pieces = append(e.pieces, piece{s, given})
		plain.WriteString(s)
		pattern.WriteString(regexp.QuoteMeta(s))
	}
	special := false
	for rest := text; rest != ""; {
		at := strings.Index(rest, "${")
		switch {
		case at < 0:
			literal(rest, false)
			rest = ""
			continue
		case at > 0 && rest[at-1] == '$':
			literal(rest[:at-1]+"${", false)
			rest = rest[at+2:]
			continue
		}
		literal(rest[:at], false)
		name, after, ok := cutPlaceholder(rest[at:])
		if !ok {
			return nil, fmt.Errorf("the placeholder %s has no end; write $${ for a plain ${", clip(rest[at:]))
		}
		sole := strings.TrimSpace(text) == rest[at:len(rest)-len(after)]
		rest = after
		if v, ok := strings.CutPrefix(name, placeCapture); ok && v != "" {
			special = true
			e.captures = append(e.captures, v)
			pattern.WriteString(`((?s:.+?))`)
			continue
		}
		if known, ok := placePatterns[name]; ok {
			special = true
			if sole {
				e.sole, e.any = name, name == placeIgnore
			}
			pattern.WriteString(known)
			continue
		}
		if arg, ok := strings.CutPrefix(name, placeRegex+"("); ok && strings.HasSuffix(arg, ")") {
			arg = strings.TrimSuffix(arg, ")")
			if _, err := regexp.Compile(arg); err != nil {
				return nil, fmt.Errorf("${%s}: %v", name, err)
			}
			special = true
			pattern.WriteString("(?:" + uncaptured(arg) + ")")
			continue
		}
		if strings.HasPrefix(name, "xmlunit.") {
			return nil, fmt.Errorf("there is no placeholder ${%s}; there are ${%s}, ${%s}, ${%s} and ${%s(…)}",
				name, placeIgnore, placeNumber, placeDateTime, placeRegex)
		}
		v, ok := "", false
		if variables != nil {
			v, ok = variables(name)
		}
		if !ok {
			return nil, fmt.Errorf("nothing is known of ${%s}; give it a value, or take one with ${capture:%s}, or write $${ for a plain ${", name, name)
		}
		literal(v, true)
	}
	e.text = plain.String()
	if special {
		var err error
		if e.pattern, err = regexp.Compile(`^(?:` + pattern.String() + `)$`); err != nil {
			return nil, fmt.Errorf("%s is beyond what patterns may be: %v", clip(text), err)
		}
	}
	return e, nil
}

// cutPlaceholder parts a text that begins with a placeholder behind it.
func cutPlaceholder(s string) (name, after string, ok bool) {
	end := "}"
	if strings.HasPrefix(s, "${"+placeRegex+"(") {
		end = ")}"
	}
	at := strings.Index(s, end)
	if at < 0 {
		return "", "", false
	}
	at += len(end)
	return strings.TrimSpace(s[2 : at-1]), s[at:], true
}

// uncaptured is a pattern whose groups take nothing, so that those that take are
// the placeholders'.
func uncaptured(pattern string) string {
	var b strings.Builder
	class := false
	for i := 0; i < len(pattern); i++ {
		c := pattern[i]
		b.WriteByte(c)
		switch {
		case c == '\\' && i+1 < len(pattern):
			i++
			b.WriteByte(pattern[i])
		case c == '[':
			class = true
		case c == ']':
			class = false
		case c == '(' && !class && !strings.HasPrefix(pattern[i+1:], "?"):
			b.WriteString("?:")
		case c == '(' && !class && namedGroup.MatchString(pattern[i:]):
			b.WriteString("?:")
			i += len(namedGroup.FindString(pattern[i:])) - 1
		}
	}
	return b.String()
}

var namedGroup = regexp.MustCompile(`^\(\?P?<[^>]*>`)

// meets reports whether a text is as expected, and what was captured, by the order
// of captures.
func (e *expectation) meets(got string) (taken []string, ok bool) {
	trimmed := strings.TrimSpace(got)
	switch e.sole {
	case placeIgnore:
		return nil, true
	case placeNumber:
		_, err := value.ParseDecimal(trimmed)
		return nil, err == nil
	case placeDateTime:
		_, err := value.ParseDate(trimmed, time.UTC)
		return nil, err == nil
	}
	found := e.pattern.FindStringSubmatch(got)
	if found == nil {
		return nil, false
	}
	return found[1:], true
}
