// Package customer is the business: a customer is an Account with its Users,
// Billing Groups, Subscriptions and Services and what hangs on them
// (rator-api.md 2). It holds their invariants and state changes, as operations
// on a store.Tx in which whoever runs them commits them as one unit.
//
// Operations take the caller's brand; an object of another brand is unknown to
// it. Each leaves its own objects right; that the customer as a whole is
// complete (one owner, a user, a billing group, a service in each subscription)
// is CheckAccount's to say, at the end of the unit. Invoices, payments and
// postings are billing's, what is sold is catalogue's.
//
// Fields that travel under a key carry it in a tag, so that no field list is
// written twice:
//
//	FirstName string `key:"FIRST_NAME"`
//	State     string `key:"STATE" out:"ADDRESS_STATE"` // answered under another key
//	Birthday  string `key:"BIRTHDAY" out:"-"`          // taken, never answered
//
// The embedded …Fields structs hold what a request may set; the fields beside
// them are the operations'.
package customer

import (
	"time"

	"rator/catalogue"
	"rator/customer/internal/record"
	"rator/failure"
	"rator/store"
)

// Part is what everything that belongs to an account has. Embed it.
type Part struct {
	store.Base
	Account  store.ID
	Modified time.Time `json:",omitzero"` // when it was changed last; zero: by a version that did not keep it
}

func (p *Part) part() *Part { return p }

type partOf[T any] interface {
	*T
	part() *Part
}

// parts is a kind of part with what callers are told who name an unknown one.
type parts[T any, P partOf[T]] struct {
	*store.Kind[T]
	unknown *failure.Code
}

// define declares a kind of part. A change of one is noted as one of its customer
// (changes.go).
func define[T any, P partOf[T]](name string, unknown *failure.Code, indexes ...store.Index[T]) parts[T, P] {
	indexes = append(indexes, store.Index[T]{Name: record.ByAccount, Value: func(x *T) string { return P(x).part().Account.String() }})
	kind := store.Define(name, unknown, func(x *T) *store.Base { return &P(x).part().Base }, indexes...)
	kind.Audited()
	kind.Stamp(func(tx store.Tx, x *T) { P(x).part().Modified = tx.Now() })
	kind.Watch(func(tx store.Tx, x *T, _ store.Change) error {
		return NoteCustomer(tx, P(x).part().Account, store.Updated)
	})
	return parts[T, P]{record.Keep(kind), unknown}
}

// watched has a kind's changes noted in another way than all parts' are.
func (k parts[T, P]) watched(note func(store.Tx, *T, store.Change) error) parts[T, P] {
	k.Watch(note)
	return k
}

// secret says of which members the audit tells no values.
func (k parts[T, P]) secret(members ...string) parts[T, P] {
	k.Audited(members...)
	return k
}

// in gives a part of a customer of the brand, and the account it belongs to.
func (k parts[T, P]) in(tx store.Tx, brand *catalogue.Brand, id store.ID) (*T, *Account, error) {
	x, err := k.Get(tx, id)
	if err != nil {
		return nil, nil, err
	}
	a, err := accounts.Get(tx, P(x).part().Account)
	if err != nil {
		return nil, nil, err
	}
	if a.Brand != brand.Key {
		return nil, nil, k.unknown.With("%s", id)
	}
	return x, a, nil
}

// of gives a part that must belong to one account: WRONG_ACCOUNT when it is
// another customer's of the brand.
func (k parts[T, P]) of(tx store.Tx, brand *catalogue.Brand, a *Account, id store.ID) (*T, error) {
	x, owner, err := k.in(tx, brand, id)
	if err == nil && owner.ID != a.ID {
		return nil, WrongAccount.With("%s %s is not of account %s", k.Name(), id, a.ID)
	}
	return x, err
}

// ofAccount gives all parts of an account, oldest first.
func (k parts[T, P]) ofAccount(tx store.Tx, account store.ID) ([]*T, error) {
	return collect(tx, k.Kind, record.ByAccount, account.String())
}

// ask has a batch ask for all parts of an account, by its id in digits, oldest first.
func (k parts[T, P]) ask(b *store.Batch, account string, into *[]*T) {
	k.Ask(b, record.ByAccount, account, into)
}

func collect[T any](tx store.Tx, kind *store.Kind[T], index, value string) ([]*T, error) {
	var all []*T
	for x, err := range kind.All(tx, index, value) {
		if err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	return all, nil
}
