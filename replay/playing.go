package replay

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"rator/replay/compare"
	"rator/replay/fixture"
	"rator/soap"
	"rator/workflow/contract"
)

// playing is one scenario while it is played.
type playing struct {
	*Player
	scenario   *fixture.Scenario
	repetition int
	total      *totals
	kept       *kept

	session  Session
	rules    rules
	known    known // what ${…} and recorded values stand for
	contract *contract.Contract
}

// rules are the scenario's settings, read.
type rules struct {
	ignore  []*compare.Pattern
	capture map[string][]fixture.Capture // by step; "" = every step
	expect  []expectation
	path    string
}

// mostAnswerBytes is how much of an answer is read.
const mostAnswerBytes = 64 << 20

func (p *playing) play(ctx context.Context) *Result {
	r := &Result{Scenario: p.scenario, Started: time.Now()}
	r.Err = p.steps(ctx, r)
	r.Took = time.Since(r.Started)
	return r
}

func (p *playing) steps(ctx context.Context, r *Result) (err error) {
	if err := p.prepare(); err != nil {
		return err
	}
	if p.session, err = p.Target.Begin(ctx, p.scenario); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.session.Close()) }()
	for i := range p.scenario.Steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		step := &p.scenario.Steps[i]
		if step.Do != "" {
			if err := p.deeds(ctx, step); err != nil {
				return err
			}
			continue
		}
		x := Exchange{Step: *step, Started: time.Since(r.Started), Outcome: Equal}
		err := p.exchange(ctx, step, &x)
		if err != nil {
			x.Outcome, x.Err = Failed, err
		}
		r.Exchanges = append(r.Exchanges, x)
		if p.Progress != nil {
			p.Progress(p.total.next(x.Outcome))
		}
		// Without its answer, what follows would be sent with wrong ids.
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *playing) prepare() error {
	p.known = newKnown(p)
	p.rules = rules{path: p.scenario.Config.Path, capture: map[string][]fixture.Capture{}}
	for _, text := range p.scenario.Config.Ignore {
		pattern, err := compare.ParsePattern(text)
		if err != nil {
			return &fixture.Error{File: p.scenario.File(fixture.ConfigFile), Message: "ignore: " + err.Error()}
		}
		p.rules.ignore = append(p.rules.ignore, pattern)
	}
	var err error
	if p.rules.expect, err = expectations(p.scenario); err != nil {
		return err
	}
	for _, c := range p.scenario.Config.Capture {
		p.rules.capture[c.Step] = append(p.rules.capture[c.Step], c)
	}
	return nil
}

func (p *playing) deeds(ctx context.Context, step *fixture.Step) error {
	lines, err := p.scenario.Deeds(step)
	if err != nil {
		return err
	}
	for _, line := range lines {
		line, err := p.known.expand(p.scenario.File(step.Do), line)
		if err != nil {
			return err
		}
		answer, err := p.session.Deed(ctx, line)
		if err != nil {
			return &fixture.Error{File: p.scenario.File(step.Do), Message: err.Error()}
		}
		if answer != nil {
			p.known.said(answer)
		}
	}
	return nil
}

// exchange plays one. The error says why it could not be played.
func (p *playing) exchange(ctx context.Context, step *fixture.Step, x *Exchange) error {
	recorded, err := p.kept.load(p.scenario, step)
	if err != nil {
		return err
	}
	request, err := p.request(ctx, step, recorded.Exchange, x)
	if err != nil {
		return err
	}
	name, ours, err := recorded.named(request.body)
	if err != nil && recorded.Request.Text {
		return p.mistaken(step.Request, err)
	}
	x.Operation, p.contract = name, nil
	if ours {
		p.contract = p.session.Contract(name)
	}
	begun := time.Now()
	response, err := p.session.Do(request.http)
	if err != nil {
		return err
	}
	got, err := io.ReadAll(io.LimitReader(response.Body, mostAnswerBytes+1))
	took := time.Since(begun)
	response.Body.Close()
	if err != nil {
		return fmt.Errorf("the answer broke off after %d bytes: %w", len(got), err)
	}
	if len(got) > mostAnswerBytes {
		return fmt.Errorf("the answer has more than %d MiB", mostAnswerBytes>>20)
	}
	if got, err = plain(response, got, recorded.Response.Text); err != nil {
		return fmt.Errorf("cannot read the answer: %w", err)
	}
	x.Latency = Latency{Count: 1, Sum: took, Min: took, Max: took}
	x.Status = response.StatusCode
	p.total.took(x.Operation, took)
	if p.Observe != nil {
		p.Observe(x.Operation, request.body, got)
	}
	a := &Answer{Scenario: p.scenario, Step: step, Recorded: recorded.Exchange, Operation: x.Operation, Status: response.StatusCode, Header: response.Header, Body: got, ids: &p.known.ids}
	if err := p.compare(a, x); err != nil {
		return err
	}
	p.known.answered(step, x.Operation, got, p.contract)
	if x.Outcome != Equal {
		x.Sent, x.Want, x.Got = request.body, recorded.Response.Body, got
		if p.Answered != nil {
			return p.Answered(a)
		}
	}
	return nil
}

// compare says what differs, and takes what is to be captured.
func (p *playing) compare(a *Answer, x *Exchange) error {
	want := &a.Recorded.Response
	x.Differences = p.head(a)
	switch {
	case a.Step.Response == "" && p.Answered == nil && p.scenario.Config.Expects(a.Step.Number):
	case a.Step.Response == "":
		x.Differences = []compare.Difference{{Kind: compare.Extra, Got: "an answer, of which none is recorded"}}
	case !want.Text:
		x.Differences = append(x.Differences, compare.Bytes(want.Body, a.Body)...)
	default:
		found, err := compare.Answers(want.Body, a.Body, &compare.Options{
			Contract: p.contract, Ignore: p.rules.ignore, IDs: &p.known.ids,
			Variables: p.known.value, Captured: p.known.capture,
		})
		if err != nil {
			return p.unreadable(a, err)
		}
		x.Differences = append(x.Differences, found...)
		if len(x.Differences) == 0 && p.scenario.Config.Compare == fixture.CompareExact {
			x.Differences = compare.Bytes(p.known.expected(want.Body), p.known.ids.Recorded(a.Body))
		}
	}
	unmet, err := p.expect(a)
	if err != nil {
		return err
	}
	if x.Differences = append(x.Differences, unmet...); len(x.Differences) > 0 {
		x.Outcome = Different
	}
	for _, c := range slices.Concat(p.rules.capture[""], p.rules.capture[a.Step.Number]) {
		v, err := captured(a.Body, &c)
		if err != nil && c.Step != "" {
			return &fixture.Error{File: p.scenario.File(cmp.Or(a.Step.Response, a.Step.Request)), Message: fmt.Sprintf("cannot capture %s: %v", c.Name, err)}
		}
		if err == nil {
			p.known.capture(c.Name, v)
		}
	}
	return nil
}

// unreadable tells a fixture that is no XML from an answer that is none.
func (p *playing) unreadable(a *Answer, err error) error {
	var syntax *compare.SyntaxError
	if errors.As(err, &syntax) && syntax.Expected {
		return p.mistaken(a.Step.Response, err)
	}
	return fmt.Errorf("cannot read the answer: %w", err)
}

// mistaken is a file of the scenario that is no XML.
func (p *playing) mistaken(file string, err error) error {
	mistake := &fixture.Error{File: p.scenario.File(file), Message: err.Error()}
	var syntax *compare.SyntaxError
	if errors.As(err, &syntax) {
		mistake.Line, mistake.Column, mistake.Message = syntax.Line, syntax.Column, syntax.Message
	}
	if syntax != nil && syntax.Placeholder {
		return mistake
	}
	mistake.Message += "; what is to be sent or compared as bytes has another ending than .xml"
	return mistake
}

// ignored stands for a header's value that may be any: recordings and --update have
// it for secrets.
const ignored = "${xmlunit.ignore}"

// head compares status and headers: those that the .http file gives, else the
// status that an answer has of itself.
func (p *playing) head(a *Answer) []compare.Difference {
	var found []compare.Difference
	want := &a.Recorded.Response
	status := want.Status
	if status == 0 {
		status = statusOf(want.Body)
	}
	if a.Status != status && a.Step.Response != "" {
		found = append(found, compare.Difference{Path: "status", Kind: compare.Status, Want: fmt.Sprint(status), Got: fmt.Sprint(a.Status)})
	}
	for name, values := range want.Header {
		for i, v := range values {
			var got string
			if all := a.Header.Values(name); i < len(all) {
				got = all[i]
			}
			if got != v && v != ignored {
				found = append(found, compare.Difference{Path: name, Kind: compare.Header, Want: v, Got: got})
			}
		}
	}
	return found
}

// statusOf is the status of an answer that no .http file gives one: SOAP sends
// faults as 500 (SOAP 1.1 6.2).
func statusOf(body []byte) int {
	if i := bytes.Index(body, []byte("Body")); i >= 0 {
		rest := body[i:]
		if end := bytes.IndexByte(rest, '>'); end >= 0 {
			rest = bytes.TrimSpace(rest[end+1:])
			name, _, _ := strings.Cut(string(rest[:min(len(rest), 64)]), ">")
			name, _, _ = strings.Cut(strings.TrimPrefix(name, "<"), " ")
			if _, local, ok := strings.Cut(name, ":"); ok {
				name = local
			}
			if name == "Fault" {
				return http.StatusInternalServerError
			}
		}
	}
	return http.StatusOK
}

// operation names what a request asks for, and says whether it is a hookpoint; the
// error says why it is no XML.
func operation(body []byte) (name string, ours bool, err error) {
	limits := soap.DefaultAnswerLimits()
	if m, err := soap.Decode(string(body), soap.Media{}, &limits); err == nil && m.Hookpoint != "" {
		return m.Hookpoint, true, nil
	}
	root, err := compare.Parse(body)
	if err != nil {
		return "", false, err
	}
	return root.Operation().Name.Local, false, nil
}
