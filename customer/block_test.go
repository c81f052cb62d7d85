package customer_test

import (
	"testing"
	"time"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

func TestBlockTypesAndDates(t *testing.T) {
	s := open(t)
	now := time.Now().UTC()
	day := func(days int) string { return now.AddDate(0, 0, days).Format(time.DateOnly) }
	for _, test := range []struct {
		kind, date string
		want       *failure.Code
	}{
		{customer.BlockAsStolen, "", nil},
		{customer.BlockAsLost, day(0), nil},
		{customer.BlockByCustomer, "", nil},
		{customer.BlockByOperator, "", nil},
		{customer.BlockAsStolen, day(-30) + "T10:11:12+02:00", nil},
		{customer.BlockAsStolen, day(1), customer.StolenDateOutOfRange},
		{customer.BlockAsStolen, day(3), customer.StolenDateOutOfRange},
		{customer.BlockAsLost, "1999-12-31", customer.StolenDateOutOfRange},
		{customer.BlockAsStolen, "2000-01-01", nil},
		{customer.BlockAsStolen, "yesterday", failure.InvalidRequest},
		{customer.BlockAsStolen, "2014-02-30", failure.InvalidRequest},
		{customer.BlockByCustomer, day(0), failure.InvalidRequest},
		{customer.BlockByOperator, "1999-12-31", failure.InvalidRequest},
		{"", "", failure.InvalidRequest},
		{"BLOCK_AS_JOKE", "", failure.InvalidRequest},
	} {
		t.Run(test.kind+" "+test.date, func(t *testing.T) {
			c := signUp(t, s, "")
			in(t, s, activate(c))
			block := func(tx store.Tx, demo *catalogue.Brand) error {
				_, err := customer.BlockSubscription(tx, demo, c.subscription, customer.NewBlock{BlockFields: customer.BlockFields{BlockType: test.kind, StolenDate: test.date}})
				return err
			}
			state, fields := customer.Active, customer.BlockFields{}
			if test.want != nil {
				refused(t, s, test.want, block)
			} else {
				state, fields = customer.Blocked, customer.BlockFields{BlockType: test.kind, StolenDate: test.date}
				in(t, s, block)
			}
			in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
				sub, err := customer.SubscriptionByID(tx, demo, c.subscription)
				if err == nil && (sub.State != state || sub.BlockFields != fields) {
					t.Errorf("it is %s with %+v, want %s with %+v", sub.State, sub.BlockFields, state, fields)
				}
				return err
			})
		})
	}
}

func TestUnblockingForgetsWhy(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	for _, step := range []string{"activate", "block", "unblock"} {
		in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
			sub, err := lifecycleSteps[step](tx, demo, c.subscription)
			if step == "unblock" && err == nil && sub.BlockFields != (customer.BlockFields{}) {
				t.Errorf("it is %s with %+v", sub.State, sub.BlockFields)
			}
			return err
		})
	}
}
