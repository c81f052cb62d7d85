package unit

import (
	"context"
	"errors"
	"time"

	"rator/access"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// call is an Ask on its way through the gate.
type call struct {
	gate *Gate
	ask  *Ask
	told Told

	give     func() // the turn back; more than once is once
	operator *access.Operator
	brand    *catalogue.Brand
	question Question
	unit     *Unit // of fn's last run; nil = it did not run
	audited  bool  // the audit row is durable
	undone   bool  // fn ran, and what it did is undone however it ends
}

// Do runs fn as the unit of work that a asks for, in the order of gate.md 1: who asks,
// what they may, a turn, the brand, what is asked, whether it was asked before; then fn,
// in one View or one Update with audit row and kept answer; then what is told. fn may run
// more than once, and touches nothing but its Unit and what it answers.
//
// The error is nil, fn's own when fn was refused or broke down, that of a function of a,
// or of the gate: failure.NotAuthenticated, NotAllowed, RequestIDReused, AnswerErased,
// TryAgain (as *BusyError when nothing was begun), *UnknownBrandError, ErrOutcomeUnknown.
func (g *Gate) Do(ctx context.Context, a *Ask, fn func(*Unit) error) error {
	c := g.call(a)
	err := c.do(ctx, fn)
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		err = failure.TryAgain.Because(err)
	}
	if c.unit != nil && c.unit.held != nil && !errors.Is(err, ErrOutcomeUnknown) {
		if delay := c.unit.held(); delay > 0 {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), g.Deadline)
			g.Sleep(ctx, delay)
			cancel()
		}
	}
	return c.tell(err)
}

// Refuse tells of a call that its face refuses whoever sent it, and gives back why. Nobody
// is asked for a password for that; the mistake of who is known already is theirs.
func (g *Gate) Refuse(ctx context.Context, a *Ask, err error) error {
	c := g.call(a)
	if a.System {
		c.operator = access.System()
	} else {
		c.operator = g.Guard.Known(ctx, g.Store, a.Credentials, a.Remote)
	}
	if c.operator != nil {
		c.told.Operator = c.operator.Name
	}
	return c.tell(err)
}

func (g *Gate) call(a *Ask) *call {
	return &call{gate: g, ask: a, told: Told{
		At: g.Now(), Face: a.Face, Operation: a.Operation, Remote: a.Remote, RequestID: a.RequestID, DryRun: a.DryRun,
	}}
}

// do is everything that is done before the answer is known. It holds a turn, at most,
// until it returns.
func (c *call) do(ctx context.Context, fn func(*Unit) error) error {
	if err := c.admit(ctx); err != nil {
		return err
	}
	give, err := c.turn(ctx)
	if err != nil {
		return err
	}
	c.give = give
	defer func() { c.give() }()
	// Who hangs up does not stop what is begun: their repetition finds the answer. A
	// deadline of the caller's counts.
	deadline := time.Now().Add(c.gate.Deadline)
	if callers, ok := ctx.Deadline(); ok && callers.Before(deadline) {
		deadline = callers
	}
	ctx, cancel := context.WithDeadline(context.WithoutCancel(ctx), deadline)
	defer cancel()
	if c.brand, err = c.gate.brand(ctx, c.operator, c.ask.Brand); err != nil {
		return err
	}
	c.told.Brand = c.brand.Key
	if c.ask.Prepare != nil {
		if c.question, err = c.ask.Prepare(c.brand); err != nil {
			if c.repeats() {
				if kept, _ := c.kept(ctx); kept != nil {
					return c.again(kept, nil)
				}
			}
			return err
		}
	}
	switch {
	case c.ask.Apart:
		return c.apart(ctx, fn)
	case c.ask.Reads:
		return c.gate.Store.View(c.ask.seeing(ctx), func(tx store.Tx) error {
			if err := fn(c.begin(ctx, tx)); err != nil {
				return err
			}
			return c.concerned(tx)
		})
	}
	return c.write(ctx, fn)
}

// turn takes a turn. What the server itself calls is not refused: nobody would repeat it
// at once.
func (c *call) turn(ctx context.Context) (give func(), err error) {
	if c.ask.System {
		ctx, cancel := context.WithTimeout(ctx, c.gate.Deadline)
		defer cancel()
		return c.gate.turns(c.ask).again(ctx)
	}
	return c.gate.turns(c.ask).take(ctx)
}

// admit finds out who asks, what they may, and the rest of what they send.
func (c *call) admit(ctx context.Context) (err error) {
	a := c.ask
	if a.System {
		c.operator = access.System()
	} else {
		waiting, cancel := context.WithTimeout(ctx, c.gate.Deadline)
		c.operator, err = c.gate.Guard.Authenticate(waiting, c.gate.Store, a.Credentials, a.Remote)
		cancel()
		if err != nil {
			return err
		}
	}
	c.told.Operator = c.operator.Name
	if a.Recognised != nil {
		if err := a.Recognised(c.operator); err != nil {
			return err
		}
	}
	if a.Right != "" && !c.operator.May(a.Right) {
		return failure.NotAllowed.With("%s has no right to %s", c.operator.Name, a.Right)
	}
	if a.Receive != nil {
		return a.Receive()
	}
	return nil
}

// begin is the unit of one run of fn.
func (c *call) begin(ctx context.Context, tx store.Tx) *Unit {
	c.unit = &Unit{Tx: tx, Operator: c.operator, Brand: c.brand, Ask: c.ask, gate: c.gate, ctx: ctx}
	return c.unit
}

// apart runs a call that looks more than once.
func (c *call) apart(ctx context.Context, fn func(*Unit) error) error {
	u := c.begin(ctx, nil)
	u.ctx, u.stop = context.WithCancel(ctx)
	u.give = c.give
	defer func() { u.stop() }()
	c.give = func() { u.give() }
	return fn(u)
}

// seeing is the context in which a reading call looks: somebody who asks may be answered from
// a standby.
func (a *Ask) seeing(ctx context.Context) context.Context {
	if a.System {
		return ctx
	}
	return store.Behind(ctx)
}

// repeats reports whether the call may come again under its name.
func (c *call) repeats() bool {
	return c.question != nil && c.ask.RequestID != "" && !c.ask.Reads
}

// write runs a call that changes things. What it did, its audit row and the
// reply kept for its request id are one transaction; a refusal undoes
// what it did and commits the other two.
func (c *call) write(ctx context.Context, fn func(*Unit) error) error {
	if c.repeats() {
		leave, err := c.gate.running.enter(ctx, c.keptUnder(c.ask.RequestID))
		if err != nil {
			return err
		}
		defer leave()
		if kept, err := c.kept(ctx); kept != nil || err != nil {
			return c.again(kept, err)
		}
	}
	if c.ask.Ready != nil {
		if err := c.ask.Ready(); err != nil {
			return err
		}
	}
	var refused error
	err := c.gate.Store.Update(ctx, func(inner store.Tx) error {
		tx := access.NewChanges(inner, customer.ErasureKind)
		refused = tx.Savepoint(func() error {
			c.undone = c.ask.DryRun
			if err := fn(c.begin(ctx, tx)); err != nil || !c.ask.DryRun {
				return err
			}
			return errDryRun
		})
		if errors.Is(refused, errDryRun) {
			refused = nil
		}
		if refused != nil && !c.isRefusal(refused) {
			return refused
		}
		if err := c.concerned(tx); err != nil {
			return err
		}
		c.outcome(refused)
		if err := c.recordChanges(tx); err != nil || !c.repeats() || c.ask.DryRun {
			return err
		}
		return c.keep(tx, refused)
	})
	switch {
	case err == nil:
		c.audited = true
		return refused
	case errors.Is(err, store.ErrOutcomeUnknown):
		c.gate.Log.Error("outcome unknown", "hookpoint", c.named(), "request_id", c.ask.RequestID, "cause", err)
		return errors.Join(ErrOutcomeUnknown, err)
	case c.repeats() && failure.CodeOf(err) == failure.RequestIDReused:
		// Another replica kept an answer between our look and our commit.
		return c.again(c.kept(ctx))
	}
	return err
}

// errDryRun undoes what a dry run did.
var errDryRun = errors.New("unit: this was a dry run")

func (c *call) isRefusal(err error) bool {
	if c.ask.Refused != nil {
		return c.ask.Refused(err)
	}
	code := failure.CodeOf(err)
	return code != nil && code.Kind != failure.Internal && code.Kind != failure.Busy
}

// kept is the answer that was kept for the call, also by a version that kept request
// ids as they came.
func (c *call) kept(ctx context.Context) (kept *reply, err error) {
	err = c.gate.Store.View(ctx, func(tx store.Tx) (err error) {
		kept, err = keptFor(tx, c.keptUnder(c.ask.RequestID), c.question)
		if kept == nil && err == nil && c.ask.ClearID != "" && c.ask.ClearID != c.ask.RequestID {
			kept, err = keptFor(tx, c.keptUnder(c.ask.ClearID), c.question)
		}
		return err
	})
	return kept, err
}

func (c *call) keptUnder(id string) string {
	return store.Compose(c.ask.Face, c.operator.Name, c.brand.Key, id)
}

// again answers with what was kept.
func (c *call) again(kept *reply, err error) error {
	if kept == nil || err != nil {
		return err
	}
	c.told.Replayed = true
	return c.ask.Again(kept.Body)
}

// mostConcerned is how many objects of a call are looked at for whose they are, of one
// of which no answer is kept: the first that is somebody's is enough for what is told.
const mostConcerned = 4

// concerned finds out whose customers' the objects are that the call touched.
func (c *call) concerned(tx store.Tx) (err error) {
	about := c.unit.objects
	if c.repeats() {
		c.told.Accounts, err = customer.AccountsOf(tx, about)
		return err
	}
	c.told.Accounts = nil
	for i := 0; i < min(len(about), mostConcerned) && len(c.told.Accounts) == 0 && err == nil; i++ {
		c.told.Accounts, err = customer.AccountsOf(tx, about[i:i+1])
	}
	return err
}

// keep writes the answer down beside what the call did.
func (c *call) keep(tx store.Tx, refused error) error {
	body, keep, err := c.ask.Keep(refused)
	if err != nil || !keep {
		return err
	}
	if len(c.told.Accounts) == 0 && c.unit.named != nil {
		if c.told.Accounts, err = customer.AccountsOf(tx, c.unit.named()); err != nil {
			return err
		}
	}
	return replies.Insert(tx, &reply{
		Request: c.keptUnder(c.ask.RequestID), Fingerprint: c.question.Fingerprint(),
		Accounts: c.told.Accounts, Thing: c.unit.thing, Body: body,
	})
}

func (c *call) named() string {
	if c.ask.Named != "" {
		return c.ask.Named
	}
	return c.ask.Operation
}

func (c *call) took() time.Duration { return c.gate.Now().Sub(c.told.At) }
