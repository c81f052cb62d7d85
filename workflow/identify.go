package workflow

import (
	"slices"
	"strings"

	"rator/card"
	"rator/customer"
	"rator/failure"
	"rator/workflow/value"
)

// maxRequestID is the longest request id a caller may give, in bytes (store.md
// "Exactly once").
const maxRequestID = 128

// identify reads from CONTEXT what the rest of the call needs: the language of
// its answer, its id, whether it wants the trace.
func (c *invocation) identify() error {
	about := c.request.Values.Items(contextKey)
	c.language = "EN"
	if l := about.Text("LANGUAGE"); l != "" {
		c.language = strings.ToUpper(l)
	}
	c.traced, _ = value.ParseBoolean(about.Text("TRACE"))
	c.requestID = c.request.RequestID
	if c.requestID == "" {
		c.requestID = about.Text("REQUEST_ID")
	}
	c.repeats = c.requestID != ""
	if !c.repeats {
		c.requestID = c.engine.NewRequestID()
		return nil
	}
	c.clearID = c.requestID
	if len(c.requestID) > maxRequestID || strings.ContainsFunc(c.requestID, func(r rune) bool { return r < ' ' || r > '~' }) {
		c.requestID, c.repeats = c.engine.NewRequestID(), false
		return failure.InvalidRequest.With("CONTEXT/REQUEST_ID: must be 1 to %d printable ASCII characters", maxRequestID)
	}
	switch {
	case !card.Holds(c.requestID):
	case c.engine.Cards == nil:
		c.requestID, c.repeats = c.engine.NewRequestID(), false
		return customer.CardNumberRefused.With("CONTEXT/REQUEST_ID")
	default:
		c.requestID = c.engine.Cards.Conceal(c.requestID)
	}
	return nil
}

// echoed is an answer with the request id as the caller spelled it, which is never
// kept where it looks like the number of a card.
func (c *invocation) echoed(r Result) Result {
	if !c.repeats || c.clearID == c.requestID {
		return r
	}
	r.Values = slices.Clone(r.Values)
	if id := r.Values.Get(requestIDKey); id != nil {
		id.Text = c.clearID
	}
	return r
}
