package replay

import (
	"bytes"
	"fmt"
	"maps"
	"strings"

	"rator/replay/compare"
	"rator/replay/fixture"
	"rator/soap"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// known is what a playing has learned: what ${…} stands for, and which live values
// stand for recorded ones.
type known struct {
	variables map[string]string // by what stands between the braces
	written   map[string]bool   // variables of scenario.toml, which may hold recorded ids
	given     map[string]bool   // variables of --set
	taken     map[string]string // the step whose answer a capture was last taken from
	ids       compare.IDs
	origins   origins
	answers   map[string]*answer // by the step's number
}

// answer is what a step answered, for ${03:PATH}.
type answer struct {
	body      []byte
	contract  *contract.Contract
	operation string
	values    value.Tree // when it is ours
	read      bool
	said      map[string]string // by a deed
}

func newKnown(p *playing) known {
	k := known{
		variables: map[string]string{}, written: map[string]bool{}, given: map[string]bool{}, taken: map[string]string{}, answers: map[string]*answer{},
		origins: origins{ids: map[string]string{}, names: map[string]string{}, ends: map[string]end{}},
	}
	k.variables["repetition"] = fmt.Sprint(p.repetition)
	k.variables["unique"] = strings.ToLower(randomText())
	maps.Copy(k.variables, p.scenario.Config.Variables)
	maps.Copy(k.variables, p.Variables)
	for name := range p.Variables {
		k.given[name] = true
	}
	for name := range p.scenario.Config.Variables {
		_, set := p.Variables[name]
		k.written[name] = !set
	}
	return k
}

// capture takes a value of a step's answer.
func (k *known) capture(step, name, v string) {
	k.variables[name] = v
	k.taken[name] = step
	delete(k.written, name)
	delete(k.origins.names, name)
}

func (k *known) said(a *DeedAnswer) { k.answers[a.Step] = &answer{said: a.Values} }

func (k *known) answered(step *fixture.Step, operation string, body []byte, c *contract.Contract) {
	k.answers[step.Number] = &answer{body: body, contract: c, operation: operation}
}

// value is what name between the braces stands for.
func (k *known) value(name string) (string, bool) {
	if number, path, ok := cutStep(name); ok {
		a := k.answers[number]
		if a == nil {
			return "", false
		}
		v, ok := a.at(path)
		if ok {
			k.variables[name] = v
		}
		return v, ok
	}
	v, ok := k.variables[name]
	return v, ok
}

// at is the text at a path: keys of our values such as ACCOUNT/ID, the first of a
// list; or a path as differences show it.
func (a *answer) at(path string) (string, bool) {
	if a.said != nil {
		v, ok := a.said[path]
		return v, ok
	}
	if !a.read {
		a.read = true
		limits := soap.DefaultAnswerLimits()
		if r, err := soap.DecodeAnswer(string(a.body), soap.Media{}, &limits); err == nil {
			a.values = r.Values
		}
	}
	if e := a.values.Path(path); e != nil {
		return e.Text, true
	}
	v, err := compare.At(a.body, path)
	return v, err == nil
}

// cutStep parts a name such as 03:ACCOUNT/ID into step and path.
func cutStep(name string) (number, path string, ok bool) { return strings.Cut(name, ":") }

// expand puts in what ${…} stands for. The error is a *notPlayed where an earlier step
// did not give it; what nobody gives is found before playing.
func (k *known) expand(file, text string) (string, error) {
	expanded, unknown := fixture.Expand(text, k.value)
	if unknown == nil {
		return expanded, nil
	}
	if err := k.lacks(unknown.Text); err != nil {
		return "", err
	}
	line, column := fixture.Place(text, unknown.Offset)
	return "", &fixture.Error{File: file, Line: line, Column: column, Message: unknownName(unknown.Text, nil)}
}

// expected is an expected answer with its variables put in; it compares equal, so
// nothing in it is unknown.
func (k *known) expected(want []byte) []byte {
	if !bytes.Contains(want, []byte("${")) {
		return want
	}
	text, unknown := fixture.Expand(string(want), func(name string) (string, bool) {
		v, ok := k.value(name)
		return string(k.ids.Recorded([]byte(v))), ok // as the answer is compared
	})
	if unknown != nil {
		return want
	}
	return []byte(text)
}
