package customer_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// TestChangesAreTold: once for each object and transaction, by whichever
// operation, and never what was undone.
func TestChangesAreTold(t *testing.T) {
	s := open(t)
	var (
		demo  *catalogue.Brand
		a     *customer.Account
		u     *customer.User
		g     *customer.BillingGroup
		after int64
	)
	told := func(want ...string) {
		t.Helper()
		var got []string
		err := s.View(t.Context(), func(tx store.Tx) error {
			events, err := tx.EventsAfter(after, 100)
			for _, e := range events {
				after = e.Cursor
				var body map[string]string
				if err := json.Unmarshal(e.Body, &body); err != nil {
					return err
				}
				line := e.Topic
				if e.Account != a.ID || e.Brand != "DEMO" || strings.HasPrefix(e.Topic, "billing") && body["BILLING_GROUP_ID"] != g.ID.String() {
					line += " " + string(e.Body)
				}
				got = append(got, line)
			}
			return err
		})
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("events (-want +got):\n%s%v", diff, err)
		}
	}
	update(t, s, func(tx store.Tx) (err error) {
		if demo, err = catalogue.BrandByKey(tx, "DEMO"); err != nil {
			return err
		}
		if a, err = customer.CreateAccount(tx, demo, customer.AccountFields{Type: customer.Private}); err != nil {
			return err
		}
		if u, err = customer.CreateUser(tx, demo, customer.NewUser{Account: a.ID}); err != nil {
			return err
		}
		if _, err = customer.SetOwner(tx, demo, a.ID, u.ID); err != nil {
			return err
		}
		g, err = customer.CreateBillingGroup(tx, demo, customer.NewBillingGroup{Account: a.ID, Owner: u.ID, ProductCode: "POST_PAID"})
		return err
	})
	told("customer.created")

	rename := func(name string) func(*customer.UserFields) error {
		return func(f *customer.UserFields) error { f.FirstName = name; return nil }
	}
	update(t, s, func(tx store.Tx) error {
		_, err := customer.UpdateUser(tx, demo, u.ID, rename("A"))
		return err
	})
	told("user.changed")

	update(t, s, func(tx store.Tx) error {
		_, err1 := customer.SetDeliveryAddress(tx, demo, a.ID, u.ID)
		_, err2 := customer.SetDeliveryAddress(tx, demo, a.ID, u.ID)
		return errors.Join(err1, err2)
	})
	told("customer.changed")

	update(t, s, func(tx store.Tx) error {
		_, err := customer.UpdateBillingGroup(tx, demo, g.ID, func(f *customer.BillingGroupFields) error { f.IBANNumber = "DK1"; return nil })
		return err
	})
	told("billing_group.changed")

	undone := errors.New("undone")
	update(t, s, func(tx store.Tx) error {
		err := tx.Savepoint(func() error {
			_, err := customer.UpdateUser(tx, demo, u.ID, rename("C"))
			return errors.Join(err, undone)
		})
		if !errors.Is(err, undone) {
			t.Error(err)
		}
		return nil
	})
	told()

	update(t, s, func(tx store.Tx) error {
		for range 2 {
			sub, err := customer.CreateSubscription(tx, demo, customer.NewSubscription{BillingGroup: g.ID, User: u.ID, ProductCode: "POST_PAID"})
			if err != nil {
				return err
			}
			if _, err := customer.CreateService(tx, demo, customer.NewService{Subscription: sub.ID}); err != nil {
				return err
			}
		}
		return nil
	})
	told("subscription.created", "subscription.created")

	update(t, s, func(tx store.Tx) error {
		one, err := customer.CreateUser(tx, demo, customer.NewUser{Account: a.ID})
		if err != nil {
			return err
		}
		if g, err = customer.CreateBillingGroup(tx, demo, customer.NewBillingGroup{Account: a.ID, Owner: one.ID, ProductCode: "POST_PAID"}); err != nil {
			return err
		}
		_, err = customer.MoveBalance(tx, demo, g.ID, decimal.New(1, 0))
		return err
	})
	told("user.created", "billing_group.created")

	own := func(of customer.Ownership, user store.ID) {
		t.Helper()
		update(t, s, func(tx store.Tx) error {
			_, err := customer.ChangeOwner(tx, demo, of, user)
			return err
		})
	}
	own(customer.Ownership{Account: a.ID}, u.ID)
	own(customer.Ownership{Account: a.ID, BillingGroup: g.ID}, g.Owner)
	told("owner.changed")
	own(customer.Ownership{Account: a.ID}, g.Owner)
	own(customer.Ownership{BillingGroup: g.ID}, g.Owner)
	told()
}
