package script

import (
	"context"
	"time"

	"rator/workflow/component"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// Host does what a script asks for. Trees it is given are its own to keep; the
// errors it returns end the script, or the attempt they happened in, and come
// out of Run wrapped.
type Host interface {
	// Component runs a component.
	Component(c *component.Component, in value.Tree) (value.Tree, error)
	// API runs another hookpoint in the same transaction, its contract checked
	// both ways, by calling Run of its program with the same Runtime.
	API(hookpoint string, in value.Tree) (value.Tree, error)
	// Hook runs an internal hookpoint, the one bound to key before the one bound
	// to any; bound is false when there is neither.
	Hook(name, key string, in value.Tree) (out value.Tree, bound bool, err error)
	// Bound says whether Hook would run one, the same all through a call.
	Bound(name, key string) bool
	// Savepoint runs fn and undoes what it wrote when it fails, giving its error.
	Savepoint(fn func() error) error
	// Emit keeps an event that is delivered after commit.
	Emit(topic string, in value.Tree) error
	// Note adds a line to the audit row; the trace has it already.
	Note(text string)
}

// Runtime is what one call runs on: one for the program that was called and all
// the programs it calls, and a new one when the transaction runs again.
type Runtime struct {
	Host Host
	// Language, Operator and Brand are the script's context.LANGUAGE,
	// context.OPERATOR and context.BRAND_KEY.
	Language, Operator, Brand string
	// Now is the script's now, fixed for the call.
	Now time.Time
	// Zone is that of dates that come without one; nil is UTC.
	Zone *time.Location
	// Clock measures the durations in Trace.
	Clock func() time.Time
	// Wall is how much of the processor's time the call may take, components included,
	// once it has lasted as long; 0 is 250 ms. 500 ms is the most for a hookpoint that
	// writes: the embedded engine has one writer, and it waits.
	Wall time.Duration
	// Ctx is the call's: when its deadline has passed, the script is stopped with
	// failure.TryAgain. nil = there is none.
	Ctx context.Context
	// Passing is a clock that never stands, which tells how long the call lasts; nil =
	// time.Now. Processor is the processor's time that the goroutine's thread took; nil =
	// the system's word.
	Passing   func() time.Time
	Processor func() time.Duration

	// Trace is every step that ran, in the order in which they started.
	Trace []Step

	budget  *budget // of the call that is running
	started time.Time
	output  []byte // what a client's script returned, as JSON
}

// The kinds of a Step.
const (
	KindComponent = "component"
	KindAPI       = "api"
	KindHook      = "hook"
	KindNote      = "note"
)

// Step is one line of a trace.
type Step struct {
	Name string // of the component or hookpoint; the text of a note
	Kind string
	// Started is the time since the call began.
	Started  time.Duration
	Duration time.Duration
	// Outcome is "" for success, else the name of the failure's code.
	Outcome string
	// Depth is 0 for what the called script does itself, 1 for what a hookpoint
	// it calls does.
	Depth int
}

func (rt *Runtime) wall(c *contract.Contract) time.Duration {
	switch {
	case rt.Wall <= 0:
		return defaultWall
	case c != nil && c.Reads:
		return rt.Wall
	}
	return min(rt.Wall, maxWall)
}
