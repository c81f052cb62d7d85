package workflow

import (
	"errors"
	"log/slog"
	"slices"

	"rator/access"
	"rator/card"
	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/unit"
	"rator/workflow/component"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// Keys that every answer has, and the one every request has.
const (
	statusKey    = "STATUS"
	requestIDKey = "REQUEST_ID"
	traceKey     = "TRACE"
	contextKey   = contract.ContextKey
)

// invocation is one call on its way: what the gate is told of it, and what it does when
// the gate lets it in (architecture.md 3).
type invocation struct {
	engine    *Engine
	request   Request
	set       *Set
	hookpoint *Hookpoint // nil = there is none that callers may use

	language  string
	requestID string // as it may be kept
	clearID   string // as it came
	repeats   bool   // the caller named the request, so it may come again
	traced    bool

	operator *access.Operator
	brand    *component.Brand
	values   value.Tree
	report   contract.Report
	cards    contract.Screened
	screened bool // no value of the request holds a card number that may not be told
	question *question

	// What the last run of the script left; a transaction may run it twice.
	call *component.Call
	run  *execution
	out  value.Tree
	// asked is what the limit said of the logins that a new password was asked for.
	asked map[string]error

	kept *Result    // the answer of before
	told *unit.Told // how the call ended
}

// begin takes up a request. The error is what is wrong with it whoever sent it.
func (e *Engine) begin(r Request) (*invocation, error) {
	c := &invocation{engine: e, request: r, set: e.Registry.Current()}
	if c.hookpoint = c.set.Find(r.Hookpoint); c.hookpoint != nil && c.hookpoint.Contract.Internal {
		c.hookpoint = nil
	}
	return c, c.identify()
}

// ask is the call as the gate takes it.
func (c *invocation) ask() *unit.Ask {
	r, about := &c.request, c.request.Values.Items(contextKey)
	a := &unit.Ask{
		Face: r.Origin.Face, Remote: r.Origin.Remote, System: r.System, Named: card.Mask(r.Hookpoint), Right: r.Hookpoint,
		Brand: unit.BrandName{Key: about.Text("BRAND_KEY"), ID: about.Text("BRAND_ID")}, DryRun: r.DryRun,
		Recognised: c.recognised, Prepare: c.prepare, Again: c.again, Tell: c.tell, Keep: c.keep,
	}
	if r.Credentials != nil {
		a.Credentials = *r.Credentials
	} else if !r.System {
		a.Credentials = credentialsOf(r.Values.Get(contextKey))
	}
	if c.repeats {
		a.RequestID, a.ClearID = c.requestID, c.clearID
	}
	if h := c.hookpoint; h != nil {
		a.Operation, a.Reads = h.Contract.Hookpoint, h.Contract.Reads
		if !a.Reads {
			a.Ready = c.hash
		}
	}
	return a
}

// recognised asks what only calls of hookpoints are asked of who sends them.
func (c *invocation) recognised(o *access.Operator) error {
	c.operator = o
	if err := c.actsFor(c.request.Values.Items(contextKey).Text("OPERATOR")); err != nil {
		return err
	}
	if err := c.secure(); err != nil {
		return err
	}
	if c.hookpoint == nil {
		return failure.UnknownHookpoint.With("%.128q%s", c.request.Hookpoint, c.set.near(c.request.Hookpoint))
	}
	return nil
}

// actsFor has the Guard look at a call whose certificate and CONTEXT name different
// operators.
func (c *invocation) actsFor(named string) error {
	if c.request.Credentials == nil || !c.request.Credentials.Certificate {
		return nil
	}
	unusual, err := c.engine.Gate.Guard.ActsFor(c.operator, named)
	if unusual {
		c.engine.Gate.Log.Warn("the client certificate is another operator's than CONTEXT/OPERATOR; say for whom it may act with rator operator act-for",
			"certificate", c.operator.Name, "context", named, "refused", err != nil)
	}
	return err
}

// secure holds the WS-Security header against the clock and the tokens of before. A
// call that is done once however often it is asked may come again with its token:
// the client's stack sends it again when the answer was lost.
func (c *invocation) secure() error {
	if c.request.Security == nil {
		return nil
	}
	asked := ""
	if c.repeats && c.hookpoint != nil && !c.hookpoint.Contract.Reads {
		about := c.request.Values.Items(contextKey)
		asked = store.Compose(c.requestID, about.Text("BRAND_KEY"), about.Text("BRAND_ID"), c.asks().Fingerprint())
	}
	err := c.engine.Gate.Guard.CheckSecurity(c.operator, *c.request.Security, asked)
	if err == nil || failure.CodeOf(err) == failure.TryAgain {
		return err
	}
	return &SecurityError{Cause: err}
}

// prepare holds the request against its contract (step 2).
func (c *invocation) prepare(brand *component.Brand) (unit.Question, error) {
	c.brand = brand
	err := c.check()
	if !c.repeats || c.hookpoint.Contract.Reads {
		return nil, err
	}
	return c.asks(), err
}

func (c *invocation) check() error {
	c.values, c.report = contract.Check(c.hookpoint.Contract.Request, c.request.Values, contract.Options{Request: true, Zone: c.brand.Zone()})
	for i, path := range c.report.Unread { // of keys that are not declared, too
		c.report.Unread[i] = card.Mask(path)
	}
	if len(c.report.Violations) > 0 {
		return failure.InvalidRequest.With("%s", violations(c.report.Violations))
	}
	c.values, c.cards = c.engine.cards().Screen(c.hookpoint.Contract.Request, c.values)
	if len(c.cards.Violations) > 0 {
		return customer.CardNumberRefused.With("%s", paths(c.cards.Violations))
	}
	c.screened = true
	return nil
}

func (c *invocation) asks() *question {
	if c.question == nil {
		c.question = &question{hookpoint: c.request.Hookpoint, rules: c.hookpoint.Contract.Request, values: c.request.Values, conceal: c.engine.cards().Conceal}
	}
	return c.question
}

// hash makes hashes of the passwords that the request holds.
func (c *invocation) hash() (err error) {
	c.values, err = hashPasswords(c.hookpoint.Contract.Request, c.values, false)
	return err
}

// execute runs the script in a unit of work. It starts from nothing each time, because
// a transaction may run more than once.
func (c *invocation) execute(u *unit.Unit) error {
	c.call = &component.Call{
		Ctx: u.Context(), Tx: u.Tx, Brand: u.Brand, Operator: u.Operator.Name, Guard: c.engine.Gate.Guard,
		NewPasswordLimit: c.mayAskForPassword, Clear: c.cards.Clear, Fonts: c.engine.Fonts, Unprinted: c.engine.Unprinted, Persons: c.engine.Persons,
	}
	c.run = newExecution(c)
	u.Hold(c.held)
	u.Trace(c.run.audited)
	u.Mentions(c.mentions)
	out, err := c.run.start(c.hookpoint, c.values)
	if err == nil {
		err = c.call.Finish()
	}
	if err != nil {
		out = nil
	}
	c.out = out
	u.Touch(c.call.Touched...)
	u.Note(c.run.notes...)
	return err
}

// mostNamed is how many ids of a request and its answer are looked up.
const mostNamed = 200

// mentions are the ids that the answer and the request name.
func (c *invocation) mentions() []store.ID { return appendIDs(appendIDs(nil, c.out), c.values) }

// appendIDs appends the ids that are values, each once, up to mostNamed.
func appendIDs(to []store.ID, values value.Tree) []store.ID {
	for i := range values {
		if len(to) >= mostNamed {
			return to
		}
		if id, err := store.ParseID(values[i].Text); err == nil && id != 0 && !slices.Contains(to, id) {
			to = append(to, id)
		}
		to = appendIDs(to, values[i].Items)
	}
	return to
}

// tell completes what the gate tells of the call.
func (c *invocation) tell(t *unit.Told, err error) {
	t.RequestID = c.requestID
	switch {
	case errors.Is(err, unit.ErrOutcomeUnknown):
	case err != nil:
		code := failureOf(err).Code
		t.Outcome, t.Code = code.Name, code.Number
	case c.kept != nil:
		t.Code = c.kept.ErrorCode
	}
	t.Warnings, t.Unknown = c.report.Warnings, c.report.Unknown
	if c.run != nil {
		t.Script, t.Ran, t.Dropped = c.run.inScript(), c.run.ran, c.run.dropped
		t.Warnings += c.run.warnings
	}
	if c.report.Warnings > 0 {
		t.Attrs = []slog.Attr{slog.Int("unread", c.report.Warnings), slog.Any("unread_paths", c.report.Unread)}
	}
	c.told = t
}
