package replay

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
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

	answers  []*Answer       // for --update, which writes when the scenario is over
	needs    map[string]bool // steps that others need, which were not played
	session  Session
	rules    rules
	known    known // what ${…} and recorded values stand for
	contract *contract.Contract
}

// mostAnswerBytes is how much of an answer is read.
const mostAnswerBytes = 64 << 20

func (p *playing) play(ctx context.Context) *Result {
	r := &Result{Scenario: p.scenario, Started: time.Now()}
	r.Err = p.steps(ctx, r)
	if ctx.Err() != nil && r.Err != nil {
		r.Err = ErrInterrupted
	}
	p.rest(r)
	if r.Err == nil {
		r.Err = p.update()
	}
	if r.Err != nil {
		r.Variables = maps.Clone(p.known.variables)
	}
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
		err := p.step(ctx, step, &x)
		if x.Outcome != Equal {
			x.Variables = maps.Clone(p.known.variables)
		}
		p.tell(r, &x)
		if err != nil {
			return err
		}
	}
	return nil
}

// step plays an exchange. The error ends the scenario: what is wrong with an answer does
// not, as what needs something of it is not sent.
func (p *playing) step(ctx context.Context, step *fixture.Step, x *Exchange) error {
	recorded, err := p.kept.load(p.scenario, step)
	if err != nil {
		x.Outcome, x.Err = Failed, err
		return err
	}
	err = p.exchange(ctx, step, recorded, x)
	var needs *notPlayed
	var answer *answerError
	switch {
	case err != nil && ctx.Err() != nil:
		x.Outcome, x.Why = NotPlayed, "interrupted before its answer came"
		return err
	case errors.As(err, &needs):
		x.Outcome, x.Why, x.Cause = NotPlayed, needs.why, needs.steps[len(needs.steps)-1]
		p.needed(needs)
	case errors.As(err, &answer):
		x.Outcome, x.Err = Failed, err
	case err != nil:
		x.Outcome, x.Err = Failed, err
		return err
	}
	p.passed(step, recorded, x, needs)
	return nil
}

// answerError is what is wrong with an answer that cannot be judged.
type answerError struct{ error }

func (e *answerError) Unwrap() error { return e.error }

func answerErrorf(format string, args ...any) error {
	return &answerError{fmt.Errorf(format, args...)}
}

// tell adds an exchange that is done to the result.
func (p *playing) tell(r *Result, x *Exchange) {
	r.Exchanges = append(r.Exchanges, *x)
	done, bad := p.total.next(x.Outcome)
	if p.Progress != nil {
		p.Progress(done, bad)
	}
}

// rest tells the exchanges that were not come to.
func (p *playing) rest(r *Result) {
	why := "the scenario ended before"
	var gone *unreachableError
	var needs *notPlayed
	switch {
	case errors.Is(r.Err, ErrInterrupted):
		why = "interrupted"
	case errors.As(r.Err, &gone):
		why = "the endpoint does not answer"
	case errors.As(r.Err, &needs):
		why = needs.why
	}
	at := len(r.Exchanges)
	for i := range p.scenario.Steps {
		switch step := &p.scenario.Steps[i]; {
		case step.Do != "":
		case at > 0:
			at--
		default:
			p.tell(r, &Exchange{Step: *step, Outcome: NotPlayed, Why: why})
		}
	}
}

func (p *playing) prepare() error {
	p.known = newKnown(p)
	var mistakes []error
	p.rules, mistakes = readRules(p.scenario)
	return errors.Join(mistakes...)
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
func (p *playing) exchange(ctx context.Context, step *fixture.Step, recorded *loaded, x *Exchange) error {
	if len(p.known.origins.ends) > 0 {
		if err := p.expects(step, recorded.Exchange); err != nil {
			return err
		}
	}
	a, err := p.ask(ctx, step, recorded, x)
	if err != nil {
		return err
	}
	took := a.Came.Sub(a.Begun)
	x.Latency = Latency{Count: 1, Sum: took, Min: took, Max: took}
	p.total.took(x.Operation, took)
	if p.Observe != nil {
		p.Observe(x.Operation, a.Sent, a.Body)
	}
	if err := p.learn(a, x); err != nil {
		return err
	}
	if x.Outcome != Equal {
		x.Sent, x.Want, x.Got = a.Sent, recorded.Response.Body, a.Body
		if p.Answered != nil {
			p.answers = append(p.answers, a)
		}
	}
	return nil
}

// ask sends the request of a step and reads the answer. The error says why it was not
// sent, or why there is no answer that can be read.
func (p *playing) ask(ctx context.Context, step *fixture.Step, recorded *loaded, x *Exchange) (*Answer, error) {
	request, err := p.request(ctx, step, recorded.Exchange, x)
	if err != nil {
		return nil, err
	}
	name, ours, err := recorded.named(request.body)
	if err != nil && recorded.Request.Text {
		return nil, p.mistaken(step.Request, err)
	}
	x.Operation, p.contract = name, nil
	if ours {
		p.contract = p.session.Contract(name)
	}
	a := &Answer{Scenario: p.scenario, Step: step, Recorded: recorded.Exchange, Operation: name, Sent: request.body, Begun: time.Now(), ids: &p.known.ids}
	response, err := p.session.Do(request.http)
	if err != nil {
		return nil, err
	}
	got, err := io.ReadAll(io.LimitReader(response.Body, mostAnswerBytes+1))
	a.Came = time.Now()
	response.Body.Close()
	if err != nil {
		return nil, answerErrorf("the answer broke off after %d bytes: %w", len(got), err)
	}
	if len(got) > mostAnswerBytes {
		return nil, answerErrorf("the answer has more than %d MiB", mostAnswerBytes>>20)
	}
	if a.Body, err = plain(response, got, step, &recorded.Response); err != nil {
		return nil, answerErrorf("cannot read the answer: %w", err)
	}
	if err := ctx.Err(); err != nil { // a server in this process answers that it was interrupted
		return nil, err
	}
	a.Status, a.Header = response.StatusCode, response.Header
	x.Status = response.StatusCode
	return a, nil
}

// learn says what differs in an answer, and keeps what later requests take of it.
func (p *playing) learn(a *Answer, x *Exchange) error {
	if err := p.compare(a, x); err != nil {
		return err
	}
	p.known.answered(a.Step, a.Operation, a.Body, p.contract)
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
		if bytes.Equal(want.Body, a.Body) {
			p.known.ids.Same(string(want.Body), string(a.Body))
		}
	default:
		found, err := compare.Answers(want.Body, a.Body, &compare.Options{
			Contract: p.contract, Ignore: p.rules.ignore, IDs: &p.known.ids,
			Variables: p.known.value, Captured: func(name, value string) { p.known.capture(a.Step.Number, name, value) },
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
		v, err := Captured(a.Body, &c)
		if err != nil && c.Step != "" && x.Outcome == Equal {
			return &fixture.Error{File: p.scenario.File(cmp.Or(a.Step.Response, a.Step.Request)), Message: fmt.Sprintf("cannot capture %s: %v", c.Name, err)}
		}
		if err == nil {
			p.known.capture(a.Step.Number, c.Name, v)
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
	return answerErrorf("cannot read the answer: %w", err)
}

// mistaken is a file of the scenario that is no XML.
func (p *playing) mistaken(file string, err error) error {
	return mistaken(p.scenario.File(file), err)
}

// mistaken is a file that is no XML, or has a placeholder that cannot be read.
func mistaken(file string, err error) *fixture.Error {
	mistake := &fixture.Error{File: file, Message: err.Error()}
	var syntax *compare.SyntaxError
	if errors.As(err, &syntax) {
		mistake.Line, mistake.Column, mistake.Message = syntax.Line, syntax.Column, syntax.Message
	}
	if syntax == nil || !syntax.Placeholder {
		mistake.Message += "; what is to be sent or compared as bytes has another ending than .xml"
	}
	return mistake
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
