package workflow

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"rator/access"
	"rator/card"
	"rator/customer"
	"rator/failure"
	"rator/store"
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

// invocation is one call on its way (architecture.md 3).
type invocation struct {
	engine  *Engine
	request Request
	started time.Time
	set     *Set

	language  string
	requestID string // as it may be kept
	clearID   string // as it came
	repeats   bool   // the caller named the request, so it may come again
	traced    bool

	operator  *access.Operator
	brand     *component.Brand
	hookpoint *Hookpoint
	values    value.Tree
	report    contract.Report
	cards     contract.Screened
	screened  bool // no value of the request holds a card number that may not be told

	// What the last run of the script left; a transaction may run it twice.
	call *component.Call
	run  *execution
	// asked is what the limit said of the logins that a new password was asked for.
	asked map[string]error

	outcome string
	audited bool
}

// answer runs the call and turns every failure that has an answer into one.
func (c *invocation) answer(ctx context.Context) (Result, error) {
	err := c.identify()
	if err == nil {
		err = c.authorise(ctx)
	}
	if err == nil {
		if err = c.check(); err != nil && c.repeats {
			// A version that took what this one refuses may have answered it.
			if kept, _ := c.kept(ctx); kept != nil {
				return c.replayed(kept, nil), nil
			}
		}
	}
	if err != nil {
		return c.refused(err)
	}
	if c.hookpoint.Contract.Reads {
		return c.read(ctx)
	}
	return c.write(ctx)
}

// authorise finds out who is asking and whether they may (architecture.md 3, step 1).
func (c *invocation) authorise(ctx context.Context) error {
	e, about := c.engine, c.request.Values.Items(contextKey)
	operator, err := c.whoAsks(ctx)
	if err != nil {
		return err
	}
	c.operator = operator
	if err := c.actsFor(about.Text("OPERATOR")); err != nil {
		return err
	}
	if c.hookpoint = c.set.Find(c.request.Hookpoint); c.hookpoint != nil && c.hookpoint.Contract.Internal {
		c.hookpoint = nil
	}
	if err := c.secure(); err != nil {
		return err
	}
	if c.hookpoint == nil {
		return failure.UnknownHookpoint.With("%.128q%s", c.request.Hookpoint, c.set.near(c.request.Hookpoint))
	}
	if !operator.May(c.request.Hookpoint) {
		return failure.NotAllowed.With("%s has no right to %s", operator.Name, c.request.Hookpoint)
	}
	return e.Store.View(ctx, func(tx store.Tx) (err error) {
		c.brand, err = component.BrandOf(tx, operator, about.Text("BRAND_KEY"), about.Text("BRAND_ID"))
		return err
	})
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
		asked = store.Compose(c.requestID, about.Text("BRAND_KEY"), about.Text("BRAND_ID"),
			c.question().fingerprint())
	}
	if err := c.engine.Guard.CheckSecurity(c.operator, *c.request.Security, asked); err != nil {
		return &SecurityError{Cause: err}
	}
	return nil
}

// refused is the answer to a call that was not run, or the error that Invoke
// returns for it.
func (c *invocation) refused(err error) (Result, error) {
	result := c.failed(err)
	var insecure *SecurityError
	if errors.As(err, &insecure) {
		return Result{}, insecure
	}
	return result, nil
}

// whoAsks recognises the operator; the system itself needs no password.
func (c *invocation) whoAsks(ctx context.Context) (*access.Operator, error) {
	if c.request.System {
		return access.System(), nil
	}
	credentials := credentialsOf(c.request.Values.Get(contextKey))
	if c.request.Credentials != nil {
		credentials = *c.request.Credentials
	}
	return c.engine.Guard.Authenticate(ctx, c.engine.Store, credentials, c.request.Origin.Remote)
}

// actsFor has the Guard look at a call whose certificate and CONTEXT name different
// operators.
func (c *invocation) actsFor(named string) error {
	if c.request.Credentials == nil || !c.request.Credentials.Certificate {
		return nil
	}
	unusual, err := c.engine.Guard.ActsFor(c.operator, named)
	if unusual {
		c.engine.Log.Warn("the client certificate is another operator's than CONTEXT/OPERATOR; say for whom it may act with rator operator act-for",
			"certificate", c.operator.Name, "context", named, "refused", err != nil)
	}
	return err
}

// check holds the request against its contract (step 2).
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

// read runs a call that changes nothing; its audit row is written behind.
func (c *invocation) read(ctx context.Context) (Result, error) {
	var out value.Tree
	err := c.engine.Store.View(ctx, func(tx store.Tx) (err error) {
		out, err = c.execute(ctx, tx)
		return err
	})
	if err != nil {
		return c.failed(err), nil
	}
	return c.succeeded(out), nil
}

// write runs a call that changes things. What it did, its audit row and the
// reply kept for its request id are one transaction; a business failure undoes
// what it did and commits the other two (steps 3 and 4).
func (c *invocation) write(ctx context.Context) (Result, error) {
	e := c.engine
	var print string
	if c.repeats {
		print = c.question().fingerprint()
		leave, err := e.running.enter(ctx, c.keptUnder(c.requestID))
		if err != nil {
			return c.failed(err), nil
		}
		defer leave()
		if kept, err := c.kept(ctx); kept != nil || err != nil {
			return c.replayed(kept, err), nil
		}
	}
	values, err := hashPasswords(c.hookpoint.Contract.Request, c.values, false)
	if err != nil {
		return c.failed(err), nil
	}
	c.values = values

	var result Result
	err = e.Store.Update(ctx, func(tx store.Tx) error {
		var out value.Tree
		err := tx.Savepoint(func() (err error) {
			out, err = c.execute(ctx, tx)
			return err
		})
		if err != nil && !business(err) {
			return err
		}
		if result = c.succeeded(out); err != nil {
			result = c.failed(err)
		}
		if err := access.Record(tx, c.auditRow()); err != nil {
			return err
		}
		if !c.repeats {
			return nil
		}
		about, err := c.accounts(tx, result.Values)
		if err != nil {
			return err
		}
		return keep(tx, c.keptUnder(c.requestID), print, about, result)
	})
	switch {
	case err == nil:
		c.audited = true
		if c.call.Erased && e.Erased != nil {
			e.Erased()
		}
		return result, nil
	case errors.Is(err, store.ErrOutcomeUnknown):
		c.outcome = "OUTCOME_UNKNOWN"
		e.Log.Error("outcome unknown", "hookpoint", c.request.Hookpoint, "request_id", c.requestID, "cause", err)
		return Result{}, ErrOutcomeUnknown
	case c.repeats && failure.CodeOf(err) == failure.RequestIDReused:
		// Another replica kept an answer between our look and our commit.
		return c.replayed(c.kept(ctx)), nil
	}
	return c.failed(err), nil
}

// kept is the answer that was kept for the call, also by a version that kept request
// ids as they came.
func (c *invocation) kept(ctx context.Context) (kept *Result, err error) {
	q := c.question()
	err = c.engine.Store.View(ctx, func(tx store.Tx) (err error) {
		kept, err = keptFor(tx, c.keptUnder(c.requestID), q)
		if kept == nil && err == nil && c.clearID != c.requestID {
			kept, err = keptFor(tx, c.keptUnder(c.clearID), q)
		}
		return err
	})
	return kept, err
}

// keptUnder is the key of the answer that is kept for a request id.
func (c *invocation) keptUnder(id string) string {
	return store.Compose(c.operator.Name, c.brand.Key, id)
}

func (c *invocation) question() question {
	return question{c.request.Hookpoint, c.hookpoint.Contract.Request, c.request.Values, c.engine.cards().Conceal}
}

func (c *invocation) replayed(kept *Result, err error) Result {
	if err != nil {
		return c.failed(err)
	}
	c.outcome = "REPLAYED"
	return *kept
}

// execute runs the script over tx. It starts from nothing each time, because a
// transaction may run more than once.
func (c *invocation) execute(ctx context.Context, tx store.Tx) (value.Tree, error) {
	c.call = &component.Call{
		Ctx: ctx, Tx: tx, Brand: c.brand, Operator: c.operator.Name, Guard: c.engine.Guard,
		NewPasswordLimit: c.mayAskForPassword, Clear: c.cards.Clear, Fonts: c.engine.Fonts, Unprinted: c.engine.Unprinted,
	}
	c.run = newExecution(c)
	out, err := c.run.start(c.hookpoint, c.values)
	if err == nil {
		err = c.call.Finish()
	}
	return out, err
}

// business reports whether err is an answer rather than a breakdown.
func business(err error) bool {
	code := failure.CodeOf(err)
	return code != nil && code.Kind != failure.Internal && code.Kind != failure.Busy
}

// auditRow tells what happened so far.
func (c *invocation) auditRow() access.AuditRow {
	row := access.AuditRow{
		Who: card.Mask(c.request.Values.Items(contextKey).Text("OPERATOR")), From: c.request.Origin.Remote, Face: c.request.Origin.Face,
		Hookpoint: card.Mask(c.request.Hookpoint), Outcome: c.outcome, Duration: c.engine.Now().Sub(c.started),
	}
	if c.operator != nil {
		row.Who = c.operator.Name
	}
	if c.repeats {
		row.RequestID = c.requestID
	}
	if c.call != nil {
		row.Objects = c.call.Touched
	}
	if c.run != nil {
		row.Notes = c.run.notes
		row.Trace = c.run.audited()
	}
	return row
}

// told ends the call: the audit row that is not written yet (strangers have none of
// their own), one log line,
// the metrics.
func (c *invocation) told(result Result, err error) {
	e := c.engine
	took := e.Now().Sub(c.started)
	row := c.auditRow()
	switch {
	case c.operator == nil:
		e.Behind.Refused(row.Face, row.From, row.Who, row.Outcome)
	case !c.audited && !errors.Is(err, ErrOutcomeUnknown):
		row.At = c.started
		if err := e.Behind.Write(row); err != nil {
			e.Log.Error("audit row not kept", "hookpoint", row.Hookpoint, "cause", err)
		}
	}
	name := ""
	if c.hookpoint != nil {
		name = c.hookpoint.Contract.Hookpoint
	}
	o := Observation{Hookpoint: name, Outcome: c.outcome, Took: took, Warnings: c.report.Warnings, Unknown: c.report.Unknown}
	if c.run != nil {
		o.Script = c.run.inScript()
		o.Warnings += c.run.warnings
	}
	e.Observe(o)
	line := []slog.Attr{
		slog.String("hookpoint", name), slog.String("outcome", c.outcome), slog.Int("error_code", result.ErrorCode),
		slog.String("operator", row.Who), slog.String("remote", c.request.Origin.Remote.String()),
		slog.String("request_id", c.requestID), slog.Duration("took", took),
	}
	if c.report.Warnings > 0 {
		line = append(line, slog.Int("unread", c.report.Warnings), slog.Any("unread_paths", c.report.Unread))
	}
	e.Log.LogAttrs(context.Background(), slog.LevelInfo, "call", line...)
}
