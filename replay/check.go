package replay

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"rator/replay/compare"
	"rator/replay/fixture"
	"rator/workflow/contract"
)

// check finds what is wrong with the files of all scenarios, before anything is sent:
// every ${…} that nothing can give (no variable, no --set, no capture and no answer of an
// earlier step), requests and expected answers that are no XML, settings that cannot be
// read, deeds that the target does not do. The error joins *fixture.Error.
func (p *Player) check(scenarios []*fixture.Scenario) error {
	var mistakes []error
	told := map[string]bool{} // settings hold for many steps and scenarios
	for _, s := range scenarios {
		c := checker{scenario: s, does: p.Target.Does, given: map[string]bool{"repetition": true, "unique": true}, steps: map[string]bool{}}
		for _, names := range []map[string]string{s.Config.Variables, p.Variables} {
			for name := range names {
				c.given[name] = true
			}
		}
		_, c.mistakes = readRules(s)
		for i := range s.Steps {
			c.step(&s.Steps[i])
		}
		for _, m := range c.mistakes {
			if !told[m.Error()] {
				told[m.Error()] = true
				mistakes = append(mistakes, m)
			}
		}
	}
	return errors.Join(mistakes...)
}

// checker goes through a scenario's steps in their order.
type checker struct {
	scenario *fixture.Scenario
	does     func(deed string) error // Target.Does
	given    map[string]bool         // names that stand for something by now
	steps    map[string]bool         // numbers whose answers are there by now
	mistakes []error
}

func (c *checker) step(step *fixture.Step) {
	s := c.scenario
	if step.Do != "" {
		c.deeds(s.File(step.Do))
		return
	}
	recorded, err := s.Load(step)
	if err != nil {
		if mistake := (*fixture.Error)(nil); errors.As(err, &mistake) {
			c.mistakes = append(c.mistakes, mistake)
		}
		return // whoever plays it says what else there is
	}
	if recorded.Request.Text {
		c.request(step, &recorded.Request)
		sent := recorded.Request.Body
		if s.Config.Tokens != fixture.TokensRecorded {
			sent = freshTokens(sent, time.Time{})
		}
		c.text(s.File(step.Request), string(recorded.Request.Body), string(sent))
	}
	c.target(step, recorded.Request.Target)
	if step.HTTP != "" {
		c.head(s.File(step.HTTP))
	}
	if recorded.Request.Target == "" {
		c.settings(s.Config.Path)
	}
	var names []string
	if recorded.Response.Text {
		c.expected(step, recorded.Response.Body)
		var captured []string
		names, captured = compare.Placeholders(recorded.Response.Body)
		for _, name := range captured {
			c.given[name] = true
		}
	}
	for _, name := range names {
		c.name(name, s.File(step.Response), string(recorded.Response.Body))
	}
	for i := range s.Config.Expect {
		if e := (expectation{Expect: &s.Config.Expect[i]}); e.Step == "" || e.Step == step.Number {
			c.settings(e.text())
		}
	}
	for _, take := range s.Config.Capture {
		if take.Step == "" || take.Step == step.Number {
			c.given[take.Name] = true
		}
	}
	c.steps[step.Number] = true
}

// deeds checks the lines of a .do file. A deed that names a step may answer for it.
func (c *checker) deeds(file string) {
	src, err := os.ReadFile(file)
	if err != nil {
		return
	}
	number := 0
	for line := range strings.Lines(string(src)) {
		number++
		if deed := strings.TrimSpace(line); deed != "" && !strings.HasPrefix(deed, "#") {
			if err := c.does(deed); err != nil {
				c.mistakes = append(c.mistakes, &fixture.Error{File: file, Line: number, Message: err.Error()})
			}
			for ph := range fixture.Placeholders(line) {
				c.name(ph.Text, file, string(src))
			}
			for _, word := range strings.Fields(line) {
				c.steps[word] = true
			}
		}
	}
}

// head checks an .http file as far as it is about the request.
func (c *checker) head(file string) {
	src, err := os.ReadFile(file)
	if err != nil {
		return
	}
	text := string(src)
	if strings.HasPrefix(text, "HTTP/") {
		return
	}
	if at := strings.Index(text, "\nHTTP/"); at >= 0 {
		text = text[:at]
	}
	c.text(file, text, text)
}

// text checks what is sent of a file's text.
func (c *checker) text(file, text, sent string) {
	for ph := range fixture.Placeholders(sent) {
		c.name(ph.Text, file, text)
	}
}

// settings checks a text of scenario.toml, in the folder or one above.
func (c *checker) settings(text string) {
	for ph := range fixture.Placeholders(text) {
		file, src := fixture.SettingsWith(c.scenario.Dir, "${"+ph.Text+"}")
		c.name(ph.Text, file, src)
	}
}

// name checks one name of a file's text, and tells it at its first place.
func (c *checker) name(name, file, text string) {
	if number, _, ok := cutStep(name); ok && c.steps[number] || !ok && c.given[name] {
		return
	}
	mistake := &fixture.Error{File: file, Message: unknownName(name, slices.Sorted(maps.Keys(c.given)))}
	for ph := range fixture.Placeholders(text) {
		if ph.Text == name {
			mistake.Line, mistake.Column = fixture.Place(text, ph.Offset)
			break
		}
	}
	c.mistakes = append(c.mistakes, mistake)
}

// unknownName says what to do about a name that stands for nothing.
func unknownName(name string, known []string) string {
	if number, _, ok := cutStep(name); ok {
		return fmt.Sprintf("${%s}: there is no step %s before this one", name, number)
	}
	near := contract.Suggest(name, known)
	if !strings.HasPrefix(near, " (did you mean") {
		near = "" // names that are not like it do not help
	}
	return fmt.Sprintf("nothing is known of ${%s}%s; give it with --set %s=…, under [variables] in %s, or take it from an earlier answer with ${capture:%s}",
		name, near, name, fixture.ConfigFile, name)
}
