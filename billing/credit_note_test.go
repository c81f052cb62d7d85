package billing

import (
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

func (b *books) credit(n NewCredit) (note *ledger.Invoice) {
	b.Helper()
	b.do(func(tx store.Tx, brand *catalogue.Brand) (err error) {
		note, err = CreditInvoice(tx, brand, n)
		return err
	})
	return note
}

// linesOf gives the lines of an invoice that are no taxes.
func (b *books) linesOf(i *ledger.Invoice) (ids []store.ID) {
	b.Helper()
	b.look(func(tx store.Tx, _ *catalogue.Brand) error {
		for p, err := range ledger.Postings.All(tx, ledger.ByInvoice, i.ID.String()) {
			if err != nil {
				return err
			}
			if p.Kind != ledger.Tax {
				ids = append(ids, p.ID)
			}
		}
		return nil
	})
	return ids
}

// billed is a person with a line since 1 January, a charge, and two invoices: the
// first paid, the second not.
func (b *books) billed() person {
	b.Helper()
	p := b.lined("Ek", "2026-01-01")
	b.charge(p, "DEBIT", "20")
	b.run("2026-02-01")
	b.pay(p, "412.50")
	b.run("2026-03-01")
	return p
}

// TestCreditWhole: the opposite of the invoice, which it settles; what was paid of
// it pays what is open, and the rest lies unused.
func TestCreditWhole(t *testing.T) {
	b := open(t)
	p := b.billed()
	b.at("2026-03-05")
	note := b.credit(NewCredit{Number: "inv-000001", Reason: "Never ordered"})
	if note.Reason != "Never ordered" || note.Credits != b.invoicesOf(p)[0].ID {
		t.Errorf("the credit note is %+v", note)
	}
	b.bills(p, `
		INV-000001 2026-02-01 due 2026-02-15 for 2026-01-01..2026-01-31: 330 + 82.5 = 412.5, PAID
		  2026-01-01 CHARGE Fee 20
		  2026-01-01 RECURRENT Line 2026-01-01..2026-01-31 310
		  2026-01-31 TAX Moms 25% 82.5
		INV-000002 2026-03-01 due 2026-03-15 for 2026-02-01..2026-02-28: 310 + 77.5 = 387.5, PAID
		  2026-02-01 RECURRENT Line 2026-02-01..2026-02-28 310
		  2026-02-28 TAX Moms 25% 77.5
		CN-000001 2026-03-05 due 2026-03-05 for 2026-01-01..2026-01-31: -330 + -82.5 = -412.5, PAID
		  2026-03-05 CHARGE Fee -20
		  2026-03-05 RECURRENT Line 2026-01-01..2026-01-31 -310
		  2026-03-05 TAX Moms 25% -82.5
	`)
	b.balances(p, "25")
}

// TestCreditOfAnOpenInvoice: it is settled, so it is never dunned.
func TestCreditOfAnOpenInvoice(t *testing.T) {
	b := open(t)
	p := b.billed()
	b.credit(NewCredit{Invoice: b.invoicesOf(p)[1].ID})
	b.balances(p, "0")
	if r := b.run("2026-03-20"); r.Dunned != 0 {
		t.Errorf("%d invoices are dunned", r.Dunned)
	}
}

// TestCreditPart: what is left of a dunned invoice is dunned on, what is credited
// is not.
func TestCreditPart(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Ek")
	b.charge(p, "DEBIT", "100")
	b.charge(p, "DEBIT", "60")
	b.run("2026-02-01")
	if r := b.run("2026-02-16"); r.Dunned != 1 {
		t.Errorf("%d invoices are dunned", r.Dunned)
	}
	lines := b.linesOf(b.invoicesOf(p)[0])
	b.credit(NewCredit{Number: "INV-000001", Lines: lines[:1]})
	if i := b.invoicesOf(p)[0]; !i.Outstanding().Equal(*money("75")) || i.Dunning != ledger.Reminder {
		t.Errorf("%s is open, %s", i.Outstanding(), i.Dunning)
	}
	b.credit(NewCredit{Number: "INV-000001", Lines: lines[1:]})
	if r := b.run("2026-03-02"); r.Dunned != 0 {
		t.Errorf("%d invoices are dunned", r.Dunned)
	}
	b.balances(p, "0")
}

func TestCreditRefused(t *testing.T) {
	b := open(t)
	p, q, even := b.billed(), b.signUp("MONTH", "Øre"), b.signUp("MONTH", "Ask")
	b.charge(even, "DEBIT", "10")
	b.charge(even, "CREDIT", "10")
	b.charge(q, "DEBIT", "10")
	b.charge(q, "CREDIT", "10")
	b.charge(q, "CREDIT", "5")
	b.run("2026-04-01")
	ours, theirs := b.invoicesOf(p), b.invoicesOf(q)
	lines := b.linesOf(ours[0])
	note := b.credit(NewCredit{Invoice: ours[0].ID, Lines: lines[:1]})
	nothing := b.invoicesOf(even)[0].ID
	b.credit(NewCredit{Invoice: ours[1].ID})
	var tax store.ID
	b.look(func(tx store.Tx, _ *catalogue.Brand) error {
		for p := range ledger.Postings.All(tx, ledger.ByInvoice, ours[0].ID.String()) {
			if p.Kind == ledger.Tax {
				tax = p.ID
			}
		}
		return nil
	})
	for name, c := range map[string]struct {
		want *failure.Code
		n    NewCredit
	}{
		"no invoice":             {ledger.UnknownInvoice, NewCredit{Invoice: 202001010000009999}},
		"no number":              {ledger.UnknownInvoice, NewCredit{Number: "INV-000099"}},
		"a credit note":          {CreditOfCreditNote, NewCredit{Invoice: note.ID}},
		"a credit note of a run": {CreditOfCreditNote, NewCredit{Invoice: theirs[0].ID}},
		"a credited line":        {AlreadyCredited, NewCredit{Invoice: ours[0].ID, Lines: lines[:1]}},
		"a line twice":           {AlreadyCredited, NewCredit{Invoice: ours[0].ID, Lines: []store.ID{lines[1], lines[1]}}},
		"a credited invoice":     {AlreadyCredited, NewCredit{Invoice: ours[1].ID}},
		"a line of another":      {LineOfAnotherInvoice, NewCredit{Invoice: ours[0].ID, Lines: b.linesOf(theirs[0])[:1]}},
		"an invoice of 0":        {NothingToCredit, NewCredit{Invoice: nothing}},
		"a credit":               {NothingToCredit, NewCredit{Invoice: nothing, Lines: b.linesOf(b.invoicesOf(even)[0])[1:]}},
		"a tax":                  {CreditOfTaxLine, NewCredit{Invoice: ours[0].ID, Lines: []store.ID{tax}}},
	} {
		t.Run(name, func(t *testing.T) {
			b.refuses(c.want, func(tx store.Tx, brand *catalogue.Brand) error {
				_, err := CreditInvoice(tx, brand, c.n)
				return err
			})
		})
	}
}

// TestCreditOfAClosedAccount: it can be credited, but not billed again.
func TestCreditOfAClosedAccount(t *testing.T) {
	b := open(t)
	p := b.billed()
	b.life(p, customer.TerminateSubscription)
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := customer.CloseAccount(tx, brand, p.account)
		return err
	})
	b.refuses(customer.WrongState, func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := CreditInvoice(tx, brand, NewCredit{Number: "INV-000002", BillAgain: true})
		return err
	})
	b.credit(NewCredit{Number: "INV-000002"})
	b.balances(p, "0")
}

// TestBilledAgain: charges come again as they were, recurrent days as they are right
// by what is known now.
func TestBilledAgain(t *testing.T) {
	b := open(t)
	p := b.billed()
	b.at("2026-03-05")
	end := b.endOn(p, "2026-03-05")
	b.runEnd(end)
	b.credit(NewCredit{Number: "INV-000001", BillAgain: true})
	b.balances(p, "-305")
	b.run("2026-04-01")
	b.balances(p, "-437.5")
}

// TestCreditLineByLine credits random invoices line by line in random order, and
// ends at exactly 0.
func TestCreditLineByLine(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 10))
		b := open(t)
		p := b.lined("Ek", "2026-01-09")
		for range 2 + r.IntN(9) {
			b.charge(p, "DEBIT", decimal.New(1+r.Int64N(9999), -2).String())
		}
		b.run("2026-02-01")
		i := b.invoicesOf(p)[0]
		if r.IntN(2) == 0 {
			b.pay(p, decimal.New(1+r.Int64N(40000), -2).String())
		}
		lines := b.linesOf(i)
		r.Shuffle(len(lines), func(x, y int) { lines[x], lines[y] = lines[y], lines[x] })
		for len(lines) > 0 {
			n := 1 + r.IntN(min(2, len(lines)))
			b.credit(NewCredit{Invoice: i.ID, Lines: lines[:n]})
			lines = lines[n:]
		}
		net, tax := decimal.Zero, decimal.Zero
		for _, x := range b.invoicesOf(p) {
			net, tax = net.Add(x.Net), tax.Add(x.Tax)
		}
		if !net.IsZero() || !tax.IsZero() {
			t.Errorf("seed %d: %s net and %s tax are left", seed, net, tax)
		}
	}
}

// TestCreditAfterALateEnd: what a late end gave back is not given twice.
func TestCreditAfterALateEnd(t *testing.T) {
	b := open(t)
	p := b.lined("Ek", "2026-02-01")
	end := b.endOn(p, "2026-02-25")
	b.run("2026-03-01")
	b.runEnd(end)
	b.balances(p, "-343.21")
	b.credit(NewCredit{Number: "INV-000001"})
	b.balances(p, "0")
	b.run("2026-04-01")
	b.balances(p, "0")
}

// TestLateEndAfterCredit: what was credited is not given back once more, what was
// billed again is.
func TestLateEndAfterCredit(t *testing.T) {
	for _, again := range []bool{false, true} {
		b := open(t)
		p := b.lined("Ek", "2026-02-01")
		end := b.endOn(p, "2026-02-25")
		b.run("2026-03-01")
		b.credit(NewCredit{Number: "INV-000001", BillAgain: again})
		b.runEnd(end)
		want := "0"
		if again {
			want = "-265.71"
		}
		b.balances(p, want)
	}
}

// TestReversalAfterCredit: money that goes back does not open what a credit note
// covers; what the credit freed pays instead.
func TestReversalAfterCredit(t *testing.T) {
	b := open(t)
	p := b.billed()
	b.credit(NewCredit{Number: "INV-000001"})
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		for paid, err := range ledger.Payments.All(tx, ledger.ByGroup, p.group.String()) {
			if err != nil {
				return err
			}
			_, err = ReversePayment(tx, brand, NewReversal{PaymentKey: ledger.PaymentKey{ID: paid.ID}})
			return err
		}
		return nil
	})
	for n, want := range []string{"0", "387.5"} {
		if i := b.invoicesOf(p)[n]; !i.Outstanding().Equal(*money(want)) {
			t.Errorf("%s is open with %s, want %s", i.Number, i.Outstanding(), want)
		}
	}
	b.balances(p, "-387.5")
}
