package report

import (
	"fmt"
	"strings"

	"rator/replay/compare"
)

// groups puts what is alike together: the first is kept as it is to be shown, the
// rest is counted. Its memory is bounded by maxGroups.
type groups struct {
	byKey map[string]*group
	order []*group
	// more are those for which there was no place, of as many kinds as were told
	// apart while there was.
	more int
}

type group struct {
	shown     string // the first
	more      int    // like it
	scenarios []string
	in        int // scenarios, as many as there were; only the first are named
	last      string
}

const (
	maxGroups = 100
	maxNamed  = 5
)

// add counts one in scenario; show makes the text of the first.
func (g *groups) add(key, scenario string, show func() string) {
	at := g.byKey[key]
	switch {
	case at != nil:
		at.more++
	case len(g.order) == maxGroups:
		g.more++
		return
	default:
		if g.byKey == nil {
			g.byKey = map[string]*group{}
		}
		at = &group{shown: show()}
		g.byKey[key] = at
		g.order = append(g.order, at)
	}
	if at.in > 0 && at.last == scenario {
		return
	}
	// Scenarios come one after the other, so that the last tells whether it is new.
	at.in++
	at.last = scenario
	if len(at.scenarios) < maxNamed {
		at.scenarios = append(at.scenarios, scenario)
	}
}

// rest says how many more there are: "and 37 more like it in 12 scenarios: a, b …".
// It is "" for one that stands alone.
func (g *group) rest() string {
	if g.more == 0 {
		return ""
	}
	text := fmt.Sprintf("and %d more like it in %s: %s", g.more, count(g.in, "scenario"), visible(strings.Join(g.scenarios, ", ")))
	if g.in > len(g.scenarios) {
		text += fmt.Sprintf(" and %d others", g.in-len(g.scenarios))
	}
	return text
}

// likeness is the same for differences that have one reason: the same place, the
// items of a list and the scenario aside, and the same kind.
func likeness(d *compare.Difference) string { return string(d.Kind) + " " + withoutIndexes(d.Path) }

// withoutIndexes is a path without the numbers in brackets: A[0]/B is A/B.
func withoutIndexes(path string) string {
	var b strings.Builder
	for {
		open := strings.IndexByte(path, '[')
		if open < 0 {
			b.WriteString(path)
			return b.String()
		}
		end := open + 1
		for end < len(path) && path[end] >= '0' && path[end] <= '9' {
			end++
		}
		if end < len(path) && end > open+1 && path[end] == ']' {
			b.WriteString(path[:open])
			path = path[end+1:]
			continue
		}
		b.WriteString(path[:open+1])
		path = path[open+1:]
	}
}
