package customer_test

import (
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

func TestDeleteAccount(t *testing.T) {
	s := open(t)
	var first, second *customer.Account
	listedNow := func(want int64, ids ...store.ID) {
		t.Helper()
		view(t, s, func(tx store.Tx) error {
			b := demoBrand(t, tx)
			tally, known, err := customer.TallyOf(tx, b)
			if err != nil || !known || tally.Listed != want {
				t.Errorf("tally %v %v %v, want %d", tally, known, err, want)
			}
			got, next, err := customer.ListedAccounts(tx, b, nil, 10)
			if err != nil || next != nil || len(got) != len(ids) {
				t.Fatalf("%d listed, %v %v", len(got), next, err)
			}
			for i := range ids {
				if got[i].ID != ids[i] {
					t.Errorf("listed %s, want %s", got[i].ID, ids[i])
				}
			}
			return nil
		})
	}
	listedNow(0)
	update(t, s, func(tx store.Tx) error {
		first, second = newCustomer(t, tx), newCustomer(t, tx)
		return nil
	})
	listedNow(2, first.ID, second.ID)
	update(t, s, func(tx store.Tx) error {
		a, err := customer.DeleteAccount(tx, demoBrand(t, tx), first.ID)
		if err != nil || a.State != customer.Closed || !a.Deleted.Equal(tx.Now()) {
			t.Errorf("%+v %v", a, err)
		}
		return nil
	})
	listedNow(1, second.ID)
	update(t, s, func(tx store.Tx) error {
		_, err := customer.DeleteAccount(tx, demoBrand(t, tx), first.ID)
		if failure.CodeOf(err) != customer.UnknownAccount {
			t.Errorf("deleted again: %v", err)
		}
		_, err = customer.CloseAccount(tx, demoBrand(t, tx), second.ID)
		if err != nil {
			t.Fatal(err)
		}
		_, err = customer.DeleteAccount(tx, demoBrand(t, tx), second.ID)
		return err
	})
	listedNow(0)
}

func demoBrand(t testing.TB, tx store.Tx) *catalogue.Brand {
	t.Helper()
	b, err := catalogue.BrandByKey(tx, "DEMO")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// newCustomer is a complete customer without subscriptions.
func newCustomer(t testing.TB, tx store.Tx) *customer.Account {
	t.Helper()
	b := demoBrand(t, tx)
	a, err := customer.CreateAccount(tx, b, customer.AccountFields{Type: customer.Private})
	if err != nil {
		t.Fatal(err)
	}
	u, err := customer.CreateUser(tx, b, customer.NewUser{Account: a.ID, UserFields: customer.UserFields{LastName: "Ek"}})
	if err != nil {
		t.Fatal(err)
	}
	if a, err = customer.SetOwner(tx, b, a.ID, u.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := customer.CreateBillingGroup(tx, b, customer.NewBillingGroup{Account: a.ID, Owner: u.ID, ProductCode: "POST_PAID"}); err != nil {
		t.Fatal(err)
	}
	return a
}
