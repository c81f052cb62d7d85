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

// TestAccountsFollowPaymentsPutRight: balance, status and ETag of both accounts when a
// payment is moved, reversed and refunded.
func TestAccountsFollowPaymentsPutRight(t *testing.T) {
	s := newBranch(t)
	g, other := s.signUp(t, customer.Private, "POST_PAID"), s.signUp(t, customer.Private, "POST_PAID")
	s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.ActivateSubscription(tx, demo, g.subscription)
		if err == nil {
			amount := decimal.NewFromInt(10)
			_, err = billing.AddCharge(tx, demo, billing.NewCharge{Group: g.group, ChargeItem: "MANUAL_DEBIT", Amount: &amount})
		}
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
	var id store.ID
	pay := func(tx store.Tx, demo *catalogue.Brand) error {
		p, err := billing.SavePayment(tx, demo, other.group, ledger.PaymentFields{Amount: decimal.NewFromInt(5000), Captured: true, TransactionID: "T"})
		if err == nil {
			id = p.ID
		}
		return err
	}
	owed := s.get(t, g.path()).member(t, "receivableBalance")
	if owed == "0" {
		t.Fatal("nothing is owed")
	}
	key := ledger.PaymentKey{TransactionID: "T"}
	for _, step := range []struct {
		what        string
		do          func(store.Tx, *catalogue.Brand) error
		mine, other []string // in their accounts
	}{
		{"paid by the other", pay, []string{`"status":"In arrears"`, `"receivableBalance":` + owed}, []string{`"type":"DepositBalance","amount":5000`}},
		{"moved", func(tx store.Tx, demo *catalogue.Brand) error {
			_, _, err := billing.MovePayment(tx, demo, ledger.PaymentKey{ID: id}, g.group, "")
			return err
		}, []string{`"status":"Paid"`, `"receivableBalance":0`}, []string{`"receivableBalance":0`, `"status":"Active"`}},
		{"refunded", func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := billing.RefundPayment(tx, demo, billing.NewRefund{PaymentKey: key, Amount: decimal.NewFromInt(4000), Reference: "R"})
			return err
		}, []string{`"status":"Paid"`, `"receivableBalance":0`}, []string{`"receivableBalance":0`}},
		{"reversed", func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := billing.ReversePayment(tx, demo, billing.NewReversal{PaymentKey: key})
			return err
		}, []string{`"status":"In arrears"`}, []string{`"receivableBalance":0`}},
	} {
		before := s.get(t, g.path()).header.Get("ETag")
		s.in(t, step.do)
		mine, other := s.get(t, g.path()), s.get(t, other.path())
		for _, x := range []struct {
			body string
			want []string
		}{{mine.body, step.mine}, {other.body, step.other}} {
			for _, w := range x.want {
				if !strings.Contains(x.body, w) {
					t.Errorf("%s: no %s in\n%s", step.what, w, x.body)
				}
			}
		}
		if moved := before != mine.header.Get("ETag"); moved != (step.what != "paid by the other") {
			t.Errorf("%s: the ETag moved: %v", step.what, moved)
		}
	}
	want := decimal.RequireFromString(owed).Add(decimal.NewFromInt(4000)).String()
	if got := s.get(t, g.path()).member(t, "receivableBalance"); got != want {
		t.Errorf("%s is owed in the end, want %s", got, want)
	}
}
