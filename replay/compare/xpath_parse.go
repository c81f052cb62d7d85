package compare

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"rator/wire"
)

// ParseXPath reads an XPath. The error says what of it is not known.
func ParseXPath(text string) (*XPath, error) {
	p := xpathParser{rest: text, spaces: map[string]string{"xml": wire.NamespaceXML}, text: text}
	if len(text) > maxXPath {
		return nil, fmt.Errorf("it is longer than %d bytes", maxXPath)
	}
	if err := p.prologue(); err != nil {
		return nil, err
	}
	test, err := p.test()
	if err != nil {
		return nil, err
	}
	if p.space(); p.rest != "" {
		return nil, p.refuse("%q is not known here", clip(p.rest))
	}
	return &XPath{test}, nil
}

const (
	maxXPath      = 10_000
	maxXPathDepth = 32 // brackets in brackets
)

type xpathParser struct {
	text, rest string
	spaces     map[string]string
	depth      int
	inPick     int // square brackets round what is read
}

func (p *xpathParser) refuse(format string, args ...any) error {
	return fmt.Errorf("XPath %q at character %d: %s", clip(p.text), len([]rune(p.text[:len(p.text)-len(p.rest)]))+1, fmt.Sprintf(format, args...))
}

func (p *xpathParser) space() { p.rest = strings.TrimLeft(p.rest, " \t\r\n") }

// take takes a token when it is next.
func (p *xpathParser) take(token string) bool {
	p.space()
	rest, ok := strings.CutPrefix(p.rest, token)
	if ok {
		p.rest = rest
	}
	return ok
}

var (
	xpathDeclaration = regexp.MustCompile(`^\s*declare\s+(?:namespace\s+([\w.-]+)\s*=|default\s+element\s+namespace)\s*(?:'([^']*)'|"([^"]*)")\s*;?`)
	xpathName        = regexp.MustCompile(`^(?:([\pL_][\pL\pN_.-]*|\*):)?([\pL_][\pL\pN_.-]*|\*)`)
	xpathFunction    = regexp.MustCompile(`^([a-z-]+)\s*\(`)
	xpathNumber      = regexp.MustCompile(`^-?\d+(\.\d+)?`)
)

func (p *xpathParser) prologue() error {
	for {
		m := xpathDeclaration.FindStringSubmatch(p.rest)
		if m == nil {
			return nil
		}
		p.spaces[m[1]] = m[2] + m[3]
		p.rest = p.rest[len(m[0]):]
	}
}

func (p *xpathParser) test() (t xpathTest, err error) {
	if p.depth++; p.depth > maxXPathDepth {
		return t, p.refuse("brackets are more than %d deep", maxXPathDepth)
	}
	defer func() { p.depth-- }()
	p.space()
	if m := xpathFunction.FindStringSubmatch(p.rest); m != nil && m[1] != "text" {
		switch t.function = m[1]; t.function {
		case "count", "exists", "boolean", "not", "string", "normalize-space", "local-name":
		default:
			return t, p.refuse("the function %s() is not known", m[1])
		}
		p.rest = p.rest[len(m[0]):]
		switch {
		case t.function == "not":
			inner, err := p.test()
			if err != nil {
				return t, err
			}
			t.inner = &inner
		case strings.HasPrefix(strings.TrimLeft(p.rest, " "), ")"):
			t.path = &xpathPath{steps: []xpathStep{{kind: "."}}}
		default:
			if t.path, err = p.path(); err != nil {
				return t, err
			}
		}
		if !p.take(")") {
			return t, p.refuse("the bracket of %s( is not closed", t.function)
		}
	} else if t.path, err = p.path(); err != nil {
		return t, err
	}
	for _, operator := range []string{"!=", "="} {
		if p.take(operator) {
			t.operator = operator
			t.literal, err = p.literal()
			return t, err
		}
	}
	return t, nil
}

// literal is a text behind a ', a number behind a #.
func (p *xpathParser) literal() (string, error) {
	p.space()
	for _, quote := range []string{"'", `"`} {
		if p.take(quote) {
			text, rest, closed := strings.Cut(p.rest, quote)
			if !closed {
				return "", p.refuse("the text is not closed")
			}
			p.rest = rest
			return "'" + text, nil
		}
	}
	if number := xpathNumber.FindString(p.rest); number != "" {
		p.rest = p.rest[len(number):]
		return "#" + number, nil
	}
	for _, truth := range []string{"true()", "false()"} {
		if p.take(truth) {
			return "'" + strings.TrimSuffix(truth, "()"), nil
		}
	}
	return "", p.refuse("a text or a number belongs here")
}

func (p *xpathParser) path() (*xpathPath, error) {
	path := &xpathPath{}
	if p.take("(") {
		if p.depth++; p.depth > maxXPathDepth {
			return nil, p.refuse("brackets are more than %d deep", maxXPathDepth)
		}
		group, err := p.path()
		p.depth--
		if err != nil {
			return nil, err
		}
		if !p.take(")") {
			return nil, p.refuse("the bracket is not closed")
		}
		path.group = group
		if path.picks, err = p.picks(); err != nil {
			return nil, err
		}
	}
	for {
		deep := p.take("//")
		slash := deep || p.take("/")
		if !slash && (len(path.steps) > 0 || path.group != nil) {
			return path, nil
		}
		if slash && len(path.steps) == 0 && path.group == nil && p.inPick > 0 {
			return nil, p.refuse("a path from the root is not known in square brackets")
		}
		step, err := p.step()
		if err != nil {
			return nil, err
		}
		step.deep = deep
		path.steps = append(path.steps, step)
	}
}

func (p *xpathParser) step() (s xpathStep, err error) {
	p.space()
	switch {
	case strings.HasPrefix(p.rest, ".."):
		return s, p.refuse(".. is not known")
	case p.take("."):
		s.kind = "."
	case p.take("text()"):
		s.kind = "text()"
	default:
		s.attribute = p.take("@")
		m := xpathName.FindStringSubmatch(p.rest)
		if m == nil {
			return s, p.refuse("a name belongs here")
		}
		if behind := p.rest[len(m[0]):]; strings.HasPrefix(behind, "(") || strings.HasPrefix(behind, "::") {
			return s, p.refuse("functions and axes in a path are not known")
		}
		s.local = m[2]
		switch {
		case m[1] == "*" || m[1] == "" && m[2] == "*":
			s.space = "*"
		case m[1] != "" || !s.attribute:
			space, declared := p.spaces[m[1]]
			if !declared && m[1] != "" {
				return s, p.refuse("nobody says what the prefix %s stands for; write declare namespace %s='…'; before it", m[1], m[1])
			}
			s.space = space
		}
		p.rest = p.rest[len(m[0]):]
	}
	s.picks, err = p.picks()
	return s, err
}

func (p *xpathParser) picks() (picks []xpathPick, err error) {
	p.inPick++
	defer func() { p.inPick-- }()
	for p.take("[") {
		var pick xpathPick
		p.space()
		number := xpathNumber.FindString(p.rest)
		n, notWhole := strconv.Atoi(number)
		switch {
		case p.take("last()"):
			pick.position = -1
		case number != "" && notWhole == nil && n > 0:
			pick.position, p.rest = n, p.rest[len(number):]
		default:
			for {
				test, err := p.test()
				if err != nil {
					return nil, err
				}
				pick.tests = append(pick.tests, test)
				if p.space(); !strings.HasPrefix(p.rest, "and ") {
					break
				}
				p.rest = p.rest[len("and "):]
			}
		}
		if !p.take("]") {
			return nil, p.refuse("%q is not known in square brackets", clip(p.rest))
		}
		picks = append(picks, pick)
	}
	return picks, nil
}
