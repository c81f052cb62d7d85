package customer

import (
	"errors"

	"rator/store"
)

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

// indexed reports whether something has a value in an index.
func indexed[T any](tx store.Tx, kind *store.Kind[T], index, value string) (bool, error) {
	docs, err := kind.Docs(tx, index, value, 1)
	return len(docs) > 0, err
}
