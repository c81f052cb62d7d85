package query

import (
	"net/url"
	"strings"

	"rator/tmf/problem"
)

// parameter is one term of a query string before its meaning is known: its name
// and value, unescaped.
type parameter struct {
	name     string
	operator Operator
	value    string
}

// parseParameter cuts a term at its first operator, raw or URL-encoded. net/url
// cannot do that: it takes dateTime%3E2013 for a name without a value. found is
// false when there is no operator. It fails with a *problem.Error.
func parseParameter(text string) (p parameter, found bool, err error) {
	for i := range len(text) {
		op, size := operatorAt(text[i:])
		if size == 0 {
			continue
		}
		if p.name, err = unescape(text[:i]); err != nil {
			return parameter{}, false, err
		}
		if p.value, err = unescape(text[i+size:]); err != nil {
			return parameter{}, false, err
		}
		p.operator = op
		if text[i] == '=' {
			p.peelSuffix()
		}
		return p, true, nil
	}
	return parameter{}, false, nil
}

// peelSuffix takes .gte and the like from the name.
func (p *parameter) peelSuffix() {
	for _, suffix := range Suffixes {
		if name, found := strings.CutSuffix(p.name, "."+string(suffix)); found {
			p.name, p.operator = name, suffix
			return
		}
	}
}

// operatorAt reads the operator that text starts with, and how long it is
// written; 0 when there is none. A raw = ends a name whatever follows; an
// encoded one, and < and > in either form, may have another character after it.
func operatorAt(text string) (op Operator, size int) {
	first, n := symbol(text)
	if n == 0 {
		return "", 0
	}
	second, m := symbol(text[n:])
	switch {
	case first == '=' && n == 1:
		return Equal, n
	case first == '=' && second == '~':
		return matches, n + m
	case first == '=' && second == '=':
		return Equal, n + m
	case first == '>' && second == '=':
		return greaterOrEqual, n + m
	case first == '<' && second == '=':
		return lessOrEqual, n + m
	case first == '=':
		return Equal, n
	case first == '>':
		return greater, n
	case first == '<':
		return less, n
	}
	return "", 0
}

// symbol reads a character that operators are made of, raw or URL-encoded.
func symbol(text string) (char byte, size int) {
	if text == "" {
		return 0, 0
	}
	if strings.IndexByte("=<>~", text[0]) >= 0 {
		return text[0], 1
	}
	if text[0] == '%' && len(text) >= 3 {
		switch strings.ToUpper(text[1:3]) {
		case "3D":
			return '=', 3
		case "3E":
			return '>', 3
		case "3C":
			return '<', 3
		case "7E":
			return '~', 3
		}
	}
	return 0, 0
}

func unescape(text string) (string, error) {
	s, err := url.QueryUnescape(text)
	if err != nil {
		return "", problem.BadQuery.With("%.80q is not URL-encoded", text)
	}
	return s, nil
}
