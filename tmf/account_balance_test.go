package tmf_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"rator/billing"
	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// TestAccountsFollowBalancesPutRight: balance, status and ETag of a customer's two
// accounts when money is moved from one to the other, and when the rest of a debt is
// written off.
func TestAccountsFollowBalancesPutRight(t *testing.T) {
	s := newBranch(t)
	g := s.signUp(t, customer.Private, "POST_PAID")
	second := g
	s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
		amount := decimal.NewFromInt(100)
		if _, err := billing.AddCharge(tx, demo, billing.NewCharge{Group: g.group, ChargeItem: "MANUAL_DEBIT", Amount: &amount}); err != nil {
			return err
		}
		made, err := customer.CreateBillingGroup(tx, demo, customer.NewBillingGroup{Account: g.account, Owner: g.owner, ProductCode: "POST_PAID"})
		if err != nil {
			return err
		}
		second.group = made.ID
		_, err = billing.SavePayment(tx, demo, second.group, ledger.PaymentFields{Amount: decimal.NewFromInt(60), Captured: true})
		return err
	})
	for _, day := range []string{"2026-04-05", "2026-05-30"} {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		s.now = at.Add(12 * time.Hour)
		if _, err := (&billing.Run{AsOf: at}).Do(context.Background(), s.store); err != nil {
			t.Fatal(err)
		}
	}
	before := decimal.RequireFromString(s.get(t, g.path()).member(t, "receivableBalance"))
	if before.LessThanOrEqual(decimal.NewFromInt(60)) {
		t.Fatalf("%s is owed", before)
	}
	has := func(what, path string, want ...string) {
		t.Helper()
		body := s.get(t, path).body
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("%s: no %s in\n%s", what, w, body)
			}
		}
	}
	has("paid into the wrong one", second.path(), `"type":"DepositBalance","amount":60`)
	tag := s.get(t, g.path()).header.Get("ETag")
	s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := billing.TransferBalance(tx, demo, billing.NewTransfer{From: second.group, To: g.group, Amount: decimal.NewFromInt(60)})
		return err
	})
	has("moved", g.path(), `"status":"In arrears"`, `"receivableBalance":`+before.Sub(decimal.NewFromInt(60)).String())
	has("moved", second.path(), `"receivableBalance":0`)
	moved := s.get(t, g.path()).header.Get("ETag")
	s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := billing.WriteOffDebt(tx, demo, billing.NewWriteOff{Group: g.group, Reason: "nobody pays"})
		return err
	})
	has("written off", g.path(), `"status":"Paid"`, `"receivableBalance":0`)
	if after := s.get(t, g.path()).header.Get("ETag"); tag == moved || moved == after {
		t.Errorf("the ETag stays: %s, %s, %s", tag, moved, after)
	}
}
