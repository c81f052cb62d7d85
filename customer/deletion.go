package customer

import (
	"rator/catalogue"
	"rator/event"
	"rator/store"
)

// DeleteAccount closes a customer that is not CLOSED yet and takes it off the list
// of customers; what is known of it stays until it is erased (ErasePerson). It
// fails with LIVE_SUBSCRIPTIONS and OPEN_BALANCE, and with UNKNOWN_ACCOUNT when it
// is deleted already.
func DeleteAccount(tx store.Tx, brand *catalogue.Brand, account store.ID) (*Account, error) {
	a, err := AccountByID(tx, brand, account)
	switch {
	case err != nil:
		return nil, err
	case !a.Deleted.IsZero():
		return nil, UnknownAccount.With("%s", account)
	case a.State != Closed:
		if a, err = closeAccount(tx, brand, account); err != nil {
			return nil, err
		}
	}
	if err := CheckSettled(tx, brand, account); err != nil {
		return nil, err
	}
	a.Deleted = tx.Now()
	if err := accounts.Put(tx, a); err != nil {
		return nil, err
	}
	if err := tallied(tx, brand, -1, 1); err != nil {
		return nil, err
	}
	return a, tellPart(tx, customerDeleted, brand, a.ID)
}

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

func userAndWhole(tx store.Tx, brand *catalogue.Brand, id store.ID) (*User, *Whole, error) {
	u, a, err := users.in(tx, brand, id)
	if err != nil {
		return nil, nil, err
	}
	w, err := load(tx, a)
	return u, w, err
}
