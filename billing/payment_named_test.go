package billing

import (
	"fmt"
	"strings"
	"testing"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/store"
)

// TestANamedInvoiceIsPaid first, what is over pays the oldest; a reference that
// names none, or one of another billing group, pays the oldest.
func TestANamedInvoiceIsPaid(t *testing.T) {
	b := open(t)
	p, other := b.signUp("MONTH", "Øre"), b.signUp("MONTH", "Ek")
	b.owing(p, 3) // INV-000001 to INV-000003
	b.charge(other, "DEBIT", "80")
	b.run("2026-05-01") // INV-000004 is the other's
	for _, c := range []struct{ amount, reference, settled, unused string }{
		{"30", "INV-000003", "0 0 30", "0"},
		{"100", " inv-000003\n", "30 0 100", "0"},
		{"10", "INV-000003", "40 0 100", "0"}, // paid already
		{"5", p.group.String(), "45 0 100", "0"},
		{"5", "100001", "50 0 100", "0"},
		{"5", "INV-000004", "55 0 100", "0"}, // another's
		{"5", "INV-000099", "60 0 100", "0"},
		{"60", "INV-000002", "60 60 100", "0"},
		{"100", "INV-000002", "100 100 100", "20"},
	} {
		b.payBy(p, c.amount, c.reference)
		b.settled(p, c.settled, c.unused)
	}
	b.settled(other, "0", "0")
	promise := ledger.PaymentFields{Amount: *money("50"), TransactionID: "T", Reference: "INV-000004"}
	b.do(savePayment(other, promise))
	promise.Captured, promise.Reference = true, ""
	b.do(savePayment(other, promise)) // for what it was promised for
	b.settled(other, "50", "0")
}

// TestANamedInvoiceIsPaidBeforeAnOpeningDebt.
func TestANamedInvoiceIsPaidBeforeAnOpeningDebt(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := OpenBalance(tx, brand, p.group, *money("-30"), "brought along")
		return err
	})
	b.owing(p, 2)
	b.payBy(p, "100", "INV-000002")
	b.settled(p, "0 100", "-30")
	b.payBy(p, "40", "")
	b.settled(p, "10 100", "0")
}

// owing bills a person 100 with tax for each of some months of 2026, the last on
// the first of the month after.
func (b *books) owing(p person, months int) {
	b.Helper()
	for m := range months {
		b.at(fmt.Sprintf("2026-%02d-10", m+1))
		b.charge(p, "DEBIT", "80")
	}
	b.run(fmt.Sprintf("2026-%02d-01", months+1))
}

// settled wants a person's invoices to be settled with some amounts, and some money to
// lie unused.
func (b *books) settled(p person, want, unused string) {
	b.Helper()
	var got []string
	for _, i := range b.invoicesOf(p) {
		got = append(got, i.Settled.String())
	}
	if s := strings.Join(got, " "); s != want {
		b.Errorf("settled: %s, want %s", s, want)
	}
	b.look(func(tx store.Tx, brand *catalogue.Brand) error {
		l, err := ledger.Of(tx, p.account, p.group)
		if err == nil && !l.Unused.Equal(*money(unused)) {
			b.Errorf("unused: %s, want %s", l.Unused, unused)
		}
		return err
	})
}

// payBy pays with a reference, and gives the payment.
func (b *books) payBy(p person, amount, reference string) (id store.ID) {
	b.Helper()
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		kept, err := SavePayment(tx, brand, p.group, ledger.PaymentFields{Amount: *money(amount), Captured: true, Reference: reference})
		if err == nil {
			id = kept.ID
		}
		return err
	})
	return id
}
