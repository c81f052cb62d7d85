package customer_test

import (
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// A billing group goes, or goes to another account, only when it is not the last
// one and paid for nothing.
func TestBillingGroupsEnd(t *testing.T) {
	s := open(t)
	c, other := signUp(t, s, "aase"), signUp(t, s, "bo")
	var spare store.ID
	add := func(tx store.Tx, demo *catalogue.Brand) error {
		g, err := customer.CreateBillingGroup(tx, demo, customer.NewBillingGroup{ID: spare, Account: c.account, Owner: c.owner, ProductCode: "POST_PAID", BillingGroupFields: customer.BillingGroupFields{Name: "spare"}})
		if err == nil {
			spare = g.ID
		}
		return err
	}
	remove := func(id store.ID) func(store.Tx, *catalogue.Brand) error {
		return func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.DeleteBillingGroup(tx, demo, id)
			return err
		}
	}
	refused(t, s, customer.LastBillingGroup, remove(c.group))
	in(t, s, add)
	refused(t, s, customer.BillingGroupHasMembers, remove(c.group))
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.CreateRechargeTicket(tx, demo, spare, customer.RechargeTicketFields{TicketID: "1:2"})
		return err
	})
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		g, err := customer.GiveBillingGroup(tx, demo, spare, other.account)
		if err == nil && (g.Account != other.account || g.Owner != other.owner || g.ID != spare) {
			t.Errorf("%+v", g)
		}
		return err
	})
	in(t, s, remove(spare))
	refused(t, s, customer.UnknownBillingGroup, remove(spare))
	was := spare
	in(t, s, add) // with the id that it had
	if spare != was {
		t.Errorf("the id is %s, it was %s", spare, was)
	}
}
