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
	variables map[string]string
	written   map[string]bool // variables of scenario.toml, which may hold recorded ids
	ids       compare.IDs
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
	k := known{variables: map[string]string{}, written: map[string]bool{}, answers: map[string]*answer{}}
	k.variables["repetition"] = fmt.Sprint(p.repetition)
	k.variables["unique"] = strings.ToLower(randomText())
	maps.Copy(k.variables, p.scenario.Config.Variables)
	maps.Copy(k.variables, p.Variables)
	for name := range p.scenario.Config.Variables {
		_, set := p.Variables[name]
		k.written[name] = !set
	}
	return k
}

func (k *known) capture(name, v string) {
	k.variables[name] = v
	delete(k.written, name)
}

func (k *known) said(a *DeedAnswer) { k.answers[a.Step] = &answer{said: a.Values} }

func (k *known) answered(step *fixture.Step, operation string, body []byte, c *contract.Contract) {
	k.answers[step.Number] = &answer{body: body, contract: c, operation: operation}
}

// value is what name between the braces stands for.
func (k *known) value(name string) (string, bool) {
	if number, path, ok := strings.Cut(name, ":"); ok {
		a := k.answers[number]
		if a == nil {
			return "", false
		}
		return a.at(path)
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

// expand puts in what ${…} stands for. What nobody gave a value is a mistake with
// its place.
func (k *known) expand(file, text string) (string, error) {
	expanded, unknown := fixture.Expand(text, k.value)
	if unknown == nil {
		return expanded, nil
	}
	line, column := fixture.Place(text, unknown.Offset)
	message := fmt.Sprintf("nothing is known of ${%s}; give it with --set %s=…, under [variables] in %s, or take it from an answer with ${capture:%s}",
		unknown.Text, unknown.Text, fixture.ConfigFile, unknown.Text)
	if number, path, ok := strings.Cut(unknown.Text, ":"); ok {
		message = fmt.Sprintf("${%s}: there is no %s in the answer of step %s", unknown.Text, path, number)
		if k.answers[number] != nil { // another answer than expected: no mistake of the fixture
			return "", fmt.Errorf("%s:%d:%d: %s", file, line, column, message)
		}
	}
	return "", &fixture.Error{File: file, Line: line, Column: column, Message: message}
}

// expected is an expected answer with its variables put in; it compares equal, so
// nothing in it is unknown.
func (k *known) expected(want []byte) []byte {
	if !bytes.Contains(want, []byte("${")) {
		return want
	}
	text, unknown := fixture.Expand(string(want), k.value)
	if unknown != nil {
		return want
	}
	return []byte(text)
}
