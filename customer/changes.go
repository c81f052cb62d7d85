package customer

import (
	"rator/store"
)

// Every change of a customer is told as a store event, whichever operation made
// it, because it is noted where the kinds of customer data are declared: once for
// each object and transaction, saying the first thing that was done to it.
//
// A customer's document names its billing groups, but what is in them is theirs:
// an event about a group alone says nothing of its customer.

// The topics of events about changes. The body of CustomerChanged has ACCOUNT_ID
// and WHAT; that of BillingGroupChanged, which payment details are a part of, has
// BILLING_GROUP_ID, ACCOUNT_ID and WHAT. WHAT is the text of a store.Change.
const (
	CustomerChanged     = "customer.changed"
	BillingGroupChanged = "billing_group.changed"
)

// NoteCustomer notes a change of a customer that no kind of this room sees.
func NoteCustomer(tx store.Tx, account store.ID, what store.Change) error {
	body := make([]byte, 0, 64)
	body = append(body, `{"ACCOUNT_ID":"`...)
	body = append(body, account.String()...)
	return tx.EmitOnce(CustomerChanged, account, ending(body, what))
}

// NoteBillingGroup notes a change of a billing group or its payment details that
// no kind of this room sees.
func NoteBillingGroup(tx store.Tx, group, account store.ID, what store.Change) error {
	body := make([]byte, 0, 104)
	body = append(body, `{"BILLING_GROUP_ID":"`...)
	body = append(body, group.String()...)
	body = append(body, `","ACCOUNT_ID":"`...)
	body = append(body, account.String()...)
	return tx.EmitOnce(BillingGroupChanged, group, ending(body, what))
}

func ending(body []byte, what store.Change) []byte {
	body = append(body, `","WHAT":"`...)
	body = append(body, what.String()...)
	return append(body, `"}`...)
}

// noteGroup is what billing groups are watched by: their number is their
// customer's affair as well.
func noteGroup(tx store.Tx, g *BillingGroup, what store.Change) error {
	if what != store.Updated {
		if err := NoteCustomer(tx, g.Account, store.Updated); err != nil {
			return err
		}
	}
	return NoteBillingGroup(tx, g.ID, g.Account, what)
}
