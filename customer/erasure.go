package customer

import (
	"slices"
	"time"

	"rator/catalogue"
	"rator/event"
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
	erased, err := erasures.Has(tx, byErased, u.ID.String())
	if err == nil && erased {
		err = WrongState.With("user %s was erased and cannot be changed or given anything: name another user, or create one", u.ID)
	}
	return err
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

// Erasures are those of the customer's users, oldest first.
func (w *Whole) Erasures(tx store.Tx) ([]*Erasure, error) {
	found := make([][]*Erasure, len(w.Users))
	var b store.Batch
	for i, u := range w.Users {
		erasures.Ask(&b, byErased, u.ID.String(), &found[i])
	}
	err := b.Answer(tx)
	all := slices.Concat(found...)
	slices.SortFunc(all, func(a, b *Erasure) int { return int(a.ID - b.ID) })
	return all, err
}

// Load keeps an erasure of elsewhere, or of before, as it is.
func (e *Erasure) Load(tx store.Tx) error { return erasures.Load(tx, e) }

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

// ErasePerson empties what is known of a person: every field of the user,
// USERNAME, which is free again, and password; numbers and devices of the lines
// that the user used, what was asked of a losing operator for them, and why they were
// blocked; bank data and recharge tickets of billing groups that the user owns, and why
// their dunning is paused; who sent the account's owner to us. The user's id stays, and
// so do ledger, invoices and orders, without a name, and who sold.
//
// It may be when the account is CLOSED, or when the user is nothing to it
// (USER_IS_OWNER and others as in DeleteUser), and the brand's retention is over
// since then (RETENTION_NOT_OVER).
func ErasePerson(tx store.Tx, brand *catalogue.Brand, id store.ID) (*User, error) {
	u, w, err := userAndWhole(tx, brand, id)
	if err != nil {
		return nil, err
	}
	if w.Account.State != Closed {
		if err := w.unused(u); err != nil {
			return nil, err
		}
	}
	if end := w.neededUntil(u).AddDate(0, 0, brand.Retention()); tx.Now().Before(end) {
		return nil, RetentionNotOver.With("user %s until %s", u.ID, end.Format(time.DateOnly))
	}
	if err := erasures.Insert(tx, &Erasure{Objects: w.ownObjects(u)}); err != nil {
		return nil, err
	}
	for _, forget := range []func(store.Tx, *User) error{w.forgetPorting, w.forgetOrders, w.forgetBlocks, w.forgetLines, w.forgetDelivery, w.forgetReference, w.forgetPaying, w.forgetPlaces} {
		if err := forget(tx, u); err != nil {
			return nil, err
		}
	}
	for _, forget := range forgetters {
		if err := forget(tx, w.Account, u); err != nil {
			return nil, err
		}
	}
	if err := event.EndSecrets(tx, u.ID); err != nil {
		return nil, err
	}
	*u = User{Part: u.Part, Brand: u.Brand, Released: u.Released}
	if err := users.Put(tx, u); err != nil {
		return nil, err
	}
	return u, tellPart(tx, personErased, brand, u.Account, event.ID(userKey.Name, u.ID))
}

// forgetters are told of who is erased, in the same unit.
var forgetters []func(store.Tx, *Account, *User) error

// OnErase makes fn part of ErasePerson, for rooms that keep something of a person
// beside what this one knows. Call it while a package is initialised.
func OnErase(fn func(store.Tx, *Account, *User) error) { forgetters = append(forgetters, fn) }

// neededUntil is when a user was last something to the account: as owner, address
// or user of a subscription; in a CLOSED account, when that or its last
// subscription ended.
func (w *Whole) neededUntil(u *User) time.Time {
	last := madeAt(u.ID)
	moments := []time.Time{u.Released, w.Account.Closed}
	for _, s := range w.Subscriptions {
		if s.User == u.ID || w.Account.State == Closed {
			moments = append(moments, s.Ended)
		}
	}
	for _, t := range moments {
		if t.After(last) {
			last = t
		}
	}
	return last
}

// madeAt is when an id was made.
func madeAt(id store.ID) time.Time {
	t, err := time.Parse("20060102150405", id.String()[:14])
	if err != nil {
		panic("customer: " + err.Error()) // the store makes ids of valid times only
	}
	return t
}
