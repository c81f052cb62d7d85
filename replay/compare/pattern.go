package compare

import (
	"fmt"
	"strings"
)

// Pattern names places by their path: * stands for one step of any name, ** for any
// number of steps, a step without an index for all items of that name. ACCOUNT
// stands for values[ACCOUNT] as well. What lies below a place belongs to it.
type Pattern struct {
	steps []patternStep
}

type patternStep struct {
	name  string // "*" = any, "**" = any number
	index int    // -1 = all
}

// ParsePattern reads a pattern such as return/values[ACCOUNT]/**/ID.
func ParsePattern(text string) (*Pattern, error) {
	if strings.TrimSpace(text) == "" {
		return nil, fmt.Errorf("the path is empty; it is such as return/values[ACCOUNT]/NAME or **/ID")
	}
	p := &Pattern{}
	for i, written := range strings.Split(text, "/") {
		name, index := cutIndex(written)
		element, key := cutKey(name)
		var mistake string
		switch {
		case name == "":
			mistake = fmt.Sprintf("step %d is empty; between two steps is one /, and none at the ends", i+1)
		case strings.Contains(name, "*") && name != "*" && name != "**":
			mistake = fmt.Sprintf("* in %q; it stands for a whole step, ** for any number of steps", name)
		case name == "**" && index >= 0:
			mistake = "** has no index"
		case strings.ContainsAny(element, "[]") || strings.ContainsAny(key, "[]") || strings.HasSuffix(name, "[]"):
			mistake = fmt.Sprintf("%q; a step is such as NAME, NAME[0], values[KEY] or values[KEY][0]", written)
		case strings.ContainsAny(name, " \t\r\n"):
			mistake = fmt.Sprintf("white space in %q", written)
		}
		if mistake != "" {
			return nil, fmt.Errorf("path %q: %s", text, mistake)
		}
		if last := len(p.steps) - 1; name == "**" && last >= 0 && p.steps[last].name == "**" {
			continue
		}
		p.steps = append(p.steps, patternStep{name, index})
	}
	return p, nil
}

// String is the pattern as ParsePattern reads it.
func (p *Pattern) String() string {
	parts := make([]string, len(p.steps))
	for i, s := range p.steps {
		parts[i] = s.name
		if s.index >= 0 {
			parts[i] += fmt.Sprintf("[%d]", s.index)
		}
	}
	return strings.Join(parts, "/")
}

// matches reports whether the pattern names exactly this place.
func (p *Pattern) matches(at *step) bool {
	var room [32]*step
	steps := room[:0]
	for s := at; s != nil; s = s.up {
		steps = append(steps, s)
	}
	// steps has the last step first, so both are walked from their ends.
	i, j := 0, len(p.steps)-1
	star, back := -1, 0
	for i < len(steps) {
		switch {
		case j >= 0 && p.steps[j].name == "**":
			star, back = j, i
			j--
		case j >= 0 && p.steps[j].is(steps[i]):
			i++
			j--
		case star >= 0:
			back++
			i, j = back, star-1
		default:
			return false
		}
	}
	for j >= 0 && p.steps[j].name == "**" {
		j--
	}
	return j < 0
}

func (p *patternStep) is(s *step) bool {
	if p.index >= 0 && p.index != max(s.index, 0) {
		return false
	}
	if p.name == "*" || p.name == s.name && s.key == "" {
		return true
	}
	element, key := cutKey(p.name)
	return s.key != "" && (p.name == s.name || p.name == s.key || element == s.name && key == s.key)
}
