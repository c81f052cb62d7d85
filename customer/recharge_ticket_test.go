package customer_test

import (
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

func TestATicketIsDeletedAndAnotherMade(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	create := func(f customer.RechargeTicketFields) func(store.Tx, *catalogue.Brand) error {
		return func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.CreateRechargeTicket(tx, demo, c.group, f)
			return err
		}
	}
	remove := func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.DeleteRechargeTicket(tx, demo, c.group)
		return err
	}
	refused(t, s, customer.UnknownRechargeTicket, remove)
	for _, f := range []customer.RechargeTicketFields{{TicketID: "1:2"}, {Reference: "1:2"}, {TicketID: "1:2", Reference: "1:2", RechargeLimit: "10000000.00"}} {
		in(t, s, create(f))
		in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
			got, err := customer.RechargeTicketOf(tx, demo, c.group)
			if err == nil && (got.TicketID != "1:2" || got.Reference != "1:2") {
				t.Errorf("%+v is kept as %+v", f, got.RechargeTicketFields)
			}
			return err
		})
		in(t, s, remove)
		refused(t, s, customer.UnknownRechargeTicket, remove)
	}
	refused(t, s, failure.InvalidRequest, create(customer.RechargeTicketFields{TicketID: "1:2", Reference: "1:3"}))
	refused(t, s, failure.InvalidRequest, create(customer.RechargeTicketFields{TicketID: "1:2", RechargeLimit: "10000000.01"}))
	const card = "4111 1111 1111 1111"
	for _, f := range []customer.RechargeTicketFields{{TicketID: card}, {Reference: card}, {TicketID: "1:2", TicketType: card}, {TicketID: "1:2", RechargeAmount: card}} {
		refused(t, s, customer.CardNumberRefused, create(f))
	}
	refused(t, s, customer.UnknownRechargeTicket, remove)
	refused(t, s, customer.UnknownBillingGroup, func(tx store.Tx, _ *catalogue.Brand) error {
		_, err := customer.DeleteRechargeTicket(tx, brand(t, tx, "DEMO2"), c.group)
		return err
	})
}
