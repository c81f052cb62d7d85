package tmf

import (
	"context"
	"strings"

	"rator/customer"
	"rator/store"
	"rator/unit"
)

// ended is what a deleted resource was last, as a version kept it that told of it by an
// event of the stream: until that is adopted (hub_adopt.go), for KeptFor at most, and not
// when somebody it speaks of is erased.
type ended struct {
	store.Base
	Account   store.ID `json:",omitzero"` // of its customer, where there is one
	Documents string   // by dialect, as JSON
}

var endings = store.Define("tmf_ended", nil, func(x *ended) *store.Base { return &x.Base })

// eraseEnded deletes what ended resources were that speak of a person, or of the
// customer whose owner the person is.
func eraseEnded(tx store.Tx, a *customer.Account, user *customer.User) error {
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

// SweepEnded deletes what ended resources were as long ago as answers
// are kept, a small step at a time, and says how many went.
func SweepEnded(ctx context.Context, st store.Store) (int, error) {
	return endings.DropOld(ctx, st, unit.KeptFor)
}
