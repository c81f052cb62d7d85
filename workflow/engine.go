package workflow

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"time"

	"rator/access"
	"rator/card"
	"rator/store"
	"rator/typeface"
	"rator/workflow/contract"
)

// Config is what an Engine is made of. Every field without a default is needed.
type Config struct {
	Store    store.Store
	Guard    *access.Guard
	Behind   *access.ReadBehind // writes the audit rows of calls that changed nothing
	Registry *Registry
	Log      *slog.Logger
	Now      func() time.Time

	NewRequestID func() string // for calls that bring none; nil = 128 random bits
	// Deadline is how long a call may take before it is answered with BUSY;
	// 0 = 10 s. SOAP clients give up at 15 s (rator-api.md 1.9).
	Deadline time.Duration
	Observe  func(Observation) // is told of every call; may be nil
	// Erased is told after a call that erased somebody; it must not take long. nil =
	// nobody is told.
	Erased func()
	// Sleep holds an answer back; nil = really sleep, at most until ctx ends.
	Sleep func(ctx context.Context, d time.Duration)
	// Cards conceals the references that look like the number of a card. Without it
	// they are refused, as no two of them could be told apart.
	Cards *card.Key
	// NewPasswords is how many new passwords the users of one operator may ask for
	// from one address in an hour; 0 = 1000.
	NewPasswords int
	Fonts        *typeface.Fonts                       // as component.Call.Fonts
	Unprinted    func(document string, letters []rune) // as component.Call.Unprinted
}

// Observation tells one call, for metrics.
type Observation struct {
	Hookpoint string        // "" when there is none with the key that was asked for
	Outcome   string        // OK, REPLAYED, OUTCOME_UNKNOWN, or a failure code's name
	Took      time.Duration // the whole call
	Script    time.Duration // the workflow script's own share of it, components left out
	Warnings  int           // values that did not read and became null, on the way in and out of hookpoints
	Unknown   int           // entries of the request that the contract does not know
}

// Engine runs calls. Safe for concurrent use.
type Engine struct {
	Config
	running      running
	logins       *access.Logins
	newPasswords newPasswordLimits
}

// New makes an Engine.
func New(c Config) *Engine {
	if c.NewRequestID == nil {
		c.NewRequestID = func() string {
			var b [16]byte
			rand.Read(b[:])
			return hex.EncodeToString(b[:])
		}
	}
	if c.Deadline == 0 {
		c.Deadline = 10 * time.Second
	}
	if c.Observe == nil {
		c.Observe = func(Observation) {}
	}
	if c.Sleep == nil {
		c.Sleep = wait
	}
	return &Engine{Config: c, logins: access.NewLogins(c.Now), newPasswords: newNewPasswordLimits(c.NewPasswords)}
}

// cards is how calls are looked through for card numbers.
func (e *Engine) cards() contract.Cards {
	if e.Cards == nil {
		return contract.Cards{}
	}
	return contract.Cards{Conceal: e.Cards.Conceal}
}

// Invoke answers one call. A business failure is a Result with its code. The
// error is not nil only when no answer can be given: it matches
// ErrOutcomeUnknown when the call's changes may or may not be durable.
func (e *Engine) Invoke(ctx context.Context, r Request) (Result, error) {
	ctx, cancel := context.WithTimeout(ctx, e.Deadline)
	defer cancel()
	c := &invocation{engine: e, request: r, started: e.Now(), set: e.Registry.Current()}
	result, err := c.answer(ctx)
	if delay := c.held(); delay > 0 && err == nil {
		if r.Held != nil {
			r.Held()
		}
		e.Sleep(ctx, delay)
	}
	c.told(result, err)
	return c.echoed(result), err
}

func wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
