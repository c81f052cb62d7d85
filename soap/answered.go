package soap

import (
	"net/http"
	"net/netip"
	"time"

	"rator/workflow"
	"rator/workflow/value"
)

// Answered is one POST and what it was answered with, for whoever keeps a log of
// calls. Its strings and values are parts of the request text and keep it alive.
type Answered struct {
	At     time.Time // when it came
	Took   time.Duration
	Remote netip.Addr // the zero Addr on a Unix socket
	// Hookpoint and Values are what was read of the call; empty when the message
	// could not be read so far.
	Hookpoint string
	Values    value.Tree
	// Operator and RequestID are what the transport said; "" lets CONTEXT count.
	Operator  string
	RequestID string
	// Result is the workflow's; nil when none answered: with a Fault, or with
	// neither when the request was no XML message at all (status 415).
	Result      *workflow.Result
	Fault       *Fault
	Status      int    // of HTTP
	RequestType string // Content-Type as it was sent; of several parts, the envelope's
	AnswerType  string
	// Request is the body unpacked, of several parts the envelope with those it
	// includes; "" when it did not arrive whole.
	Request string
	// Answer is the body that was sent back, before it was packed. It is valid only during the call of
	// Options.Answered and must not be changed.
	Answer []byte
}

// begin starts what Options.Answered will be told, if somebody listens.
func (x *exchange) begin() {
	if x.options.Answered == nil {
		return
	}
	x.about = &Answered{
		At: x.options.Now(), Remote: remote(x.r.RemoteAddr), RequestType: x.r.Header.Get("Content-Type"),
	}
}

// read adds what is known once the message was read, wholly or in part.
func (x *exchange) read(text string, m *Message) {
	if x.about == nil {
		return
	}
	x.about.Request, x.about.Hookpoint, x.about.Values = text, m.Hookpoint, m.Values
	if c := x.credentials(m); c != nil {
		x.about.Operator = c.Operator
	}
	// What is wrong with the id is told by the fault.
	x.about.RequestID, _ = requestID(x.r.Header.Get("Idempotency-Key"), m.MessageID)
}

// answered tells the listener. It comes after the answer was handed to the
// connection.
func (x *exchange) answered(status int, answer []byte) {
	if x.about == nil {
		return
	}
	x.about.Status, x.about.Answer = status, answer
	x.about.AnswerType = x.w.Header().Get("Content-Type")
	x.about.Took = x.options.Now().Sub(x.about.At)
	x.options.Answered(x.about)
}

// refuse answers what is no message of ours.
func (x *exchange) refuse(status int, text string) {
	http.Error(x.w, text, status)
	x.answered(status, []byte(text))
}
