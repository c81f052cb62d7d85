package tmf

import (
	"errors"
	"runtime"

	"rator/catalogue"
	"rator/store"
	"rator/unit"
)

// Work is one look at the business, or one indivisible change of it, about a resource:
// on behalf of a call, or of hubs that are to be told.
type Work struct {
	Call  *Call
	unit  *unit.Unit // nil: no call is at work
	tx    store.Tx   // nil: each look has one of its own
	brand *catalogue.Brand
	// bounded says that no more may be looked at than an index or a limit bounds:
	// what would be more fails with errUnbounded.
	bounded bool
	objects []store.ID // that were touched where no call is at work
}

// errUnbounded says that neither an index nor a limit bounds what a list looks at.
var errUnbounded = errors.New("tmf: everything would be looked at")

// maxBounded is how many items a list has at most that its page bounds, or an index.
const maxBounded = 1000

// yieldEvery is after how many records what looks at very many lets others run.
const yieldEvery = 100

// look runs do over one state of the store: the one that w is of, else one of its own.
func (u *Work) look(do func(*Work) error) error {
	if u.tx != nil {
		return do(u)
	}
	runtime.Gosched()
	return u.unit.Look(func(tx store.Tx) error {
		one := *u
		one.tx = tx
		return do(&one)
	})
}

// about notes what a write is about: its id in addresses, its object and the customer's.
func (u *Work) about(id string, object, account store.ID) {
	u.touch(object, account)
	u.unit.About(id)
}

// touch notes objects for the audit row; the first is what it is found by.
func (u *Work) touch(ids ...store.ID) {
	if u.unit == nil {
		u.objects = append(u.objects, ids...)
		return
	}
	u.unit.Touch(ids...)
}
