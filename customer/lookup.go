package customer

import (
	"errors"
	"slices"

	"rator/event"
	"rator/store"
)

// partLookups have a batch ask for the account of an id, each for parts of one kind.
var partLookups = []func(b *store.Batch, id store.ID, into *store.Doc){users.AskDoc, billingGroups.AskDoc, subscriptions.AskDoc}

// partAccount is the member of every part that says whose it is.
var partAccount = store.MemberName(func(p *Part) *store.ID { return &p.Account })

// AccountsOf gives the accounts that ids are of, each once: ids of accounts, users,
// billing groups and subscriptions, of any brand. Others are of none. It asks for all
// accounts at once, and then for what is none.
func AccountsOf(tx store.Tx, ids []store.ID) ([]store.ID, error) {
	var b store.Batch
	of, parts := make([]store.Doc, len(ids)), make([][]store.Doc, len(ids))
	for i, id := range ids {
		accounts.AskDoc(&b, id, &of[i])
	}
	if err := b.Answer(tx); err != nil {
		return nil, err
	}
	for i, id := range ids {
		if of[i].ID != 0 {
			continue
		}
		parts[i] = make([]store.Doc, len(partLookups))
		for n, ask := range partLookups {
			ask(&b, id, &parts[i][n])
		}
	}
	if err := b.Answer(tx); err != nil {
		return nil, err
	}
	var all []store.ID
	for i := range ids {
		account := of[i].ID
		for _, p := range parts[i] {
			if p.ID != 0 {
				account, _ = p.IDOf(partAccount)
			}
		}
		if account != 0 && !slices.Contains(all, account) {
			all = append(all, account)
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
