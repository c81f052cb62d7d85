package workflow

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"

	"rator/access"
	"rator/card"
	"rator/typeface"
	"rator/unit"
	"rator/workflow/component"
	"rator/workflow/contract"
)

// Config is what an Engine is made of; Gate and Registry are needed.
type Config struct {
	Gate     *unit.Gate
	Registry *Registry
	// Logins count wrong tries at the passwords of users; nil = new ones.
	Logins *access.Logins

	NewRequestID func() string // for calls that bring none; nil = 128 random bits
	// Erased is told after a call that erased somebody; it must not take long. nil =
	// nobody is told.
	Erased func()
	// Cards conceals the references that look like the number of a card. Without it
	// they are refused, as no two of them could be told apart.
	Cards *card.Key
	// NewPasswords is how many new passwords the users of one operator may ask for
	// from one address in an hour; 0 = 1000.
	NewPasswords int
	Fonts        *typeface.Fonts                       // as component.Call.Fonts
	Unprinted    func(document string, letters []rune) // as component.Call.Unprinted
	Persons      component.Persons                     // as component.Call.Persons
}

// Engine runs calls. Safe for concurrent use.
type Engine struct {
	Config
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
	if c.Logins == nil {
		c.Logins = access.NewLogins(c.Gate.Now, access.SharedTries{})
	}
	return &Engine{Config: c, newPasswords: newNewPasswordLimits(c.NewPasswords)}
}

// cards is how calls are looked through for card numbers.
func (e *Engine) cards() contract.Cards {
	if e.Cards == nil {
		return contract.Cards{}
	}
	return contract.Cards{Conceal: e.Cards.Conceal}
}

// Invoke answers one call. A business failure is a Result with its code. The error is
// not nil only when no answer can be given: a *unit.BusyError when nothing was begun
// because too many calls wait, a *SecurityError, or one that matches
// unit.ErrOutcomeUnknown, when the call's changes may or may not be durable.
func (e *Engine) Invoke(ctx context.Context, r Request) (Result, error) {
	c, err := e.begin(r)
	if err != nil {
		err = e.Gate.Refuse(ctx, c.ask(), err)
	} else {
		err = e.Gate.Do(ctx, c.ask(), c.execute)
	}
	var (
		busy     *unit.BusyError
		insecure *SecurityError
	)
	switch {
	case errors.As(err, &busy):
		return Result{}, busy
	case errors.As(err, &insecure):
		return Result{}, insecure
	case errors.Is(err, unit.ErrOutcomeUnknown):
		return Result{}, err
	case err == nil && c.kept != nil:
		return c.answer(*c.kept), nil
	case err == nil && c.call.Erased && !r.DryRun && e.Erased != nil:
		e.Erased()
	}
	return c.answer(c.result(err)), nil
}

// answer is a result as the caller gets it, with what was told of the call.
func (c *invocation) answer(r Result) Result {
	r.Brand, r.Accounts, r.Ran = c.told.Brand, c.told.Accounts, c.told.Ran
	return c.echoed(r)
}
