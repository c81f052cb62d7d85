package customer

import (
	"slices"

	"rator/catalogue"
	"rator/store"
)

// Erasure says who was erased, by ids alone, for what keeps something of people
// outside the store: it follows later, and may have been out of reach. So erasures
// stay.
type Erasure struct {
	store.Base
	Objects []store.ID // the user, and what was the user's
}

// byErased finds the erasures of a user.
const byErased = "user"

var erasures = store.Define("erasure", nil, func(e *Erasure) *store.Base { return &e.Base },
	store.Index[Erasure]{Name: byErased, Value: func(e *Erasure) string {
		if len(e.Objects) == 0 {
			return ""
		}
		return e.Objects[0].String()
	}})

// ErasureKind is the name of the kind that keeps Erasures, for who looks at what is
// written.
var ErasureKind = erasures.Name()

// CheckNotErased fails with WRONG_STATE when a user was erased: nothing is said of the
// person again, and the user is nothing to anybody again. Somebody who was filled again
// since, which older versions allowed, was not.
func CheckNotErased(tx store.Tx, u *User) error {
	if u.Username != "" || u.PasswordHash != "" || u.UserFields != (UserFields{}) {
		return nil
	}
	erased, err := indexed(tx, erasures, byErased, u.ID.String())
	if err == nil && erased {
		err = WrongState.With("user %s was erased and cannot be changed or given anything: name another user, or create one", u.ID)
	}
	return err
}

// present finds a user of an account who may become something to it. It fails as
// parts.of and CheckNotErased.
func present(tx store.Tx, brand *catalogue.Brand, a *Account, id store.ID) (*User, error) {
	u, err := users.of(tx, brand, a, id)
	if err != nil {
		return nil, err
	}
	return u, CheckNotErased(tx, u)
}

// Erasures is how many persons were erased: one more while something goes on says that
// what was read of people before may not be written any more.
func Erasures(tx store.Tx) (int64, error) { return erasures.Count(tx) }

// ErasuresAfter gives those after the one with the id, oldest first; 0 gives all.
func ErasuresAfter(tx store.Tx, id store.ID) ([]*Erasure, error) {
	var all []*Erasure
	for e, err := range erasures.ScanAfter(tx, id) {
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

// ownObjects are the ids of a user and of what is the user's alone: the account that
// it owns, its billing groups with their recharge tickets, and the subscriptions that
// it uses with their lines, orders and port-ins.
func (w *Whole) ownObjects(u *User) []store.ID {
	own := []store.ID{u.ID}
	if w.Account.Owner == u.ID {
		own = append(own, w.Account.ID)
	}
	for _, g := range w.BillingGroups {
		if g.Owner == u.ID {
			own = append(own, g.ID)
		}
	}
	for _, s := range w.Subscriptions {
		if s.User == u.ID {
			own = append(own, s.ID)
		}
	}
	direct := slices.Clone(own)
	add := func(id, of store.ID) {
		if slices.Contains(direct, of) {
			own = append(own, id)
		}
	}
	for _, t := range w.RechargeTickets {
		add(t.ID, t.BillingGroup)
	}
	for _, s := range w.Services {
		add(s.ID, s.Subscription)
	}
	for _, o := range w.Orders {
		add(o.ID, o.Subscription)
	}
	for _, p := range w.NumberPortings {
		add(p.ID, p.Subscription)
	}
	return own
}
