package workflow

import (
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"

	"rator/card"
	"rator/failure"
	"rator/unit"
	"rator/workflow/contract"
	"rator/workflow/script"
	"rator/workflow/value"
)

// result is the answer of a call that ended with err. Only what is internal is logged
// with its cause; the caller gets an incident id.
func (c *invocation) result(err error) Result {
	if err == nil {
		return Result{Status: StatusOK, Values: c.top(StatusOK, c.out)}
	}
	f := failureOf(err)
	message := f.Answer(c.language)
	if !c.screened {
		message = card.Mask(message)
	}
	if f.Code.Kind == failure.Internal {
		message = c.incident(f, err)
	}
	status := StatusBusiness
	if f.Code.Number < 100 {
		status = StatusTechnical
	}
	return Result{ErrorCode: f.Code.Number, ErrorMessage: message, Status: status, Values: c.top(status, nil)}
}

// failureOf is the one place where an error becomes an answer.
func failureOf(err error) *failure.Error {
	var (
		f     *failure.Error
		brand *unit.UnknownBrandError
	)
	switch {
	case errors.As(err, &brand):
		path := "CONTEXT/BRAND_KEY"
		switch {
		case brand.Named.Key != "":
			path += " " + brand.Named.Key
		case brand.Named.ID != "":
			path = "CONTEXT/BRAND_ID " + brand.Named.ID
		case brand.Operators != "":
			path = "the operator's brand " + brand.Operators
		}
		return failure.InvalidRequest.With("%s is not a brand of this server", path)
	case !errors.As(err, &f), f.Code.Kind == failure.Internal && f.Code != failure.WorkflowFailed:
		return failure.InternalError.Because(err)
	}
	return f
}

// incident logs what is ours with its cause and gives the fixed sentence for
// the caller: with the incident's id, and with the place in the script, without
// the server's own path, when the script is at fault.
func (c *invocation) incident(f *failure.Error, err error) string {
	id := c.engine.NewRequestID()
	c.engine.Gate.Log.Error("incident", "incident", id, "hookpoint", card.Mask(c.request.Hookpoint), "request_id", c.requestID, "cause", err)
	message := f.Code.TextIn(c.language)
	if at := FaultAt(err); at != "" {
		message += " (" + at + ")"
	}
	return message + "; incident " + id
}

// FaultAt is where a script is at fault, for callers, without the server's own path, as in
// SOAP_X/workflow.star:2:5; "" where none is. Of scripts that call each other it is the
// innermost.
func FaultAt(err error) string {
	if failure.CodeOf(err) != failure.WorkflowFailed {
		return ""
	}
	var at, inner *script.Error
	for errors.As(err, &inner) {
		at, err = inner, inner.Err
	}
	if at == nil {
		return ""
	}
	return fmt.Sprintf("%s/%s:%d:%d", path.Base(path.Dir(at.File)), path.Base(at.File), at.Line, at.Column)
}

// top is what every answer holds first: STATUS and REQUEST_ID. Never fewer than
// two entries, for PHP's SoapClient makes an object of a list of one
// (rator-api.md 1.9).
func (c *invocation) top(status int, out value.Tree) value.Tree {
	t := make(value.Tree, 0, len(out)+3)
	t = append(t, value.OfString(statusKey, strconv.Itoa(status)), value.OfString(requestIDKey, c.requestID))
	t = append(t, out...)
	if c.traced && c.run != nil {
		t = append(t, c.run.traceEntry())
	}
	return t
}

// paths lists where card numbers stand; the code's text says the rest.
func paths(broken []contract.Violation) string {
	lines := make([]string, len(broken))
	for i, v := range broken {
		lines[i] = v.Path
	}
	return strings.Join(lines, ", ")
}

// violations lists the broken rules, each with its path.
func violations(broken []contract.Violation) string {
	lines := make([]string, len(broken))
	for i, v := range broken {
		lines[i] = v.String()
	}
	return strings.Join(lines, "; ")
}
