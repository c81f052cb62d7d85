package workflow

import (
	"encoding/json"

	"rator/access"
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

// audited is the trace for the audit row, as JSON; nil when nothing ran.
func (x *execution) audited() json.RawMessage {
	steps := make([]tracedStep, 0, len(x.runtime.Trace))
	for _, s := range x.runtime.Trace {
		if len(steps) == maxAuditedSteps {
			break
		}
		steps = append(steps, tracedStep{s.Name, s.Kind, s.Duration.Microseconds(), s.Outcome, s.Depth})
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
	steps := make([]value.Entry, 0, len(x.runtime.Trace))
	for _, s := range x.runtime.Trace {
		outcome := s.Outcome
		if outcome == "" {
			outcome = access.OutcomeOK
		}
		steps = append(steps, value.Of("STEP",
			value.OfString("NAME", s.Name), value.OfString("KIND", s.Kind), value.OfLong("DEPTH", int64(s.Depth)),
			value.OfDouble("MILLISECONDS", float64(s.Duration.Microseconds())/1000), value.OfString("OUTCOME", outcome)))
	}
	return value.Of(traceKey, steps...)
}
