package mock

import (
	"errors"
	"net/http"
	"regexp"
	"strings"

	"rator/replay/compare"
	"rator/replay/fixture"
)

// parse reads the recorded request. ${03:PATH} in it is what the recorded answer of
// step 03 says there, for that is what a client sends that got this answer. What
// was sent in parts is recorded so, with its header.
func (e *exchange) parse(header http.Header, body []byte) (*compare.Node, error) {
	file := e.scenario.File(e.step().Request)
	root, err := compare.Parse(body)
	if !isXML(file) {
		root, err = rootOf(header, body, int64(len(body)))
	}
	if err != nil {
		return nil, placed(file, err)
	}
	e.resolve(root)
	return root, nil
}

// placed gives a mistake its file.
func placed(file string, err error) error {
	var syntax *compare.SyntaxError
	if errors.As(err, &syntax) {
		return &fixture.Error{File: file, Line: syntax.Line, Column: syntax.Column, Message: syntax.Message}
	}
	return &fixture.Error{File: file, Message: err.Error()}
}

func (e *exchange) resolve(n *compare.Node) {
	if n.IsText() && holdsPlaceholder(n.Text) {
		n.Text = ofStep.ReplaceAllStringFunc(n.Text, func(placeholder string) string {
			if v, ok := e.answered(ofStep.FindStringSubmatch(placeholder)); ok {
				return v
			}
			return placeholder
		})
	}
	for _, child := range n.Nodes {
		e.resolve(child)
	}
}

// ofStep is a placeholder for what the answer of a step says.
var ofStep = regexp.MustCompile(`\$\{(\d+):([^}]+)\}`)

// answered is what the recorded answer of an earlier step says. What is not in it,
// such as what a deed said, stays open.
func (e *exchange) answered(placeholder []string) (string, bool) {
	number := strings.TrimLeft(placeholder[1], "0")
	for i := range e.scenario.Steps[:e.number] {
		step := &e.scenario.Steps[i]
		if strings.TrimLeft(step.Number, "0") != number || step.Response == "" {
			continue
		}
		x, err := e.scenario.Load(step)
		if err != nil {
			return "", false
		}
		v, err := compare.At(x.Response.Body, placeholder[2])
		return v, err == nil
	}
	return "", false
}
