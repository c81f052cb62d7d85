package customer_test

import (
	"strings"
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// importLimits takes the demo catalogue with other limits: of the brand, and of
// POST_PAID.
func importLimits(t *testing.T, s store.Store, ofBrand, ofProduct string) {
	t.Helper()
	demo := strings.Replace(string(catalogue.Demo()), "max_subscriptions = 10 ", ofBrand+"\n#", 1)
	demo = strings.Replace(demo, "credit_limit = 500.00 ", "#", 1)
	importDemo(t, s, strings.Replace(demo, `code = "POST_PAID"`, "code = \"POST_PAID\"\n"+ofProduct, 1))
}

func addLine(tx store.Tx, demo *catalogue.Brand, group, user store.ID, product string) (store.ID, error) {
	sub, err := customer.CreateSubscription(tx, demo, customer.NewSubscription{BillingGroup: group, User: user, ProductCode: product})
	if err != nil {
		return 0, err
	}
	_, err = customer.CreateService(tx, demo, customer.NewService{Subscription: sub.ID})
	return sub.ID, err
}

// The check and the creation give the same answer, whatever the limits.
func checkedAndAdded(t *testing.T, s store.Store, c sample, product string, want *failure.Code) {
	t.Helper()
	var checked, added error
	undone := failure.TryAgain.Error()
	err := s.Update(t.Context(), func(tx store.Tx) error {
		demo := brand(t, tx, "DEMO")
		checked = customer.CheckCanAdd(tx, demo, c.account, product)
		added = tx.Savepoint(func() error {
			if _, err := addLine(tx, demo, c.group, c.owner, product); err != nil {
				return err
			}
			return undone
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if added == error(undone) {
		added = nil
	}
	if failure.CodeOf(checked) != want || failure.CodeOf(added) != want {
		t.Errorf("CheckCanAdd: %v; CreateSubscription: %v; want %v", checked, added, want)
	}
}

func TestNumberOfSubscriptions(t *testing.T) {
	tests := []struct {
		name, ofBrand, ofProduct string
		has                      int // of POST_PAID
		want                     *failure.Code
	}{
		{"no limit", "", "", 3, nil},
		{"below the brand's", "max_subscriptions = 3", "", 2, nil},
		{"at the brand's", "max_subscriptions = 2", "", 2, customer.TooManySubscriptions},
		{"limit lowered since", "max_subscriptions = 1", "", 3, customer.TooManySubscriptions},
		{"below the product's", "max_subscriptions = 9", "max_subscriptions = 3", 2, nil},
		{"at the product's", "max_subscriptions = 9", "max_subscriptions = 2", 2, customer.TooManySubscriptions},
		{"brand's is the lower one", "max_subscriptions = 2", "max_subscriptions = 9", 2, customer.TooManySubscriptions},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := open(t)
			c := signUp(t, s, "aase")
			in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
				for range test.has - 1 {
					if _, err := addLine(tx, demo, c.group, c.owner, "POST_PAID"); err != nil {
						return err
					}
				}
				return nil
			})
			importLimits(t, s, test.ofBrand, test.ofProduct)
			checkedAndAdded(t, s, c, "POST_PAID", test.want)
		})
	}
}

// What ended takes no room, and gets none back that others have taken.
func TestTerminatedSubscriptionsTakeNoRoom(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	importLimits(t, s, "max_subscriptions = 1", "")
	checkedAndAdded(t, s, c, "POST_PAID", customer.TooManySubscriptions)
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.TerminateSubscription(tx, demo, c.subscription)
		return err
	})
	checkedAndAdded(t, s, c, "POST_PAID", nil)
	var second store.ID
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) (err error) {
		second, err = addLine(tx, demo, c.group, c.owner, "POST_PAID")
		return err
	})
	reactivate := func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.ReactivateSubscription(tx, demo, c.subscription)
		return err
	}
	refused(t, s, customer.TooManySubscriptions, reactivate)
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.TerminateSubscription(tx, demo, second)
		return err
	})
	in(t, s, reactivate)
}

func TestProductLimitCountsItsOwn(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	importLimits(t, s, "", "max_subscriptions = 1")
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		g, err := customer.CreateBillingGroup(tx, demo, customer.NewBillingGroup{Account: c.account, Owner: c.owner, ProductCode: "PRE_PAID_CARD"})
		if err != nil {
			return err
		}
		for range 2 { // PRE_PAID_CARD's own limit in demo.toml
			if _, err := addLine(tx, demo, g.ID, c.owner, "PRE_PAID_CARD"); err != nil {
				return err
			}
		}
		if err := customer.CheckCanAdd(tx, demo, c.account, ""); err != nil {
			t.Errorf("without a product: %v", err)
		}
		_, err = addLine(tx, demo, g.ID, c.owner, "PRE_PAID_CARD")
		if failure.CodeOf(err) != customer.TooManySubscriptions {
			t.Errorf("a third prepaid card: %v", err)
		}
		return nil
	})
	checkedAndAdded(t, s, c, "POST_PAID", customer.TooManySubscriptions)
}

func TestCheckCanAddRefusals(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	check := func(account store.ID, product string) func(store.Tx, *catalogue.Brand) error {
		return func(tx store.Tx, demo *catalogue.Brand) error {
			return customer.CheckCanAdd(tx, demo, account, product)
		}
	}
	refused(t, s, customer.UnknownAccount, check(c.owner, ""))
	refused(t, s, catalogue.UnknownProductCode, check(c.account, "POSTPAID"))
	importDemo(t, s, strings.Replace(string(catalogue.Demo()), `code = "POST_PAID"`, "code = \"POST_PAID\"\nretired = true", 1))
	refused(t, s, catalogue.NoLongerSold, check(c.account, "POST_PAID"))
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		if _, err := customer.TerminateSubscription(tx, demo, c.subscription); err != nil {
			return err
		}
		_, err := customer.CloseAccount(tx, demo, c.account)
		return err
	})
	refused(t, s, customer.WrongState, check(c.account, ""))
}
