package billing

import (
	"testing"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/store"
)

// TestAMovedPaymentIsRefundedOnce: what was given back of it before it was moved counts.
func TestAMovedPaymentIsRefundedOnce(t *testing.T) {
	b := open(t)
	from, to := b.signUp("MONTH", "Øre"), b.signUp("MONTH", "Ek")
	var paid store.ID
	refund := func(amount string) func(store.Tx, *catalogue.Brand) error {
		return func(tx store.Tx, brand *catalogue.Brand) error {
			_, err := RefundPayment(tx, brand, NewRefund{PaymentKey: ledger.PaymentKey{ID: paid}, Amount: *money(amount), Reference: "bank"})
			return err
		}
	}
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		p, err := SavePayment(tx, brand, from.group, ledger.PaymentFields{Amount: *money("200"), Captured: true})
		paid = p.ID
		return err
	})
	b.do(refund("75"))
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		p, _, err := MovePayment(tx, brand, ledger.PaymentKey{ID: paid}, to.group, "")
		paid = p.ID
		return err
	})
	b.refuses(RefundBeyondPayment, refund("125.01"))
	b.do(refund("125"))
	b.balances(to, "75")
}

// TestAReversalIsDunnedTomorrow: also where so little was left open that it was not dunned.
func TestAReversalIsDunnedTomorrow(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	b.charge(p, "DEBIT", "100")
	for _, day := range []string{"2026-02-01", "2026-02-16"} {
		b.at(day)
		b.run(day)
	}
	var paid store.ID
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		r, err := SavePayment(tx, brand, p.group, ledger.PaymentFields{Amount: *money("124.50"), Captured: true})
		paid = r.ID
		return err
	})
	b.at("2026-03-20")
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := ReversePayment(tx, brand, NewReversal{PaymentKey: ledger.PaymentKey{ID: paid}})
		return err
	})
	b.run("2026-03-20")
	if got := b.invoicesOf(p)[0].Dunning; got != ledger.Reminder {
		t.Errorf("on the day of the reversal: %s", got)
	}
	b.at("2026-03-21")
	b.run("2026-03-21")
	if got := b.invoicesOf(p)[0].Dunning; got != ledger.LastReminder {
		t.Errorf("the day after: %s", got)
	}
}
