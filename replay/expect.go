package replay

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"rator/replay/compare"
	"rator/replay/fixture"
	"rator/wire"
)

// expectation is an [[expect]], read.
type expectation struct {
	*fixture.Expect
	xpath   *compare.XPath // nil = none
	matches *regexp.Regexp
}

// expect says which expectations of a step an answer does not meet.
func (p *playing) expect(a *Answer) ([]compare.Difference, error) {
	var found []compare.Difference
	var root *compare.Node
	for i := range p.rules.expect {
		e := &p.rules.expect[i]
		if e.Step != "" && e.Step != a.Step.Number {
			continue
		}
		if root == nil && (e.xpath != nil || e.Fault != nil) {
			var err error
			if root, err = compare.Parse(a.Body); err != nil && e.xpath != nil {
				return nil, p.unreadable(a, err)
			}
		}
		d, err := p.judge(e, a, root)
		if err != nil {
			return nil, err
		}
		if d != nil {
			found = append(found, *d)
		}
	}
	return found, nil
}

// judge holds an answer against one expectation; nil when it is met.
func (p *playing) judge(e *expectation, a *Answer, root *compare.Node) (*compare.Difference, error) {
	d := &compare.Difference{Kind: compare.Value}
	values := []string{string(a.Body)}
	d.Path, d.Got = "answer", fmt.Sprintf("%d bytes", len(a.Body))
	if e.xpath != nil {
		values = e.xpath.Values(root)
		d.Path, d.Got = shownXPath(e.XPath), strings.Join(values, ", ")
	}
	var met bool
	switch {
	case len(e.Status) > 0:
		d.Path, d.Kind = "status", compare.Status
		d.Want, d.Got = strings.Trim(fmt.Sprint(e.Status), "[]"), fmt.Sprint(a.Status)
		met = slices.Contains(e.Status, a.Status)
	case e.Fault != nil:
		is := root != nil && root.Operation().Name.Local == wire.Fault
		d.Path, d.Want, d.Got = "fault", fmt.Sprint(*e.Fault), fmt.Sprint(is)
		met = is == *e.Fault
	case e.Value != nil:
		want, err := p.known.expand(p.scenario.File(fixture.ConfigFile), *e.Value)
		if err != nil {
			return nil, err
		}
		d.Want = want
		met = len(values) > 0 && values[0] == want
	case e.Contains != "":
		want, err := p.known.expand(p.scenario.File(fixture.ConfigFile), e.Contains)
		if err != nil {
			return nil, err
		}
		d.Want = "contains " + want
		met = len(values) > 0 && strings.Contains(values[0], want)
	case e.matches != nil:
		d.Want = "matches " + e.Matches
		met = len(values) > 0 && e.matches.MatchString(values[0])
	default:
		d.Want, met = "a value", len(values) > 0
	}
	if e.Not {
		met, d.Want = !met, "not "+d.Want
	}
	if met {
		return nil, nil
	}
	if e.xpath != nil && len(values) == 0 {
		d.Kind = compare.Missing
	}
	return d, nil
}

// shownXPath is an XPath without its declarations.
func shownXPath(text string) string {
	return strings.TrimSpace(text[strings.LastIndexByte(text, ';')+1:])
}

// Captured is the value of an answer that a capture takes.
func Captured(body []byte, c *fixture.Capture) (string, error) {
	if c.XPath == "" {
		return compare.At(body, c.Path)
	}
	x, err := compare.ParseXPath(c.XPath)
	if err != nil {
		return "", err
	}
	root, err := compare.Parse(body)
	if err != nil {
		return "", err
	}
	values := x.Values(root)
	if len(values) == 0 {
		return "", fmt.Errorf("there is nothing at %s", shownXPath(c.XPath))
	}
	return values[0], nil
}
