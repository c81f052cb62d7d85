package customer

import (
	"rator/event"
	"rator/failure"
	"rator/store"
)

// Every change of a customer is told, whichever operation made it, because it is noted
// where the kinds of customer data are declared. Operations tell what they do by topics of
// their own; what none of them told is told in the end by the wide topics below, once for
// each object and transaction. An event about the account itself, such as that it was
// made, speaks for all that the account has.
//
// A customer's document names its billing groups, but what is in them is theirs:
// an event about a group alone says nothing of its customer.

var (
	accountKey = event.Key{Name: "ACCOUNT_ID", Type: event.OfID, Desc: "The customer's account."}
	groupKey   = event.Key{Name: "BILLING_GROUP_ID", Type: event.OfID, Desc: "The billing group."}

	customerCreated = event.Declare("customer.created", "a customer was made, with its owner and its first billing group; what was made with it is told before",
		accountKey.Name, accountKey)
	customerChanged = event.Declare("customer.changed", "something of a customer changed that no other topic tells",
		accountKey.Name, accountKey)
	groupChanged = event.Declare("billing_group.changed", "something of a billing group changed, or of how it pays, that no other topic tells",
		groupKey.Name, groupKey, accountKey)
)

// NoteCustomer notes a change of a customer, which is told as customer.created or
// customer.changed unless something else is told of it.
func NoteCustomer(tx store.Tx, account store.ID, what store.Change) error {
	if what == store.Created {
		// The last of its unit, and whatever else is told: a customer is whole then.
		if err := tx.Finally(0, account, func(tx store.Tx) error { return emitOf(tx, customerCreated, account) }); err != nil {
			return err
		}
	}
	return tx.Finally(account, account, func(tx store.Tx) error { return emitOf(tx, customerChanged, account) })
}

// NoteBillingGroup notes a change of a billing group or its payment details, which is told
// as billing_group.changed unless something else is told of it.
func NoteBillingGroup(tx store.Tx, group, account store.ID) error {
	return tx.Finally(group, account, func(tx store.Tx) error { return emitOf(tx, groupChanged, account, event.ID(groupKey.Name, group)) })
}

// emitOf emits an event about an account that may be gone.
func emitOf(tx store.Tx, t *event.Topic, account store.ID, values ...event.Value) error {
	a, err := accounts.Get(tx, account)
	if failure.CodeOf(err) == UnknownAccount {
		a, err = &Account{}, nil
	}
	if err != nil {
		return err
	}
	return t.Emit(tx, event.Whose{Brand: a.Brand, Account: account}, append(values, event.ID(accountKey.Name, account))...)
}

// noteGroup is what billing groups are watched by: their number is their
// customer's affair as well.
func noteGroup(tx store.Tx, g *BillingGroup, what store.Change) error {
	if what != store.Updated {
		if err := NoteCustomer(tx, g.Account, store.Updated); err != nil {
			return err
		}
	}
	return NoteBillingGroup(tx, g.ID, g.Account)
}
