package script

import (
	"errors"
	"fmt"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"rator/failure"
)

// Error is where a script failed. What it wraps says why: a *failure.Error of
// the business, an error of the store, or failure.WorkflowFailed for a fault of
// the script itself.
type Error struct {
	File         string
	Line, Column int    // from 1; of the call or expression that failed
	Step         string // call.create_user, api.SOAP_X, hook X, fail; "" for the script itself
	Err          error
}

func (e *Error) Error() string {
	where := fmt.Sprintf("%s:%d:%d: ", e.File, e.Line, e.Column)
	if e.Step != "" {
		where += e.Step + ": "
	}
	return where + e.Err.Error()
}

// Unwrap gives the reason.
func (e *Error) Unwrap() error { return e.Err }

// stepError carries a host's error through Starlark.
type stepError struct {
	step string
	err  error
}

func (e *stepError) Error() string { return e.err.Error() }
func (e *stepError) Unwrap() error { return e.err }

// located turns Starlark's error into ours.
func (p *Program) located(err error) error {
	at := p.position(err)
	located := &Error{File: at.Filename(), Line: int(at.Line), Column: int(at.Col)}
	var step *stepError
	if errors.As(err, &step) {
		located.Step, located.Err = step.step, step.err
		return located
	}
	var late *failure.Error
	if errors.As(err, &late) {
		located.Err = late
		return located
	}
	place := fmt.Sprintf("%s:%d:%d", located.File, located.Line, located.Column)
	located.Err = failure.WorkflowFailed.Because(fmt.Errorf("%s: %s", place, clipMessage(err.Error())))
	return located
}

// Fault is a fault of the whole script, such as an answer that breaks its
// contract: an *Error at def run that wraps failure.WorkflowFailed.
func (p *Program) Fault(cause error) error {
	at := syntax.MakePosition(&p.file, 1, 1)
	if run, ok := p.main.(*starlark.Function); ok {
		at = run.Position()
	}
	located := &Error{File: p.file, Line: int(at.Line), Column: int(at.Col)}
	located.Err = failure.WorkflowFailed.Because(fmt.Errorf("%s:%d:%d: %w", located.File, located.Line, located.Column, cause))
	return located
}

// position is that of the innermost frame of the script.
func (p *Program) position(err error) syntax.Position {
	var eval *starlark.EvalError
	if errors.As(err, &eval) {
		for i := range eval.CallStack {
			if at := eval.CallStack.At(i).Pos; at.Filename() == p.file {
				return at
			}
		}
	}
	return syntax.MakePosition(&p.file, 1, 1)
}

func clipMessage(s string) string { return clipTo(500, s) }

// catchable reports whether attempt may go on after err: a failure of the
// business. Faults of ours, limits and storage end the call.
func catchable(err error) bool {
	var failed *failure.Error
	if !errors.As(err, &failed) {
		return false
	}
	return failed.Code.Kind != failure.Internal && failed.Code.Kind != failure.Busy
}
