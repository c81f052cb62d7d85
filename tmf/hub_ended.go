package tmf

import (
	"strings"

	"rator/customer"
	"rator/store"
)

// ended keeps what a deleted resource was last, for the notifications of its end. It
// is no part of the event, because events stay: this goes after KeptFor, and earlier
// when somebody it speaks of is erased. A listener that was not told until then is
// not told what it was.
type ended struct {
	store.Base
	Account   store.ID `json:",omitzero"` // of its customer, where there is one
	Documents string   // by dialect, as JSON
}

var endings = store.Define("tmf_ended", nil, func(x *ended) *store.Base { return &x.Base })

// shownOfEnded is what is kept of the document of a resource that ends in a
// transaction: what ends because somebody is erased was the person's.
func shownOfEnded(tx store.Tx) (func(Value) Value, error) {
	before, err := customer.Erasures(tx.Before())
	if err != nil {
		return nil, err
	}
	now, err := customer.Erasures(tx)
	if now > before {
		return bare, err
	}
	return func(doc Value) Value { return doc }, err
}

// forgetEnded deletes what ended resources were that speak of a person, or of the
// customer whose owner the person is.
func forgetEnded(tx store.Tx, a *customer.Account, user *customer.User) error {
	all, err := collect(endings.Scan(tx))
	if err != nil {
		return err
	}
	for _, x := range all {
		own := a.Owner == user.ID && (x.Account == a.ID || strings.Contains(x.Documents, a.ID.String()))
		if !own && !strings.Contains(x.Documents, user.ID.String()) {
			continue
		}
		if err := endings.Delete(tx, x); err != nil {
			return err
		}
	}
	return nil
}
