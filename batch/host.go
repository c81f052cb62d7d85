package batch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rator/failure"
	"rator/soap"
	"rator/workflow"
	"rator/workflow/component"
	"rator/workflow/contract"
	"rator/workflow/script"
	"rator/workflow/value"
)

// run runs the script for one row. The error is one that ends the whole run.
func (b *Batch) run(ctx context.Context, r row, t *try) (*Result, error) {
	host := &remote{Batch: b, ctx: ctx, try: t, before: slices.Clone(t.made),
		client: &soap.Client{URL: b.Endpoint, HTTP: b.web}}
	runtime := &script.Runtime{Host: host, Language: b.Context.Text("LANGUAGE"), Operator: b.Context.Text("OPERATOR"), Brand: b.Context.Text("BRAND_KEY"),
		Now: b.now, Zone: time.Local, Clock: time.Now}
	values, err := b.program.RunClient(runtime, r.values)
	result := &Result{Row: r.number, Line: r.line, Outcome: OK, Values: values, Notes: host.notes, Calls: host.calls, Repeated: host.repeated}
	if t.Try > 1 {
		result.Try = t.Try
	}
	if err == nil {
		host.standing()
		return result, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if errors.As(err, new(*Error)) {
		return nil, err
	}
	result.Outcome, result.Made = Failed, append(host.made, host.before...)
	if result.Error, err = explain(err); err != nil {
		return nil, err
	}
	return result, nil
}

// explain takes a script's error apart. A refusal of the caller, not of what was
// called for, ends the whole run.
func explain(err error) (*Failure, error) {
	var at *script.Error
	if !errors.As(err, &at) {
		return nil, err
	}
	f := &Failure{Message: at.Err.Error(), File: at.File, Line: at.Line, Column: at.Column, Step: at.Step}
	var refused *failure.Error
	if errors.As(at.Err, &refused) {
		f.Code, f.Number, f.Message = refused.Code.Name, refused.Code.Number, refused.Message("EN")
		switch {
		case at.Step == "" && refused.Cause != nil: // the script's own fault
			f.Message = strings.TrimPrefix(refused.Cause.Error(), fmt.Sprintf("%s:%d:%d: ", at.File, at.Line, at.Column))
		case at.Step != "fail" && (refused.Code == failure.UnknownHookpoint || refused.Code == failure.NotAllowed):
			return nil, errors.New(f.String())
		}
	}
	return f, nil
}

// remote is the Host of a run from the client's side: each call one request.
type remote struct {
	*Batch
	ctx      context.Context
	client   *soap.Client
	try      *try
	before   []made // by earlier tries, and not yet again by this one
	made     []made
	calls    int
	repeated int
	notes    []string
}

var errServerOnly = errors.New("only a server has this")

// Component, Hook, Bound and Emit are asked for by mistakes in a script of the client's side.

func (*remote) Component(*component.Component, value.Tree) (value.Tree, error) {
	return nil, errServerOnly
}

func (*remote) Hook(string, string, value.Tree) (value.Tree, bool, error) {
	return nil, false, errServerOnly
}

func (*remote) Bound(string, string) bool { return false }

func (*remote) Emit(string, value.Tree) error { return errServerOnly }

// Savepoint has nothing to undo: each call is its own unit.
func (*remote) Savepoint(fn func() error) error { return fn() }

func (r *remote) Note(text string) { r.notes = append(r.notes, text) }

// API makes one call. A business failure is an error with the code that the
// answer's errorCode stands for.
func (r *remote) API(hookpoint string, in value.Tree) (value.Tree, error) {
	r.calls++
	var declared []*contract.Value
	if c := r.declared[hookpoint]; c != nil {
		declared = c.Request
		r.undeclared(c, in)
	}
	call, err := r.identify(made{API: hookpoint, Call: r.calls, Digest: digestOf(declared, in)})
	if err != nil {
		return nil, err
	}
	result, err := r.patiently(soap.Call{Hookpoint: hookpoint, Values: append(in, value.Of(contract.ContextKey, r.Context...)), RequestID: call.Request})
	if err != nil {
		return nil, err
	}
	if result.Replayed {
		r.repeated++
	}
	if result.ErrorCode == 0 {
		r.made = append(r.made, call)
		return answered(r.declared[hookpoint], result.Values), nil
	}
	code := r.codes.numbered(result.ErrorCode)
	refusal := &failure.Error{Code: code, Text: failure.Text{"EN": result.ErrorMessage}}
	switch {
	case code == failure.NotAuthenticated:
		return nil, &Error{NotAuthenticated, errors.New(result.ErrorMessage)}
	case code.Kind == failure.Busy:
		return nil, unreachable(refusal)
	}
	return nil, refusal
}

// undeclared warns of the keys that a call is given and its contract does not declare,
// of each once: a server takes them, and does nothing with them.
func (b *Batch) undeclared(c *contract.Contract, in value.Tree) {
	for _, key := range contract.Unknown(c.Request, in) {
		text := fmt.Sprintf("api.%s has no key %s", c.Hookpoint, key)
		if _, told := b.told.LoadOrStore(text, true); !told {
			b.warn(text)
		}
	}
}

// usualPauses are how long a call waits before it goes out again, with the same
// request id, after an answer that leaves open whether it was done.
var usualPauses = []time.Duration{250 * time.Millisecond, time.Second}

// patiently calls until there is an answer to build on.
func (r *remote) patiently(call soap.Call) (workflow.Result, error) {
	for again := 0; ; again++ {
		result, err := r.client.Call(r.ctx, call)
		if r.ctx.Err() != nil {
			return result, r.ctx.Err()
		}
		var fault *soap.Fault
		var limit *soap.LimitError
		refused := errors.As(err, &fault) && fault.Code != soap.FaultServer || errors.As(err, &limit)
		if refused || err == nil && result.ErrorCode != failure.TryAgain.Number {
			return result, err
		}
		if again == len(r.Pauses) {
			if err != nil && fault == nil {
				err = unreachable(err)
			}
			return result, err
		}
		select {
		case <-time.After(r.Pauses[again]):
		case <-r.ctx.Done():
		}
	}
}

// answered is an answer as api.NAME gives it inside of a server: what the
// contract declares; without one, everything but what every answer has.
func answered(c *contract.Contract, values value.Tree) value.Tree {
	if c != nil {
		return contract.Project(c.Response, values)
	}
	own := make(value.Tree, 0, len(values))
	for i, e := range values {
		if i > 1 || e.Key != "STATUS" && e.Key != "REQUEST_ID" {
			own = append(own, e)
		}
	}
	return own
}
