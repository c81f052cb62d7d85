// Package unit is the gate that every call goes through, whatever face it came by: who
// asks, a turn, right and brand, what is asked, whether it was asked before, one look or
// one indivisible change with its audit row and the answer that is kept, and what is
// told of it (architecture.md 3). Nobody else on the path of a call recognises an
// operator, takes a turn or opens a transaction.
package unit

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"rator/access"
	"rator/catalogue"
	"rator/store"
)

// ErrOutcomeUnknown is what Do returns, wrapped, when nobody knows whether what the call
// did is durable (store.md). Repeating it with the same request id is safe.
var ErrOutcomeUnknown = errors.New("outcome unknown, repeat with the same request id")

// Unit is one call at work: one look, or one indivisible change. Everything in it is of
// one run of fn; a transaction may run twice.
type Unit struct {
	Tx       store.Tx // nil in a call that looks Apart
	Operator *access.Operator
	Brand    *catalogue.Brand
	Ask      *Ask

	gate *Gate
	ctx  context.Context
	give func() // the turn back
	stop context.CancelFunc

	objects []store.ID
	named   func() []store.ID
	notes   []string
	trace   func() json.RawMessage
	thing   string
	held    func() time.Duration
	tells   func(*Told)
	own     []any
}

// Context ends when the call must.
func (u *Unit) Context() context.Context { return u.ctx }

// Touch notes objects that were read or changed, for the audit row, each once; the first
// is what the row is found by.
func (u *Unit) Touch(ids ...store.ID) {
	for _, id := range ids {
		if id != 0 && !slices.Contains(u.objects, id) {
			u.objects = append(u.objects, id)
		}
	}
}

// Mentions says how to find the ids of what the call speaks of, for the kept answer of
// one that touched nothing.
func (u *Unit) Mentions(ids func() []store.ID) { u.named = ids }

// Note adds a line to the audit row.
func (u *Unit) Note(text ...string) { u.notes = append(u.notes, text...) }

// Trace says how to write down what ran, for the audit row: small JSON, nil for nothing.
func (u *Unit) Trace(of func() json.RawMessage) { u.trace = of }

// Tells says how to complete what is told of the call, before its face does. of may be
// called more than once.
func (u *Unit) Tells(of func(*Told)) { u.tells = of }

// Own is what a room keeps with a unit, of a type of its own: made when it is asked for
// the first time.
func Own[T any](u *Unit) (own *T, made bool) {
	for _, x := range u.own {
		if own, is := x.(*T); is {
			return own, false
		}
	}
	own = new(T)
	u.own = append(u.own, own)
	return own, true
}

// About names the resource that the call is about, where that may become a customer's
// only later: see KeptAreOf.
func (u *Unit) About(thing string) { u.thing = thing }

// Hold has the answer held back for as long as of says once the unit is over, outside
// of any turn. of is called once.
func (u *Unit) Hold(of func() time.Duration) { u.held = of }

// Look is a further look of a call that looks Apart.
func (u *Unit) Look(fn func(store.Tx) error) error { return u.gate.Store.View(u.ctx, fn) }

// LookBehind is a Look that may see what is a little older, of a call that does not remember how
// far it has read. fn may run twice, and then nothing of its first run counts.
func (u *Unit) LookBehind(fn func(store.Tx) error) error {
	return u.gate.Store.View(u.Ask.seeing(u.ctx), fn)
}

// Slow says that the call looks at everything, once that turns out: its turn goes back,
// and it takes one of theirs as if it came now. For calls that look Apart, between two
// looks.
func (u *Unit) Slow() error {
	u.give()
	u.Ask.Slow = true
	give, err := u.gate.slow.take(u.ctx)
	if err == nil {
		u.give = give
	}
	return err
}

// Pause gives the turn back while fn runs, such as one that writes to who asks, and
// takes another: from then on the call has its whole time anew. For calls that look
// Apart. When fn fails, the call is to end.
func (u *Unit) Pause(fn func() error) error {
	u.give()
	u.stop()
	if err := fn(); err != nil {
		return err
	}
	u.ctx, u.stop = context.WithTimeout(context.WithoutCancel(u.ctx), u.gate.Deadline)
	give, err := u.gate.turns(u.Ask).again(u.ctx)
	if err == nil {
		u.give = give
	}
	return err
}
