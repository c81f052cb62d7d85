package servertest

import (
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"rator/billing"
	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/customer/option"
	"rator/server"
	"rator/store"
	"rator/store/bolt"
)

// groupsMadeOn is when the customers of GroupsFile signed up: a run as of
// RunDay has a month of theirs to bill.
var groupsMadeOn = time.Date(2026, 1, 10, 12, 0, 0, 0, time.UTC)

// RunDay is the day of the first billing run of GroupsFile.
const RunDay = "2026-02-01"

// GroupsFile is a store with so many billing groups of brand DEMO, each with an
// active subscription, options and charges. It is the same whenever it is made.
func GroupsFile(t testing.TB, n int) string {
	t.Helper()
	return prepared(t, fmt.Sprintf("groups-%d.db", n), func(file string) { makeGroups(t, file, n) })
}

func makeGroups(t testing.TB, file string, n int) {
	t.Helper()
	st, err := bolt.Open(file, bolt.Options{Now: func() time.Time { return groupsMadeOn }})
	if err != nil {
		t.Fatal(err)
	}
	PrepareReal(t, st)
	const batch = 500
	for from := 0; from < n; from += batch {
		err := st.Update(t.Context(), func(tx store.Tx) error {
			demo, err := catalogue.BrandByKey(tx, server.DemoBrand)
			if err != nil {
				return err
			}
			for i := from; i < min(n, from+batch); i++ {
				if err := makeGroup(tx, demo, i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
}

// makeGroup makes customer number i. One in ten lives where the table has no tax,
// one in ten has paid in advance, one in twenty pays by card.
func makeGroup(tx store.Tx, demo *catalogue.Brand, i int) error {
	product := "POST_PAID"
	if i%20 == 7 {
		product = "PRE_PAID_ADVANCED"
	}
	a, err := customer.CreateAccount(tx, demo, customer.AccountFields{Type: customer.Private})
	if err != nil {
		return err
	}
	who := customer.UserFields{FirstName: "Åse", LastName: fmt.Sprintf("Number %d", i), Street: "Colfax Avenue", ZIP: "80202", City: "Denver", State: "CO"}
	if i%10 == 3 {
		who.ZIP, who.City, who.State = "59601", "Helena", "MT"
	}
	u, err := customer.CreateUser(tx, demo, customer.NewUser{Account: a.ID, UserFields: who})
	if err != nil {
		return err
	}
	if _, err := customer.SetOwner(tx, demo, a.ID, u.ID); err != nil {
		return err
	}
	g, err := customer.CreateBillingGroup(tx, demo, customer.NewBillingGroup{Account: a.ID, Owner: u.ID, ProductCode: product})
	if err != nil {
		return err
	}
	if g.Type != catalogue.PostPaid {
		if _, err := billing.SavePayment(tx, demo, g.ID, ledger.PaymentFields{Amount: decimal.NewFromInt(50), Captured: true}); err != nil {
			return err
		}
	}
	s, err := customer.CreateSubscription(tx, demo, customer.NewSubscription{BillingGroup: g.ID, User: u.ID, ProductCode: product})
	if err != nil {
		return err
	}
	if _, err := customer.CreateService(tx, demo, customer.NewService{Subscription: s.ID, Code: "SHARED"}); err != nil {
		return err
	}
	if _, err := customer.ActivateSubscription(tx, demo, s.ID); err != nil {
		return err
	}
	wanted, err := catalogue.OptionNamed(tx, demo, []string{"PLAN_A", "PLAN_B", "VOICE_MAIL"}[i%3])
	if err != nil {
		return err
	}
	if _, err := addOptions(tx, demo, s.ID, []string{wanted.CatalogueID}); err != nil {
		return err
	}
	if _, err := billing.ChargeInitialPrice(tx, demo, s.ID, wanted); err != nil {
		return err
	}
	amount := decimal.New(int64(100+i%977), -2)
	if _, err := billing.AddCharge(tx, demo, billing.NewCharge{Group: g.ID, ChargeItem: "MANUAL_DEBIT", Amount: &amount}); err != nil {
		return err
	}
	if i%10 == 5 {
		_, err = billing.SavePayment(tx, demo, g.ID, ledger.PaymentFields{Amount: decimal.NewFromInt(20), Captured: true})
	}
	return err
}

// addOptions gives a subscription more options; none it has makes room for them.
func addOptions(tx store.Tx, brand *catalogue.Brand, subscription store.ID, names []string) ([]*customer.SubscribedOption, error) {
	p, err := option.PlanToSubscribe(tx, brand, subscription, names, false)
	if err != nil {
		return nil, err
	}
	return p.Subscribe(tx)
}
