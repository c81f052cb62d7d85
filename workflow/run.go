package workflow

import (
	"encoding/json"
	"slices"
	"time"

	"rator/access"
	"rator/card"
	"rator/unit"
	"rator/workflow/component"
	"rator/workflow/script"
	"rator/workflow/value"
)

// Run runs a hookpoint in a unit of another face: the internal ones in which the order of
// steps of a customer's life stands, and which SOAP_ hookpoints call by api. Its contract
// counts both ways, and it has a budget of its own. What ran, what was touched and what was
// noted is told with the unit, whose runs all are of the set of the first.
//
// The error is a *script.Error that wraps what the step failed with, or
// failure.UnknownHookpoint or InvalidRequest. What the run did is undone with the unit only,
// so the unit must fail.
func (e *Engine) Run(u *unit.Unit, hookpoint string, in value.Tree) (value.Tree, error) {
	r, first := unit.Own[runs](u)
	if first {
		r.begin(e, u)
	}
	x := r.execution(in)
	began := x.runtime.Clock()
	x.runtime.Trace = append(x.runtime.Trace, script.Step{Name: hookpoint, Kind: script.KindAPI, Started: began.Sub(r.began)})
	out, err := x.API(hookpoint, in)
	x.took = x.runtime.Clock().Sub(began)
	if err == nil {
		err = x.call.Finish()
	}
	r.ended(x, err)
	return out, err
}

// runs are the runs that another face has had in one unit.
type runs struct {
	engine *Engine
	unit   *unit.Unit
	set    *Set
	began  time.Time

	calls    []*component.Call // that have something to be told after the unit
	trace    []script.Step     // as many as the audit row keeps
	ran      []string          // keys of hookpoints, sorted
	inScript time.Duration
	warnings int
	dropped  []string
}

func (r *runs) begin(e *Engine, u *unit.Unit) {
	r.engine, r.unit, r.set, r.began = e, u, e.Registry.Current(), e.Gate.Now()
	u.Hold(r.held)
	u.Tells(r.tell)
	u.Trace(func() json.RawMessage { return auditedTrace(r.trace) })
}

// execution is one for values that the face looked through for card numbers itself: what
// it let through is let through.
func (r *runs) execution(in value.Tree) *execution {
	u := r.unit
	x := &execution{set: r.set, cards: r.engine.cards(), call: &component.Call{
		Ctx: u.Context(), Tx: u.Tx, Brand: u.Brand, Operator: u.Operator.Name, Guard: r.engine.Gate.Guard, Fonts: r.engine.Fonts, Unprinted: r.engine.Unprinted,
		NewPasswordLimit: func(login string) error {
			return r.engine.newPasswords.take(login, r.source(), r.engine.Gate.Now())
		},
	}}
	x.cards.Known = appendCards(nil, in)
	x.runtime = script.Runtime{
		Host: x, Language: "EN", Operator: u.Operator.Name, Brand: u.Brand.Key,
		Now: u.Tx.Now(), Zone: u.Brand.Zone(), Clock: r.engine.Gate.Now, Ctx: u.Context(),
	}
	return x
}

// appendCards appends the texts that look like card numbers.
func appendCards(to []string, in value.Tree) []string {
	for i := range in {
		if card.Holds(in[i].Text) {
			to = append(to, in[i].Text)
		}
		to = appendCards(to, in[i].Items)
	}
	return to
}

// ended takes over what is told of a run.
func (r *runs) ended(x *execution, err error) {
	trace := x.runtime.Trace
	trace[0].Duration = x.took
	if err != nil {
		trace[0].Outcome = access.Outcome(err)
	}
	for i := range trace[1:] {
		trace[1+i].Depth++
	}
	r.trace = append(r.trace, trace[:min(len(trace), maxAuditedSteps-len(r.trace))]...)
	for _, key := range x.ran {
		if at, found := slices.BinarySearch(r.ran, key); !found {
			r.ran = slices.Insert(r.ran, at, key)
		}
	}
	r.inScript += x.inScript()
	r.warnings += x.warnings
	r.dropped = append(r.dropped, x.dropped...)
	if c := x.call; c.Delay > 0 || len(c.LoginTries) > 0 || c.Erased {
		r.calls = append(r.calls, c)
	}
	r.unit.Touch(x.call.Touched...)
	r.unit.Note(x.notes...)
}

// tell completes what is told of the unit.
func (r *runs) tell(t *unit.Told) {
	t.Script, t.Ran, t.Warnings, t.Dropped = r.inScript, r.ran, r.warnings, r.dropped
}

// source is where the unit was asked from, for what is counted of users.
func (r *runs) source() string { return access.Source(r.unit.Operator.Name, r.unit.Ask.Remote) }

// held counts the users' passwords that were tried, tells of who was erased, and says how
// long the answer waits.
func (r *runs) held() (delay time.Duration) {
	for _, c := range r.calls {
		delay = max(delay, c.Delay)
		for _, t := range c.LoginTries {
			delay = max(delay, r.engine.Logins.Tried(t.Login, r.source(), t.Right))
		}
		if c.Erased && !r.unit.Ask.DryRun && r.engine.Erased != nil {
			r.engine.Erased()
		}
	}
	return delay
}

// Fields are the fields of a business object as a request says them, by their keys, for
// values that Run is given: those that say something.
func Fields(of any) value.Tree { return component.Fields(of) }
