package convert

import (
	"fmt"
	"regexp"
	"strings"

	"rator/replay/compare"
	"rator/replay/fixture"
)

// scope is what properties of a project, suite, case or Properties step are called
// as variables: by their own names, but where an outer scope has the name.
type scope struct {
	kind   string
	outer  *scope
	names  map[string]string // of variables, by property
	values map[string]string // by variable
}

func newScope(outer *scope, kind string) *scope {
	return &scope{kind: kind, outer: outer, names: map[string]string{}, values: map[string]string{}}
}

// define gives a property the name of a variable.
func (s *scope) define(property string) string {
	if name, ok := s.names[property]; ok {
		return name
	}
	clean := strings.Map(func(r rune) rune {
		if isName(string(r)) {
			return r
		}
		return '_'
	}, property)
	name := clean
	for n := 1; s.taken(name); n++ {
		if name = strings.ReplaceAll(fixture.FileName(s.kind), "-", "_") + "_" + clean; n > 1 {
			name += fmt.Sprintf("_%d", n)
		}
	}
	s.names[property] = name
	return name
}

func (s *scope) taken(name string) bool {
	for ; s != nil; s = s.outer {
		for _, n := range s.names {
			if n == name {
				return true
			}
		}
	}
	return false
}

// of is the scope that #Project#, #TestSuite# or #TestCase# names, or nil.
func (s *scope) of(kind string) *scope {
	for ; s != nil; s = s.outer {
		if s.kind == kind {
			return s
		}
	}
	return nil
}

// constant is the value of a property, wherever it is.
func (s *scope) constant(property string) (string, bool) {
	if kind, rest, ok := strings.Cut(strings.TrimPrefix(property, "#"), "#"); ok && strings.HasPrefix(property, "#") {
		if s = s.of(kind); s == nil {
			return "", false
		}
		v, ok := s.values[s.names[rest]]
		return v, ok
	}
	for ; s != nil; s = s.outer {
		if v, ok := s.values[s.names[property]]; ok {
			return v, true
		}
	}
	return "", false
}

// settingsProperty holds what SoapUI has no word for, in TOML.
const settingsProperty = "rator.scenario"

// properties reads those of n into a scope.
func (p *project) properties(n *compare.Node, s *scope, where string) {
	list := n.First("properties")
	if list == nil {
		return
	}
	for property := range list.Elements() {
		name := content(property.First("name"))
		if name == "" || name == settingsProperty {
			continue
		}
		if _, twice := s.names[name]; twice {
			p.left(property, where, "the property %s is there twice; the last one counts", name)
		}
		value, whole := s.resolved(content(property.First("value")), 0)
		if !whole {
			p.left(property, where, "the value of the property %s has ${…} in it that only SoapUI knows; give it with --set %s=…", name, s.define(name))
		}
		s.values[s.define(name)] = strings.ReplaceAll(value, "$${", "${")
	}
}

// resolved puts the values of properties in for ${…}; it is not whole when there is
// another.
func (s *scope) resolved(text string, depth int) (_ string, whole bool) {
	whole = true
	out := eachExpansion(text, func(inner string) string {
		v, ok := s.constant(inner)
		if ok && depth < 8 {
			v, ok = s.resolved(v, depth+1)
		}
		if !ok || depth >= 8 {
			whole = false
			return "${" + inner + "}"
		}
		return v
	})
	return out, whole
}

// eachExpansion replaces each ${…} of a text, with what is nested in it.
func eachExpansion(text string, replace func(inner string) string) string {
	var b strings.Builder
	for {
		start := strings.Index(text, "${")
		if start < 0 {
			break
		}
		if start > 0 && text[start-1] == '$' {
			b.WriteString(text[:start+2])
			text = text[start+2:]
			continue
		}
		end, depth := start+2, 1
		for ; end < len(text) && depth > 0; end++ {
			switch text[end] {
			case '{':
				depth++
			case '}':
				depth--
			}
		}
		if depth > 0 {
			break
		}
		b.WriteString(text[:start])
		b.WriteString(replace(text[start+2 : end-1]))
		text = text[end:]
	}
	b.WriteString(text)
	return b.String()
}

// ours are placeholders that mean nothing in SoapUI and stay.
var ours = regexp.MustCompile(`^(xmlunit\.|capture:|\d+:)`)

// expanded is a text with fixture placeholders for SoapUI's.
func (c *testCase) expanded(n *compare.Node, where, text string) string {
	return eachExpansion(text, func(inner string) string {
		if ours.MatchString(inner) {
			return "${" + inner + "}"
		}
		return "${" + c.variable(n, where, inner) + "}"
	})
}

// variable is the name of what stands in ${…}.
func (c *testCase) variable(n *compare.Node, where, inner string) string {
	if strings.HasPrefix(inner, "=") || strings.Contains(inner, "${") {
		c.unnamed++
		name := c.scope.define(fmt.Sprintf("groovy_%d", c.unnamed))
		c.left(n, where, "${%s} is worked out by SoapUI; give its value with --set %s=…", inner, name)
		return name
	}
	if rest, ok := strings.CutPrefix(inner, "#"); ok {
		kind, property, _ := strings.Cut(rest, "#")
		if s := c.scope.of(kind); s != nil {
			return c.known(n, where, s, property, inner)
		}
		return c.known(n, where, c.scope, property, inner)
	}
	step, property, ok := strings.Cut(inner, "#")
	if !ok {
		for s := c.scope; s != nil; s = s.outer {
			if _, there := s.names[inner]; there {
				return c.known(n, where, s, inner, inner)
			}
		}
		return c.known(n, where, c.scope, inner, inner)
	}
	source := c.steps[step]
	switch {
	case source != nil && source.scope != nil:
		return c.known(n, where, source.scope, property, inner)
	case source != nil && source.number != "":
		if path, ok := strings.CutPrefix(property, "Response#"); ok {
			return c.capture(n, where, source, path, "")
		}
		if path, ok := strings.CutPrefix(property, "ResponseAsXml#"); ok {
			return c.capture(n, where, source, path, "")
		}
	}
	name := c.scope.define(strings.ReplaceAll(inner, "#", "_"))
	c.left(n, where, "${%s} cannot be taken from a step; give its value with --set %s=…, or capture it", inner, name)
	return name
}

// known is a property's variable; what has no value is listed once.
func (c *testCase) known(n *compare.Node, where string, s *scope, property, inner string) string {
	_, there := s.names[property]
	name := s.define(property)
	if renamed := c.alias[name]; renamed != "" {
		return renamed
	}
	if _, has := s.values[name]; !has && !there {
		c.left(n, where, "nothing gives ${%s} a value; give it with --set %s=…", inner, name)
	}
	return name
}
