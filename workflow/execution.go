package workflow

import (
	"fmt"
	"slices"
	"time"

	"rator/card"
	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/workflow/component"
	"rator/workflow/contract"
	"rator/workflow/script"
	"rator/workflow/value"
)

// execution is one run of a call's script over one transaction: the script's
// Host. Nested hookpoints run on the same one.
type execution struct {
	call     *component.Call
	set      *Set
	unread   []string // paths of the request's values that became null
	runtime  script.Runtime
	notes    []string
	took     time.Duration // of the whole run
	warnings int           // values that did not read and became null, on the way in and out of hookpoints
	cards    contract.Cards
	ran      []string // keys of the hookpoints whose scripts ran, sorted
	dropped  []string // topics of ours that the script told of, each time
	placed   struct { // whose the touched objects are, by how many they were
		touched int
		account store.ID
	}
}

// readWall is how much of the processor's time a script that only reads may take. It
// holds no one up: the embedded engine's one writer is not waiting for it
// (workflow-scripts.md "Bounded").
const readWall = 5 * time.Second

func newExecution(c *invocation) *execution {
	x := &execution{call: c.call, set: c.set, cards: c.engine.cards(), unread: c.report.Unread}
	x.cards.Known = c.cards.Identified
	x.runtime = script.Runtime{
		Host: x, Language: c.language, Operator: c.operator.Name, Brand: c.brand.Key,
		Now: c.call.Tx.Now(), Zone: c.brand.Zone(), Clock: c.engine.Gate.Now, Ctx: c.call.Ctx,
	}
	if c.hookpoint.Contract.Reads {
		x.runtime.Wall = readWall
	}
	return x
}

// start runs the hookpoint that was called.
func (x *execution) start(h *Hookpoint, values value.Tree) (value.Tree, error) {
	began := x.runtime.Clock()
	out, err := x.hookpoint(h, values)
	x.took = x.runtime.Clock().Sub(began)
	return out, err
}

// hookpoint runs a script and brings what it returned into the shape that its
// contract promises. An answer that breaks the contract is the script's fault.
func (x *execution) hookpoint(h *Hookpoint, values value.Tree) (value.Tree, error) {
	if at, found := slices.BinarySearch(x.ran, h.Contract.Hookpoint); !found {
		x.ran = slices.Insert(x.ran, at, h.Contract.Hookpoint)
	}
	before := x.call.Asked
	x.call.Asked = values
	out, err := h.Program.Run(&x.runtime, values)
	x.call.Asked = before
	if err != nil {
		return nil, err
	}
	out, report := contract.Check(h.Contract.Response, out, contract.Options{Zone: x.runtime.Zone, Answer: true})
	x.warnings += report.Warnings
	if len(report.Violations) > 0 {
		return nil, h.Program.Fault(fmt.Errorf("the answer breaks its contract: %s", violations(report.Violations)))
	}
	return contract.Project(h.Contract.Response, out), nil
}

// nested runs a hookpoint that a script asked for.
func (x *execution) nested(h *Hookpoint, in value.Tree) (value.Tree, error) {
	values, report := contract.Check(h.Contract.Request, in, contract.Options{Zone: x.runtime.Zone})
	x.warnings += report.Warnings
	if len(report.Violations) > 0 {
		return nil, failure.InvalidRequest.With("%s: %s", h.Contract.Hookpoint, violations(report.Violations))
	}
	values, err := hashPasswords(h.Contract.Request, values, true)
	if err != nil {
		return nil, err
	}
	return x.hookpoint(h, values)
}

// Component, API, Hook, Bound, Savepoint and Note are what the script may ask, and Emit (emit.go).

// Component runs a component. What a script puts together may be a card number that
// no value of the request was, so its values are looked through too. One that only
// reads keeps nothing, and may be asked by what the store holds since before.
func (x *execution) Component(c *component.Component, in value.Tree) (value.Tree, error) {
	in, found := x.cards.Screen(nil, in)
	if len(found.Violations) > 0 && !c.Reads {
		return nil, customer.CardNumberRefused.With("%s", paths(found.Violations))
	}
	return c.Run(x.call, in)
}

func (x *execution) API(hookpoint string, in value.Tree) (value.Tree, error) {
	h := x.set.Find(hookpoint)
	if h == nil {
		return nil, failure.UnknownHookpoint.With("%s", hookpoint)
	}
	return x.nested(h, in)
}

func (x *execution) Hook(name, key string, in value.Tree) (out value.Tree, bound bool, err error) {
	h := x.set.bound(name, key)
	if h == nil {
		return nil, false, nil
	}
	out, err = x.nested(h, in)
	return out, true, err
}

func (x *execution) Bound(name, key string) bool { return x.set.bound(name, key) != nil }

func (x *execution) Savepoint(fn func() error) error { return x.call.Tx.Savepoint(fn) }

func (x *execution) Note(text string) { x.notes = append(x.notes, card.Mask(text)) }

// inScript is how long the script itself ran: the whole run without the
// components it called.
func (x *execution) inScript() time.Duration {
	own := x.took
	for _, s := range x.runtime.Trace {
		if s.Kind == script.KindComponent {
			own -= s.Duration
		}
	}
	return own
}
