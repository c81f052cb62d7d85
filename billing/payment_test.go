package billing

import (
	"strings"
	"testing"
	"time"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

func savePayment(p person, f ledger.PaymentFields) func(tx store.Tx, brand *catalogue.Brand) error {
	return func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := SavePayment(tx, brand, p.group, f)
		return err
	}
}

// TestPaymentFields: what a payment may say, and how it moves the balance.
func TestPaymentFields(t *testing.T) {
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name    string
		payment ledger.PaymentFields
		balance string
		fails   *failure.Code
	}{
		{"captured", ledger.PaymentFields{Amount: *money("100"), Captured: true}, "100", nil},
		{"not captured", ledger.PaymentFields{Amount: *money("100")}, "0", nil},
		{"with a fee", ledger.PaymentFields{Amount: *money("100"), Fee: *money("2.50"), Captured: true}, "97.5", nil},
		{"fee of one that is not captured", ledger.PaymentFields{Amount: *money("100"), Fee: *money("2.50")}, "0", nil},
		{"long ago", ledger.PaymentFields{Amount: *money("1"), Captured: true, Date: earliestPayment}, "1", nil},
		{"a day ahead", ledger.PaymentFields{Amount: *money("1"), Captured: true, Date: now.AddDate(0, 0, 1)}, "1", nil},
		{"the most", ledger.PaymentFields{Amount: *money("10000000"), Captured: true}, "10000000", nil},

		{"nothing", ledger.PaymentFields{Captured: true}, "0", ledger.InvalidAmount},
		{"below 0", ledger.PaymentFields{Amount: *money("-1"), Captured: true}, "0", ledger.InvalidAmount},
		{"parts of an øre", ledger.PaymentFields{Amount: *money("1.001"), Captured: true}, "0", ledger.InvalidAmount},
		{"too much", ledger.PaymentFields{Amount: *money("10000000.01"), Captured: true}, "0", AmountBeyondLimit},
		{"fee below 0", ledger.PaymentFields{Amount: *money("1"), Fee: *money("-1"), Captured: true}, "0", ledger.InvalidAmount},
		{"too high a fee", ledger.PaymentFields{Amount: *money("1"), Fee: *money("10000001"), Captured: true}, "0", AmountBeyondLimit},
		{"too long ago", ledger.PaymentFields{Amount: *money("1"), Captured: true, Date: earliestPayment.Add(-time.Second)}, "0", DateOutOfRange},
		{"too far ahead", ledger.PaymentFields{Amount: *money("1"), Captured: true, Date: now.AddDate(0, 0, 1).Add(time.Second)}, "0", DateOutOfRange},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := open(t)
			p := b.signUp("MONTH", "Øre")
			var kept *ledger.PaymentRecord
			err := b.try(func(tx store.Tx, brand *catalogue.Brand) (err error) {
				kept, err = SavePayment(tx, brand, p.group, c.payment)
				return err
			})
			if failure.CodeOf(err) != c.fails {
				t.Errorf("error %v, want %v", err, c.fails)
			}
			b.balances(p, c.balance)
			if err == nil && (kept.Date.IsZero() || kept.Captured != c.payment.Captured || kept.Captured != (kept.Posting != 0)) {
				t.Errorf("kept %+v", kept)
			}
		})
	}
}

// TestTransactionIDIsRecordedOnce, but for the capture of one that was not
// captured.
func TestTransactionIDIsRecordedOnce(t *testing.T) {
	b := open(t)
	p, other := b.signUp("MONTH", "Øre"), b.signUp("MONTH", "Ek")
	first := ledger.PaymentFields{Amount: *money("100"), Captured: true, TransactionID: "T1"}
	b.do(savePayment(p, first))
	b.refuses(ledger.TransactionRecorded, savePayment(p, first))
	b.refuses(ledger.TransactionRecorded, savePayment(other, first))
	spaced := first
	spaced.TransactionID = " T1\n"
	b.refuses(ledger.TransactionRecorded, savePayment(p, spaced))
	promise := ledger.PaymentFields{Amount: *money("50"), TransactionID: "T2", Channel: "web"}
	b.do(savePayment(p, promise))
	b.balances(p, "100")
	b.refuses(ledger.TransactionRecorded, savePayment(p, promise))
	capture := promise
	capture.Captured, capture.Fee, capture.Channel = true, *money("1"), "bank"
	b.refuses(ledger.TransactionRecorded, savePayment(other, capture))
	less := capture
	less.Amount = *money("49.99")
	b.refuses(ledger.TransactionRecorded, savePayment(p, less))
	b.balances(p, "100")
	b.do(savePayment(p, capture))
	b.balances(p, "149")
	b.refuses(ledger.TransactionRecorded, savePayment(p, capture))

	// Without one, each is its own; another brand has its own ids.
	nameless := ledger.PaymentFields{Amount: *money("1"), Captured: true}
	b.do(savePayment(p, nameless))
	b.do(savePayment(p, nameless))
	b.balances(p, "151")
	b.brand = "OTHER"
	foreign := b.signUp("MONTH", "Dahl")
	b.refuses(customer.UnknownBillingGroup, savePayment(p, nameless))
	b.do(savePayment(foreign, first))
}

// TestTheOldestInvoiceIsPaidFirst, as far as the money goes; what is left pays
// the next one.
func TestTheOldestInvoiceIsPaidFirst(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	for _, month := range []string{"2026-01", "2026-02", "2026-03"} {
		b.at(month + "-10")
		b.charge(p, "DEBIT", "80") // 100 with tax
	}
	b.run("2026-04-01")
	settled := func(want string) {
		t.Helper()
		var got []string
		for _, i := range b.invoicesOf(p) {
			got = append(got, i.Settled.String()+" "+string(i.Status()))
		}
		if s := strings.Join(got, ", "); s != want {
			t.Errorf("settled: %s, want %s", s, want)
		}
	}
	settled("0 OPEN, 0 OPEN, 0 OPEN")
	b.pay(p, "30")
	settled("30 PARTLY_PAID, 0 OPEN, 0 OPEN")
	b.pay(p, "120")
	settled("100 PAID, 50 PARTLY_PAID, 0 OPEN")
	b.pay(p, "190")
	settled("100 PAID, 100 PAID, 100 PAID")
	b.balances(p, "40")
	b.at("2026-04-10")
	b.charge(p, "DEBIT", "80")
	b.run("2026-05-01")
	settled("100 PAID, 100 PAID, 100 PAID, 40 PARTLY_PAID")
	b.balances(p, "-60")
}

// TestFeeOfAPayment is billed like a charge, but not taxed.
func TestFeeOfAPayment(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	b.at("2026-01-10")
	b.do(savePayment(p, ledger.PaymentFields{Amount: *money("100"), Fee: *money("2"), Captured: true, Reference: "R"}))
	b.charge(p, "DEBIT", "80")
	b.run("2026-02-01")
	b.bills(p, `
		INV-000001 2026-02-01 due 2026-02-15 for 2026-01-01..2026-01-31: 82 + 20 = 102, PARTLY_PAID
		  2026-01-10 FEE Payment fee 2
		  2026-01-10 CHARGE Fee 80
		  2026-01-31 TAX Moms 25% 20
	`)
	b.balances(p, "-2")
}

// TestGroupByReference: what a payment's reference can mean.
func TestGroupByReference(t *testing.T) {
	b := open(t)
	one, two := b.signUp("MONTH", "Øre"), b.signUp("MONTH", "Ek") // customers 100001 and 100002
	second := b.addGroup(two)
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := customer.UpdateBillingGroup(tx, brand, second.group, func(f *customer.BillingGroupFields) error { f.Name = "100001-9"; return nil })
		return err
	})
	b.charge(second, "DEBIT", "1")
	b.run("2026-02-01")
	b.brand = "OTHER"
	foreign := b.signUp("MONTH", "Dahl")
	b.brand = "BOOKS"
	for _, c := range []struct {
		reference string
		want      store.ID
		fails     *failure.Code
	}{
		{one.group.String(), one.group, nil},
		{" " + one.group.String() + "\n", one.group, nil},
		{"INV-000001", second.group, nil},
		{"inv-000001", second.group, nil},
		{"100001", one.group, nil},
		{"100001-1", one.group, nil},
		{"100002-1", two.group, nil},
		{"100002", 0, AmbiguousPaymentReference},
		{"100001-9", 0, UnknownPaymentReference}, // the name of a group of another customer
		{"100002-3", 0, UnknownPaymentReference},
		{"INV-000002", 0, UnknownPaymentReference},
		{"", 0, UnknownPaymentReference},
		{"-", 0, UnknownPaymentReference},
		{one.account.String(), 0, UnknownPaymentReference},
		{foreign.group.String(), 0, UnknownPaymentReference},
		{strings.Repeat("9", 500), 0, UnknownPaymentReference},
		{"\x00", 0, UnknownPaymentReference},
	} {
		b.look(func(tx store.Tx, brand *catalogue.Brand) error {
			got, err := GroupByReference(tx, brand, c.reference)
			if got != c.want || failure.CodeOf(err) != c.fails {
				t.Errorf("%q: %s %v, want %s %v", c.reference, got, err, c.want, c.fails)
			}
			return nil
		})
	}
}
