package replay

import (
	"bytes"
	"strings"

	"rator/replay/compare"
	"rator/replay/fixture"
)

// request checks a request that is to be XML. Where ${…} are in it, what they stand for
// may make it so.
func (c *checker) request(step *fixture.Step, r *fixture.Request) {
	if bytes.Contains(r.Body, []byte("${")) {
		return
	}
	if _, _, err := operation(r.Body); err != nil {
		c.mistakes = append(c.mistakes, mistaken(c.scenario.File(step.Request), err))
	}
}

// expected checks an answer that is to be XML; one without anything in it is an empty one.
func (c *checker) expected(step *fixture.Step, body []byte) {
	if len(bytes.TrimSpace(body)) == 0 {
		return
	}
	for _, m := range compare.Mistakes(body) {
		c.mistakes = append(c.mistakes, mistaken(c.scenario.File(step.Response), m))
	}
}

// target checks a request's path and query.
func (c *checker) target(step *fixture.Step, target string) {
	if strings.Contains(target, "${") {
		return
	}
	if _, err := parsePath(target); err != nil {
		c.mistakes = append(c.mistakes, &fixture.Error{File: c.scenario.File(step.HTTP), Message: err.Error()})
	}
}
