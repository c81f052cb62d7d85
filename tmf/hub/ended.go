package hub

import (
	"context"
	"strings"

	"rator/customer"
	"rator/store"
	"rator/tmf/resource"
	"rator/unit"
)

// ended is what a deleted resource was last, as a version kept it that told of it by an
// event of the stream: until that is adopted (adopt.go), for KeptFor at most, and not
// when somebody it speaks of is erased.
type Ended struct {
	store.Base
	Account   store.ID `json:",omitzero"` // of its customer, where there is one
	Documents string   // by dialect, as JSON
}

var Endings = store.Define("tmf_ended", nil, func(x *Ended) *store.Base { return &x.Base })

// eraseEnded deletes what ended resources were that speak of a person, or of the
// customer whose owner the person is.
func eraseEnded(tx store.Tx, a *customer.Account, user *customer.User) error {
	all, err := resource.Collect(Endings.Scan(tx))
	if err != nil {
		return err
	}
	for _, x := range all {
		own := a.Owner == user.ID && (x.Account == a.ID || strings.Contains(x.Documents, a.ID.String()))
		if !own && !strings.Contains(x.Documents, user.ID.String()) {
			continue
		}
		if err := Endings.Delete(tx, x); err != nil {
			return err
		}
	}
	return nil
}

// SweepEnded deletes what ended resources were as long ago as answers
// are kept, a small step at a time, and says how many went.
func SweepEnded(ctx context.Context, st store.Store) (int, error) {
	return Endings.DropOld(ctx, st, unit.KeptFor)
}
