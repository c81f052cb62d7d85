package customer

import (
	"strings"
	"time"

	"rator/catalogue"
	"rator/event"
	"rator/store"
)

// How a user leaves: deleted from a customer who goes on, or erased as a person
// once nobody needs the data any more.

// DeleteUser removes a user who is nothing to the account now, and gives the
// account. It fails with USER_IS_OWNER, USER_HAS_SUBSCRIPTION and
// USER_IS_BILLING_ADDRESS. TERMINATED subscriptions of the user become the
// account owner's, without what was asked of a losing operator and why they were
// blocked; where the user was
// the delivery address there is none.
func DeleteUser(tx store.Tx, brand *catalogue.Brand, id store.ID) (*Account, error) {
	u, w, err := userAndWhole(tx, brand, id)
	if err != nil {
		return nil, err
	}
	if err := w.unused(u); err != nil {
		return nil, err
	}
	if err := w.forgetPorting(tx, u); err != nil {
		return nil, err
	}
	if err := w.forgetDelivery(tx, u); err != nil {
		return nil, err
	}
	if err := w.keepPlaces(tx, u); err != nil {
		return nil, err
	}
	for _, s := range w.Subscriptions {
		if s.User != u.ID {
			continue
		}
		s.User = w.Account.Owner
		s.forgetReasons()
		if err := subscriptions.Put(tx, s); err != nil {
			return nil, err
		}
	}
	if err := event.EndSecrets(tx, u.ID); err != nil {
		return nil, err
	}
	if err := users.Delete(tx, u); err != nil {
		return nil, err
	}
	return w.Account, tellPart(tx, userDeleted, brand, u.Account, event.ID(userKey.Name, u.ID))
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

func userAndWhole(tx store.Tx, brand *catalogue.Brand, id store.ID) (*User, *Whole, error) {
	u, a, err := users.in(tx, brand, id)
	if err != nil {
		return nil, nil, err
	}
	w, err := load(tx, a)
	return u, w, err
}

// unused fails with what a user still is to the account. A delivery address is
// not among it: there are others.
func (w *Whole) unused(u *User) error {
	if w.Account.Owner == u.ID {
		return UserIsOwner.With("of account %s", w.Account.ID)
	}
	for _, g := range w.BillingGroups {
		switch u.ID {
		case g.Owner:
			return UserIsOwner.With("of billing group %s", g.ID)
		case g.BillingAddress:
			return UserIsBillingAddress.With("%s", g.ID)
		}
	}
	for _, s := range w.Subscriptions {
		if s.User == u.ID && s.State != Terminated {
			return UserHasSubscription.With("%s, which is %s", s.ID, s.State)
		}
	}
	return nil
}

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

// forgetPorting empties what was asked of a losing operator for subscriptions of
// the user.
func (w *Whole) forgetPorting(tx store.Tx, u *User) error {
	for _, p := range w.NumberPortings {
		if s := w.Subscription(p.Subscription); s == nil || s.User != u.ID {
			continue
		}
		p.NumberPortingFields = NumberPortingFields{}
		if err := numberPortings.Put(tx, p); err != nil {
			return err
		}
		for _, o := range w.Orders {
			if o.Porting != p.ID {
				continue
			}
			o.Identifier, o.Number, o.Description, o.Reason = "", "", "", ""
			if err := orders.Put(tx, o); err != nil {
				return err
			}
		}
	}
	return nil
}

// forgetOrders empties what somebody wrote why orders for subscriptions of the user
// ended as they did.
func (w *Whole) forgetOrders(tx store.Tx, u *User) error {
	for _, o := range w.Orders {
		if s := w.Subscription(o.Subscription); s == nil || s.User != u.ID || o.Reason == "" {
			continue
		}
		o.Reason = ""
		if err := orders.Put(tx, o); err != nil {
			return err
		}
	}
	return nil
}

// forgetReference empties who sent an account's owner to us.
func (w *Whole) forgetReference(tx store.Tx, u *User) error {
	if w.Account.Owner != u.ID || w.Account.ReferencedBy == "" {
		return nil
	}
	w.Account.ReferencedBy = ""
	return accounts.Put(tx, w.Account)
}

// forgetLines empties the numbers and devices of lines that the user used. All are
// TERMINATED.
func (w *Whole) forgetLines(tx store.Tx, u *User) error {
	for _, line := range w.Services {
		if s := w.Subscription(line.Subscription); s == nil || s.User != u.ID {
			continue
		}
		line.ServiceFields = ServiceFields{}
		line.setNumber("")
		if err := services.Put(tx, line); err != nil {
			return err
		}
	}
	return nil
}

// forgetDelivery takes the user from where goods go.
func (w *Whole) forgetDelivery(tx store.Tx, u *User) error {
	if w.Account.DeliveryAddress == u.ID {
		w.Account.DeliveryAddress = 0
		if err := accounts.Put(tx, w.Account); err != nil {
			return err
		}
	}
	for _, s := range w.Subscriptions {
		if s.DeliveryAddress != u.ID {
			continue
		}
		s.DeliveryAddress = 0
		if err := subscriptions.Put(tx, s); err != nil {
			return err
		}
	}
	return nil
}

// forgetPaying empties how the user pays: bank data, recharge ticket, and a name
// that somebody chose, of each billing group that is the user's.
func (w *Whole) forgetPaying(tx store.Tx, u *User) error {
	for _, g := range w.BillingGroups {
		if g.Owner != u.ID {
			continue
		}
		kept := BillingGroupFields{Name: g.Name, BillingAddress: g.BillingAddress, InvoiceDeliveryType: g.InvoiceDeliveryType,
			InvoiceDeliveryTypeID: g.InvoiceDeliveryTypeID, AddBillingFee: g.AddBillingFee}
		if !strings.HasPrefix(g.Name, w.Account.CustomerNumber+"-") {
			name, err := nextGroupName(tx, w.Account)
			if err != nil {
				return err
			}
			kept.Name = name
		}
		g.BillingGroupFields = kept
		if g.DunningPause != nil {
			g.DunningPause.Reason = ""
		}
		if err := billingGroups.Put(tx, g); err != nil {
			return err
		}
		for _, t := range w.RechargeTickets {
			if t.BillingGroup != g.ID {
				continue
			}
			if err := rechargeTickets.Delete(tx, t); err != nil {
				return err
			}
		}
	}
	return nil
}
