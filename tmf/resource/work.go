package resource

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
	Unit  *unit.Unit // nil: no call is at work
	Tx    store.Tx   // nil: each look has one of its own
	Brand *catalogue.Brand
	// bounded says that no more may be looked at than an index or a limit bounds:
	// what would be more fails with ErrUnbounded.
	Bounded bool
	Objects []store.ID // that were touched where no call is at work
}

// ErrUnbounded says that neither an index nor a limit bounds what a list looks at.
var ErrUnbounded = errors.New("tmf: everything would be looked at")

// MaxBounded is how many items a list has at most that its page bounds, or an index.
const MaxBounded = 1000

// yieldEvery is after how many records what looks at very many lets others run.
const yieldEvery = 100

// newest runs do over one state of the store: the one that u is of, else one of its own.
func (u *Work) newest(do func(*Work) error) error { return u.look(u.Unit.Look, do) }

// LookBehind is newest where what is a little older will do; do may run twice.
func (u *Work) LookBehind(do func(*Work) error) error { return u.look(u.Unit.LookBehind, do) }

func (u *Work) look(in func(func(store.Tx) error) error, do func(*Work) error) error {
	if u.Tx != nil {
		return do(u)
	}
	runtime.Gosched()
	return in(func(tx store.Tx) error {
		one := *u
		one.Tx = tx
		return do(&one)
	})
}

// about notes what a write is about: its id in addresses, its object and the customer's.
func (u *Work) about(id string, object, account store.ID) {
	u.Touch(object, account)
	u.Unit.About(id)
}

// touch notes objects for the audit row; the first is what it is found by.
func (u *Work) Touch(ids ...store.ID) {
	if u.Unit == nil {
		u.Objects = append(u.Objects, ids...)
		return
	}
	u.Unit.Touch(ids...)
}
