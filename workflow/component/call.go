package component

import (
	"context"
	"slices"
	"time"

	"rator/access"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
	"rator/typeface"
	"rator/workflow/value"
)

// Brand is the brand a call is for.
type Brand = catalogue.Brand

// Call is what a component works with: the call's transaction and who asked.
type Call struct {
	Ctx      context.Context
	Tx       store.Tx
	Brand    *Brand
	Operator string        // name of the operator
	Guard    *access.Guard // for workflows that check an operator

	// Touched collects the ids of objects read or changed, for the audit row.
	Touched []store.ID
	// Delay is how long the answer is held back after the transaction, for
	// wrong passwords of operators.
	Delay time.Duration
	// LoginTries are the tries of users' passwords, to be counted after the
	// transaction, which may run more than once.
	LoginTries []LoginTry
	// NewPasswordLimit fails when a new password is asked for too often for a login,
	// given by its key; nil = there is no limit. It counts once for each call.
	NewPasswordLimit func(login string) error

	// Asked are the values of the hookpoint whose script runs.
	Asked value.Tree

	// Clear are references of the request as they came, by what is kept of them.
	Clear map[string]string

	// Fonts are what documents are printed with; nil = those of the binary.
	Fonts *typeface.Fonts
	// Unprinted is told the letters of a document, by its number, that no font has;
	// nil = nobody is. It may be told more than once.
	Unprinted func(document string, letters []rune)

	// Persons says what is kept of people.
	Persons Persons

	// Erased says that somebody was erased (customer.Erasure).
	Erased bool

	unchecked []store.ID // accounts whose structure changed
	read      struct {   // the customer that was read last, in a state of the transaction
		whole *customer.Whole
		state int64
	}
}

// wholeOf gives a customer of the call's brand with everything that belongs to it, which
// is read once as long as the transaction sees the same. It is the call's: nobody
// changes anything of it, the order of its lists included.
func (c *Call) wholeOf(account store.ID) (*customer.Whole, error) {
	state := c.Tx.State()
	if w := c.read.whole; w != nil && w.Account.ID == account && c.read.state == state {
		return w, nil
	}
	w, err := customer.LoadWhole(c.Tx, c.Brand, account)
	if err == nil {
		c.read.whole, c.read.state = w, state
	}
	return w, err
}

// LoginTry is one try of a user's password.
type LoginTry struct {
	Login string // customer.LoginKey
	Right bool
}

// tried notes a try of a login's password.
func (c *Call) tried(login string, right bool) {
	c.LoginTries = append(c.LoginTries, LoginTry{customer.LoginKey(c.Brand, login), right})
}

// touch notes an object for the audit row.
func (c *Call) touch(id store.ID) {
	if id != 0 && !slices.Contains(c.Touched, id) {
		c.Touched = append(c.Touched, id)
	}
}

// restructured notes an account whose parts changed, to be checked at the end.
func (c *Call) restructured(account store.ID) {
	c.touch(account)
	if !slices.Contains(c.unchecked, account) {
		c.unchecked = append(c.unchecked, account)
	}
}

// Finish is the end of a call that succeeded: no script leaves half a customer.
func (c *Call) Finish() error {
	for _, account := range c.unchecked {
		w, err := c.wholeOf(account)
		if err == nil {
			err = w.Check()
		}
		if err != nil {
			return err
		}
	}
	return nil
}
