package workflow

import (
	"encoding/json"

	"rator/access"
	"rator/card"
	"rator/workflow/script"
	"rator/workflow/value"
)

// tracedStep is one step as the audit row keeps it.
type tracedStep struct {
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Micros  int64  `json:"us"`
	Outcome string `json:"outcome,omitempty"` // a failure code's name; "" = fine
	Depth   int    `json:"depth,omitempty"`
}

// maxAuditedSteps bounds what one audit row keeps of a trace.
const maxAuditedSteps = 100

// kindValue is the kind of a step that tells a value of the request which did not
// read and became null: its name is the path, its outcome UNREAD.
const (
	kindValue     = "value"
	outcomeUnread = "UNREAD"
)

// trace is what was not read of the request, and then the steps that ran.
func (x *execution) trace() []script.Step {
	steps := make([]script.Step, 0, len(x.unread)+len(x.runtime.Trace))
	for _, path := range x.unread {
		steps = append(steps, script.Step{Name: path, Kind: kindValue, Outcome: outcomeUnread})
	}
	return append(steps, x.runtime.Trace...)
}

// audited is the trace for the audit row, as JSON; nil when there is none.
func (x *execution) audited() json.RawMessage { return auditedTrace(x.trace()) }

func auditedTrace(trace []script.Step) json.RawMessage {
	steps := make([]tracedStep, 0, len(trace))
	for _, s := range trace {
		if len(steps) == maxAuditedSteps {
			break
		}
		steps = append(steps, tracedStep{card.Mask(s.Name), s.Kind, s.Duration.Microseconds(), s.Outcome, s.Depth})
	}
	if len(steps) == 0 {
		return nil
	}
	b, err := json.Marshal(steps)
	if err != nil {
		panic(err) // plain data
	}
	return b
}

// traceEntry is the trace as an answer carries it, for callers that ask.
func (x *execution) traceEntry() value.Entry {
	trace := x.trace()
	steps := make([]value.Entry, 0, len(trace))
	for _, s := range trace {
		outcome := s.Outcome
		if outcome == "" {
			outcome = access.OutcomeOK
		}
		steps = append(steps, value.Of("STEP",
			value.OfString("NAME", card.Mask(s.Name)), value.OfString("KIND", s.Kind), value.OfLong("DEPTH", int64(s.Depth)),
			value.OfDouble("MILLISECONDS", float64(s.Duration.Microseconds())/1000), value.OfString("OUTCOME", outcome)))
	}
	return value.Of(traceKey, steps...)
}
