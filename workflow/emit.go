package workflow

import (
	"fmt"
	"slices"

	"rator/card"
	"rator/customer"
	"rator/event"
	"rator/failure"
	"rator/store"
	"rator/workflow/value"
)

// Emit tells of something of a site's own. It masks card numbers, and does not refuse
// them: what a script tells may be in the store since before they were refused.
//
// What a script tells of a topic of ours is dropped, counted, and noted once: the
// operation that makes the change has told of it.
func (x *execution) Emit(topic string, in value.Tree) error {
	if event.ByName(topic) != nil {
		if !slices.Contains(x.dropped, topic) {
			x.notes = append(x.notes, fmt.Sprintf("emit of %s was dropped: the server tells of it itself", topic))
		}
		x.dropped = append(x.dropped, topic)
		return nil
	}
	account, err := x.whose(in)
	if err != nil {
		return err
	}
	cards := x.cards
	cards.Mask = true
	in, _ = cards.Screen(nil, in)
	return x.call.Tx.Emit(store.Event{Topic: card.Mask(topic), Brand: x.call.Brand.Key, Account: account, Body: in.JSON()})
}

// whose is the account that an event of a site's own is of: the one that it names as
// ACCOUNT_ID, else that of the objects which the call has touched, where that is one; 0
// for none, and for another brand's.
func (x *execution) whose(in value.Tree) (store.ID, error) {
	if id, err := store.ParseID(in.Text("ACCOUNT_ID")); err == nil && id != 0 {
		if id, err = x.ofBrand(id); err != nil || id != 0 {
			return id, err
		}
	}
	if n := len(x.call.Touched); n != x.placed.touched {
		all, err := customer.AccountsOf(x.call.Tx, x.call.Touched[:min(n, mostNamed)])
		if err != nil {
			return 0, err
		}
		x.placed.touched, x.placed.account = n, 0
		if len(all) == 1 {
			if x.placed.account, err = x.ofBrand(all[0]); err != nil {
				return 0, err
			}
		}
	}
	return x.placed.account, nil
}

// ofBrand is an account of the call's brand, 0 when it is none.
func (x *execution) ofBrand(id store.ID) (store.ID, error) {
	_, err := customer.AccountByID(x.call.Tx, x.call.Brand, id)
	if failure.CodeOf(err) == customer.UnknownAccount {
		return 0, nil
	}
	return id, err
}
