package billing

import (
	"testing"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// TestWriteOffOfAnInvoice: 299 and its tax are gone, and nothing is owed the other
// way: a credit of as much would have had tax on top, and left 93.44 to give back.
func TestWriteOffOfAnInvoice(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	b.charge(p, "DEBIT", "299")
	b.run("2026-02-01")
	w := b.writeOff(p, NewWriteOff{Amount: money("373.75")})
	if len(w.Postings) != 1 || !w.Tax.IsZero() || w.Postings[0].Kind != ledger.WriteOff {
		t.Errorf("posted %+v", w)
	}
	b.run("2026-03-01")
	b.balances(p, "0")
	b.bills(p, `
		INV-000001 2026-02-01 due 2026-02-15 for 2026-01-01..2026-01-31: 299 + 74.75 = 373.75, PAID
		  2026-01-01 CHARGE Fee 299
		  2026-01-31 TAX Moms 25% 74.75
	`)
}

// TestWriteOffs: the oldest debt first or the invoice that is named, never more
// than is owed. Three invoices of 100 and an opening debt of 10 are open.
func TestWriteOffs(t *testing.T) {
	tests := []struct {
		name     string
		prepare  func(b *books, p person)
		invoice  int    // 0 = none
		amount   string // "" = all
		settled  string // of each invoice, and what lies unused
		unused   string
		fails    *failure.Code
		writeOff string // posted
	}{
		{name: "all", settled: "100 100 100", unused: "0", writeOff: "310"},
		{name: "the oldest first", amount: "150", settled: "100 40 0", unused: "0", writeOff: "150"},
		{name: "less than the opening debt", amount: "4", settled: "0 0 0", unused: "-6", writeOff: "4"},
		{name: "named", invoice: 2, settled: "0 100 0", unused: "-10", writeOff: "100"},
		{name: "a part of it", invoice: 3, amount: "0.01", settled: "0 0 0.01", unused: "-10", writeOff: "0.01"},
		{name: "more than all", amount: "310.01", fails: WriteOffBeyondDebt},
		{name: "more than the named one", invoice: 2, amount: "100.01", fails: WriteOffBeyondDebt},
		{name: "nothing", amount: "0", fails: ledger.InvalidAmount},
		{name: "below 0", amount: "-5", fails: ledger.InvalidAmount},
		{name: "too many decimals", amount: "0.001", fails: ledger.InvalidAmount},
		{name: "too much for anything", amount: "10000000.01", fails: AmountBeyondLimit},
		{name: "no debt", prepare: func(b *books, p person) { b.pay(p, "310") }, fails: WriteOffBeyondDebt},
		{name: "what is not billed is none", prepare: func(b *books, p person) {
			b.pay(p, "310")
			b.charge(p, "DEBIT", "50")
		}, fails: WriteOffBeyondDebt},
		{name: "a credit is waiting", prepare: func(b *books, p person) { b.charge(p, "CREDIT", "300") }, settled: "0 0 0", unused: "0", writeOff: "10"},
		{name: "more than the credit leaves", prepare: func(b *books, p person) { b.charge(p, "CREDIT", "300") }, amount: "10.01", fails: WriteOffBeyondDebt},
		{name: "closed", prepare: func(b *books, p person) {
			b.life(p, customer.TerminateSubscription)
			b.do(func(tx store.Tx, brand *catalogue.Brand) error {
				_, err := customer.CloseAccount(tx, brand, p.account)
				return err
			})
		}, settled: "100 100 100", unused: "0", writeOff: "310"},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			b := open(t)
			p := b.signUp("MONTH", "Øre")
			b.do(func(tx store.Tx, brand *catalogue.Brand) error {
				_, err := OpenBalance(tx, brand, p.group, *money("-10"), "brought along")
				return err
			})
			b.owing(p, 3)
			if c.prepare != nil {
				c.prepare(b, p)
			}
			n := NewWriteOff{Reason: "nobody pays"}
			if c.amount != "" {
				n.Amount = money(c.amount)
			}
			if c.invoice > 0 {
				n.Invoice = b.invoicesOf(p)[c.invoice-1].ID
			}
			n.Group = p.group
			var w *WrittenOff
			err := b.try(func(tx store.Tx, brand *catalogue.Brand) (err error) {
				w, err = WriteOffDebt(tx, brand, n)
				return err
			})
			if failure.CodeOf(err) != c.fails {
				t.Fatalf("error %v, want %v", err, c.fails)
			}
			if err != nil {
				return
			}
			b.settled(p, c.settled, c.unused)
			if !w.Amount.Equal(decimal.RequireFromString(c.writeOff)) || !sumOf(w.Postings).Equal(w.Amount) {
				t.Errorf("wrote %s off, posted %s, want %s", w.Amount, sumOf(w.Postings), c.writeOff)
			}
		})
	}
}

// TestWriteOffOfAnotherGroupsInvoice is that of an invoice which the group does not
// have.
func TestWriteOffOfAnotherGroupsInvoice(t *testing.T) {
	b := open(t)
	p, other := b.signUp("MONTH", "Øre"), b.signUp("MONTH", "Ek")
	b.owing(p, 1)
	b.refuses(ledger.UnknownInvoice, func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := WriteOffDebt(tx, brand, NewWriteOff{Group: other.group, Invoice: b.invoicesOf(p)[0].ID})
		return err
	})
	b.refuses(customer.UnknownBillingGroup, func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := WriteOffDebt(tx, brand, NewWriteOff{Group: p.account})
		return err
	})
}

// TestWriteOffOfPrepaid: what the balance is below 0 is owed.
func TestWriteOffOfPrepaid(t *testing.T) {
	b := open(t)
	b.setting("prepaid_overdraft = 20")
	p := b.signUp("PREPAID", "Øre")
	b.pay(p, "30")
	b.charge(p, "DEBIT", "45.50")
	w := b.writeOff(p, NewWriteOff{})
	if !w.Amount.Equal(*money("15.50")) {
		t.Errorf("wrote %s off", w.Amount)
	}
	b.balances(p, "0")
}

// TestWriteOffTaxed: where the brand says so each tax has its share, and parts that
// are written off one after the other make the whole tax.
func TestWriteOffTaxed(t *testing.T) {
	b := open(t)
	b.setting("write_off_taxed = true")
	p := b.signUp("MONTH", "Øre")
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := customer.UpdateUser(tx, brand, p.owner, func(f *customer.UserFields) error { f.ZIP = "3700"; return nil })
		return err
	})
	b.charge(p, "DEBIT", "100")
	b.run("2026-02-01") // 100, 25 % and 1.5 % of tax
	sum, tax := decimal.Zero, decimal.Zero
	for _, amount := range []string{"33.33", "33.33", "59.84"} {
		w := b.writeOff(p, NewWriteOff{Amount: money(amount)})
		if len(w.Postings) != 3 || !sumOf(w.Postings).Equal(w.Amount) {
			t.Errorf("posted %+v", w)
		}
		sum, tax = sum.Add(w.Amount), tax.Add(w.Tax)
	}
	if !sum.Equal(*money("126.50")) || !tax.Equal(*money("26.50")) {
		t.Errorf("wrote %s off, %s of it tax", sum, tax)
	}
	b.balances(p, "0")
}

func (b *books) writeOff(p person, n NewWriteOff) (w *WrittenOff) {
	b.Helper()
	n.Group = p.group
	if n.Reason == "" {
		n.Reason = "nobody pays"
	}
	b.do(func(tx store.Tx, brand *catalogue.Brand) (err error) {
		w, err = WriteOffDebt(tx, brand, n)
		return err
	})
	return w
}

func sumOf(all []*ledger.Posting) decimal.Decimal {
	sum := decimal.Zero
	for _, p := range all {
		sum = sum.Add(p.Amount)
	}
	return sum
}

// TestLateEndAfterAWriteOff: what nobody paid is not given back: of an invoice of 387.50
// (28 days of 310 in February, and 25 %) the last four days are 55.36.
func TestLateEndAfterAWriteOff(t *testing.T) {
	for _, c := range []struct{ paid, balance string }{
		{"0", "0"}, {"332", "0"}, {"340", "7.86"}, {"387.50", "55.36"},
	} {
		b := open(t)
		p := b.lined("Ek", "2026-02-01")
		end := b.endOn(p, "2026-02-25")
		b.run("2026-03-01")
		if c.paid != "0" {
			b.pay(p, c.paid)
		}
		if c.paid != "387.50" {
			b.writeOff(p, NewWriteOff{Group: p.group, Reason: "gone"})
		}
		b.runEnd(end)
		b.run("2026-04-01")
		b.balances(p, c.balance)
	}
}
