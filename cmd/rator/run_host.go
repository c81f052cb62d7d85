package main

import (
	"context"
	"encoding/json"
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

// codes are those that contracts of a site declare, by name.
type codes map[string]*failure.Code

func (c codes) named(name string) *failure.Code {
	if code := failure.ByName(name); code != nil {
		return code
	}
	return c[name]
}

// numbered is the code an answer's errorCode stands for. One that is known
// nowhere, for the server is newer or a site's own, is ERROR_ and its number.
func (c codes) numbered(number int) *failure.Code {
	if code := failure.ByNumber(number); code != nil {
		return code
	}
	for _, code := range c {
		if code.Number == number {
			return code
		}
	}
	name := fmt.Sprintf("ERROR_%d", number)
	return &failure.Code{Number: number, Name: name, Kind: failure.Conflict, Text: failure.Text{"EN": name}}
}

// rowResult is what came of one row; a line of the results file.
type rowResult struct {
	Row      int             `json:"row,omitempty"`  // from 1
	Line     int             `json:"line,omitempty"` // of the rows' file, where the row begins
	Outcome  string          `json:"outcome"`        // ok or failed
	Values   json.RawMessage `json:"values,omitempty"`
	Error    *scriptFailure  `json:"error,omitempty"`
	Notes    []string        `json:"notes,omitempty"`
	Try      int             `json:"try,omitempty"`      // from 1, where the row failed before
	Calls    int             `json:"calls"`              // how many went out
	Repeated int             `json:"repeated,omitempty"` // of those, how many got the answer kept from an earlier run
	Made     []made          `json:"made,omitempty"`     // where it failed, what it and earlier tries had done
}

const (
	outcomeOK     = "ok"
	outcomeFailed = "failed"
)

// scriptFailure is where and why a run failed.
type scriptFailure struct {
	Code    string `json:"code,omitempty"` // a failure code's name; "" for a fault
	Number  int    `json:"number,omitempty"`
	Message string `json:"message"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Step    string `json:"step,omitempty"` // api.NAME, fail; "" for the script itself
}

func (f *scriptFailure) String() string {
	s := fmt.Sprintf("%s:%d:%d: ", f.File, f.Line, f.Column)
	if f.Step != "" {
		s += f.Step + ": "
	}
	if f.Code != "" {
		s += f.Code + ": "
	}
	return s + f.Message
}

// stopped is an error for which no row can be blamed: the others would meet it
// too. The row is not done, and a later run begins with it.
type stopped struct {
	exit  int
	cause error
}

func (s *stopped) Error() string { return s.cause.Error() }
func (s *stopped) Unwrap() error { return s.cause }

// run runs the script for one row. The error is one that ends the whole run.
func (p *plan) run(ctx context.Context, r row, t *try) (*rowResult, error) {
	host := &remote{plan: p, ctx: ctx, try: t, before: slices.Clone(t.made),
		client: &soap.Client{URL: p.Endpoint, HTTP: p.web},
		about:  (&callCommand{Language: p.Language, Operator: p.Operator, Password: p.Password, Brand: p.Brand}).context()}
	runtime := &script.Runtime{Host: host, Language: p.Language, Operator: p.Operator, Brand: p.Brand,
		Now: p.now, Zone: time.Local, Clock: time.Now}
	values, err := p.program.RunClient(runtime, r.values)
	result := &rowResult{Row: r.number, Line: r.line, Outcome: outcomeOK, Values: values, Notes: host.notes, Calls: host.calls, Repeated: host.repeated}
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
	var stop *stopped
	if errors.As(err, &stop) {
		return nil, &exitError{stop.exit, err}
	}
	result.Outcome, result.Made = outcomeFailed, append(host.made, host.before...)
	if result.Error, err = explain(err); err != nil {
		return nil, err
	}
	return result, nil
}

// explain takes a script's error apart. A refusal of the caller, not of what was
// called for, ends the whole run.
func explain(err error) (*scriptFailure, error) {
	var at *script.Error
	if !errors.As(err, &at) {
		return nil, err
	}
	f := &scriptFailure{Message: at.Err.Error(), File: at.File, Line: at.Line, Column: at.Column, Step: at.Step}
	var refused *failure.Error
	if errors.As(at.Err, &refused) {
		f.Code, f.Number, f.Message = refused.Code.Name, refused.Code.Number, refused.Message("EN")
		switch {
		case at.Step == "" && refused.Cause != nil: // the script's own fault
			f.Message = strings.TrimPrefix(refused.Cause.Error(), fmt.Sprintf("%s:%d:%d: ", at.File, at.Line, at.Column))
		case at.Step != "fail" && (refused.Code == failure.UnknownHookpoint || refused.Code == failure.NotAllowed):
			return nil, &exitError{exitFailed, errors.New(f.String())}
		}
	}
	return f, nil
}

// remote is the Host of a run from the client's side: each call one request.
type remote struct {
	*plan
	ctx      context.Context
	client   *soap.Client
	about    value.Entry // CONTEXT
	try      *try
	before   []made // by earlier tries, and not yet again by this one
	made     []made
	calls    int
	repeated int
	notes    []string
}

var errServerOnly = errors.New("only a server has this")

// Component, Hook and Emit are mistakes in a script of the client's side.

func (*remote) Component(*component.Component, value.Tree) (value.Tree, error) {
	return nil, errServerOnly
}

func (*remote) Hook(string, string, value.Tree) (value.Tree, bool, error) {
	return nil, false, errServerOnly
}

func (*remote) Emit(string, value.Tree) error { return errServerOnly }

// Savepoint has nothing to undo: each call is its own unit.
func (*remote) Savepoint(fn func() error) error { return fn() }

func (r *remote) Note(text string) { r.notes = append(r.notes, text) }

// API makes one call. A business failure is an error with the code that the
// answer's errorCode stands for.
func (r *remote) API(hookpoint string, in value.Tree) (value.Tree, error) {
	r.calls++
	var declared []*contract.Value
	if c := r.contracts[hookpoint]; c != nil {
		declared = c.Request
		r.undeclared(c, in)
	}
	call, err := r.identify(made{API: hookpoint, Call: r.calls, Digest: digestOf(declared, in)})
	if err != nil {
		return nil, err
	}
	result, err := r.patiently(soap.Call{Hookpoint: hookpoint, Values: append(in, r.about), RequestID: call.Request})
	if err != nil {
		return nil, err
	}
	if result.Replayed {
		r.repeated++
	}
	if result.ErrorCode == 0 {
		r.made = append(r.made, call)
		return answered(r.contracts[hookpoint], result.Values), nil
	}
	code := r.codes.numbered(result.ErrorCode)
	refusal := &failure.Error{Code: code, Text: failure.Text{"EN": result.ErrorMessage}}
	switch {
	case code == failure.NotAuthenticated:
		return nil, &stopped{exitFailed, errors.Join(errors.New(result.ErrorMessage), unsaid(r.about.Items))}
	case code.Kind == failure.Busy:
		return nil, &stopped{exitUnreachable, refusal}
	}
	return nil, refusal
}

// undeclared warns of the keys that a call is given and its contract does not declare,
// of each once: a server takes them, and does nothing with them.
func (p *plan) undeclared(c *contract.Contract, in value.Tree) {
	for _, key := range contract.Unknown(c.Request, in) {
		text := fmt.Sprintf("rator: warning: api.%s has no key %s", c.Hookpoint, key)
		if _, told := p.told.LoadOrStore(text, true); !told {
			p.warn(text)
		}
	}
}

// pauses are how long a call waits before it goes out again, with the same
// request id, after an answer that leaves open whether it was done.
var pauses = []time.Duration{250 * time.Millisecond, time.Second}

// patiently calls until there is an answer to build on.
func (r *remote) patiently(call soap.Call) (workflow.Result, error) {
	for again := 0; ; again++ {
		result, err := r.client.Call(r.ctx, call)
		if r.ctx.Err() != nil {
			return result, &stopped{exitFailed, r.ctx.Err()}
		}
		var fault *soap.Fault
		var limit *soap.LimitError
		refused := errors.As(err, &fault) && fault.Code != soap.FaultServer || errors.As(err, &limit)
		if refused || err == nil && result.ErrorCode != failure.TryAgain.Number {
			return result, err
		}
		if again == len(pauses) {
			if err != nil && fault == nil {
				err = &stopped{exitUnreachable, err}
			}
			return result, err
		}
		select {
		case <-time.After(pauses[again]):
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
