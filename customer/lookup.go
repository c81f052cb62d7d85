package customer

import (
	"errors"
	"slices"

	"rator/event"
	"rator/failure"
	"rator/store"
)

// accountLookups give the account of an id, each for objects of one kind: 0 when it is
// none of them.
var accountLookups = []func(store.Tx, store.ID) (store.ID, error){
	func(tx store.Tx, id store.ID) (store.ID, error) {
		_, err := accounts.Doc(tx, id)
		return found(id, err, UnknownAccount)
	},
	partLookup(users), partLookup(billingGroups), partLookup(subscriptions),
}

// partAccount is the member of every part that says whose it is.
var partAccount = store.MemberName(func(p *Part) *store.ID { return &p.Account })

func partLookup[T any, P partOf[T]](k parts[T, P]) func(store.Tx, store.ID) (store.ID, error) {
	return func(tx store.Tx, id store.ID) (store.ID, error) {
		doc, err := k.Doc(tx, id)
		account, _ := doc.IDOf(partAccount)
		return found(account, err, k.unknown)
	}
}

// found makes nothing of an error that says that there is none.
func found(account store.ID, err error, none *failure.Code) (store.ID, error) {
	if failure.CodeOf(err) == none {
		return 0, nil
	}
	return account, err
}

// AccountsOf gives the accounts that ids are of, each once: ids of accounts, users,
// billing groups and subscriptions, of any brand. Others are of none.
func AccountsOf(tx store.Tx, ids []store.ID) ([]store.ID, error) {
	var all []store.ID
	for _, id := range ids {
		for _, accountOf := range accountLookups {
			account, err := accountOf(tx, id)
			if err != nil {
				return nil, err
			}
			if account == 0 {
				continue
			}
			if !slices.Contains(all, account) {
				all = append(all, account)
			}
			break
		}
	}
	return all, nil
}

// BrandAndAccountOf finds whose the objects with some ids are, of which an event tells that does
// not say it: the brand and the account of the first that is somebody's, nobody's where
// none is.
func BrandAndAccountOf(tx store.Tx, ids []store.ID) (event.Whose, error) {
	found, err := AccountsOf(tx, ids)
	if err != nil || len(found) == 0 {
		return event.Whose{}, err
	}
	a, err := accounts.Get(tx, found[0])
	if err != nil {
		return event.Whose{}, err
	}
	return event.Whose{Brand: a.Brand, Account: a.ID}, nil
}

// HasAccount reports whether there is an account of an id, of whatever brand,
// deleted ones included. Like the others here it is for checks of what another room
// keeps beside it.
func HasAccount(tx store.Tx, id store.ID) (bool, error) { return exists(tx, accounts.Name(), id) }

// HasBillingGroup is HasAccount for billing groups.
func HasBillingGroup(tx store.Tx, id store.ID) (bool, error) {
	return exists(tx, billingGroups.Name(), id)
}

// HasRechargeTicket is HasAccount for recharge tickets.
func HasRechargeTicket(tx store.Tx, id store.ID) (bool, error) {
	return exists(tx, rechargeTickets.Name(), id)
}

func exists(tx store.Tx, kind string, id store.ID) (bool, error) {
	_, err := tx.Get(kind, id)
	if errors.Is(err, store.ErrAbsent) {
		return false, nil
	}
	return err == nil, err
}
