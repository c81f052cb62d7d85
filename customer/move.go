package customer

import (
	"time"

	"rator/catalogue"
	"rator/event"
	"rator/store"
)

// MoveToNewBillingGroup makes a billing group for what a subscription has, also
// when that is no longer sold, and moves it there as ChangeBillingGroup does.
// Owner 0 is who owns the group it leaves.
func MoveToNewBillingGroup(tx store.Tx, brand *catalogue.Brand, subscription, owner store.ID, fields BillingGroupFields) (*BillingGroup, error) {
	s, a, err := subscriptions.in(tx, brand, subscription)
	if err != nil {
		return nil, err
	}
	if err := a.open(); err != nil {
		return nil, err
	}
	if s.State == Terminated {
		return nil, CannotMoveTerminated.With("%s", s.ID)
	}
	if owner == 0 {
		left, err := BillingGroupOfSubscription(tx, s)
		if err != nil {
			return nil, err
		}
		owner = left.Owner
	}
	if _, err := present(tx, brand, a, owner); err != nil {
		return nil, err
	}
	product, err := catalogue.ProductConfigByCode(tx, brand, s.ProductCode)
	if err != nil {
		return nil, err
	}
	g, err := createGroup(tx, brand, a, NewBillingGroup{Owner: owner, BillingGroupFields: fields}, product)
	if err != nil {
		return nil, err
	}
	return g, ChangeBillingGroup(tx, brand, s.ID, g.ID)
}

// CheckChangeDate fails with CHANGE_DATE_OUT_OF_RANGE for a date that is not today
// in its own zone: what is billed follows the membership, so it cannot change for
// the past, and nothing is planned ahead. The zero time means now.
func CheckChangeDate(tx store.Tx, date time.Time) error {
	if date.IsZero() {
		return nil
	}
	day, today := date.Format(time.DateOnly), tx.Now().In(date.Location()).Format(time.DateOnly)
	if day != today {
		return ChangeDateOutOfRange.With("CHANGE_DATE is %s, today is %s", day, today)
	}
	return nil
}

// Ownership says what a user is to own: an account, one of its billing groups, or
// both; 0 is neither.
type Ownership struct{ Account, BillingGroup store.ID }

// ChangeOwner makes a user the owner of an account, of a billing group, or of both,
// all of one account that is not CLOSED, and gives that account. It fails with
// NO_OBJECT_TO_OWN and WRONG_ACCOUNT.
func ChangeOwner(tx store.Tx, brand *catalogue.Brand, of Ownership, user store.ID) (*Account, error) {
	account := of.Account
	if of.BillingGroup != 0 {
		g, err := BillingGroupByID(tx, brand, of.BillingGroup)
		if err != nil {
			return nil, err
		}
		if account == 0 {
			account = g.Account
		}
	}
	if account == 0 {
		return nil, NoObjectToOwn.Error()
	}
	a, err := openAccount(tx, brand, account)
	if err != nil {
		return nil, err
	}
	var former, ofGroup store.ID
	if of.BillingGroup != 0 {
		if ofGroup, err = changeGroupOwner(tx, brand, a, of.BillingGroup, user); err != nil {
			return nil, err
		}
	}
	if of.Account != 0 {
		if a, former, err = setOwner(tx, brand, a.ID, user); err != nil {
			return nil, err
		}
	}
	if (of.BillingGroup == 0 || ofGroup == user) && (of.Account == 0 || former == user) {
		return a, nil // nothing has another owner than before
	}
	return a, tellPart(tx, ownerChanged, brand, a.ID, event.ID(groupKey.Name, of.BillingGroup), event.ID(ownerKey.Name, user))
}

// changeGroupOwner gives the owner before, 0 for none.
func changeGroupOwner(tx store.Tx, brand *catalogue.Brand, a *Account, group, user store.ID) (former store.ID, err error) {
	g, err := billingGroups.of(tx, brand, a, group)
	if err != nil {
		return 0, err
	}
	if _, err := present(tx, brand, a, user); err != nil || g.Owner == user {
		return g.Owner, err
	}
	former, receiver := g.Owner, g.Receiver()
	g.Owner = user
	g.redirected(tx, brand, receiver)
	if err := billingGroups.Put(tx, g); err != nil {
		return 0, err
	}
	return former, released(tx, former, user)
}
