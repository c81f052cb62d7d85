package replay

import (
	"regexp"

	"rator/replay/compare"
	"rator/replay/fixture"
)

// rules are the scenario's settings, read.
type rules struct {
	ignore  []*compare.Pattern
	capture map[string][]fixture.Capture // by step; "" = every step
	expect  []expectation
	path    string
}

// readRules reads a scenario's settings. Each mistake is a *fixture.Error.
func readRules(s *fixture.Scenario) (r rules, mistakes []error) {
	r = rules{path: s.Config.Path, capture: map[string][]fixture.Capture{}}
	mistaken := func(what, text string, err error) bool {
		if err != nil {
			file, _ := fixture.SettingsWith(s.Dir, text)
			mistakes = append(mistakes, fixture.SettingsMistake(file, regexp.QuoteMeta(text), what+": "+err.Error()))
		}
		return err != nil
	}
	for _, text := range s.Config.Ignore {
		pattern, err := compare.ParsePattern(text)
		if !mistaken("ignore", text, err) {
			r.ignore = append(r.ignore, pattern)
		}
	}
	for i := range s.Config.Expect {
		e := expectation{Expect: &s.Config.Expect[i]}
		var err error
		if e.XPath != "" {
			e.xpath, err = compare.ParseXPath(e.XPath)
			mistaken("expect", e.XPath, err)
		}
		if e.Matches != "" {
			e.matches, err = regexp.Compile(e.Matches)
			mistaken("expect", e.Matches, err)
		}
		r.expect = append(r.expect, e)
	}
	for _, c := range s.Config.Capture {
		if c.XPath != "" {
			_, err := compare.ParseXPath(c.XPath)
			mistaken("capture", c.XPath, err)
		}
		r.capture[c.Step] = append(r.capture[c.Step], c)
	}
	return r, mistakes
}
