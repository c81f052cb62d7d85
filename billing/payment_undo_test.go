package billing

import (
	"testing"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

func (b *books) payment(id store.ID) (p *ledger.PaymentRecord) {
	b.Helper()
	b.look(func(tx store.Tx, _ *catalogue.Brand) (err error) {
		p, err = ledger.Payments.Get(tx, id)
		return err
	})
	return p
}

// TestAReversalOpensWhatWasPaid, and what lay unused or paid a later invoice; other
// money that waits pays it again.
func TestAReversalOpensWhatWasPaid(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	b.owing(p, 3)
	first := b.payBy(p, "150", "")
	b.settled(p, "100 50 0", "0")
	second := b.payBy(p, "100", "INV-000003")
	third := b.payBy(p, "100", "")
	b.settled(p, "100 100 100", "50")
	b.charge(p, "DEBIT", "80")
	b.run("2026-05-01")
	b.settled(p, "100 100 100 50", "0") // the third's 50 are used by the next invoice
	opened := b.reverse(second).Opened
	b.settled(p, "100 100 0 50", "0")
	if len(opened) != 1 || opened[0].Number != "INV-000003" {
		t.Errorf("opened: %v", opened)
	}
	b.reverse(third)
	b.settled(p, "100 50 0 0", "0")
	b.payBy(p, "250", "INV-000002")
	b.settled(p, "100 100 100 100", "0")
	b.payBy(p, "70", "")
	b.settled(p, "100 100 100 100", "70")
	if opened = b.reverse(first).Opened; len(opened) != 2 {
		t.Errorf("opened: %v", opened)
	}
	b.settled(p, "70 50 100 100", "0") // what waited pays the oldest
	b.balances(p, "-80")
	if x := b.payment(first); len(x.Settled) != 0 || x.Reversal == 0 {
		t.Errorf("reversed: %+v", x)
	}
}

// TestAReversalOfAnOldPayment, which does not say what it settled: the newest
// invoices that are settled are open again.
func TestAReversalOfAnOldPayment(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	b.owing(p, 3)
	old := b.payBy(p, "150", "")
	b.payBy(p, "60", "INV-000002")
	b.settled(p, "100 100 10", "0")
	b.do(func(tx store.Tx, _ *catalogue.Brand) error {
		x := must(ledger.Payments.Get(tx, old))
		x.Settled = nil
		return ledger.Payments.Put(tx, x)
	})
	b.reverse(old)
	b.settled(p, "60 0 0", "0")
	b.balances(p, "-240")
}

// TestAReversalLeavesAnOpeningDebt as it found it: where the money went, it comes from.
func TestAReversalLeavesAnOpeningDebt(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := OpenBalance(tx, brand, p.group, *money("-30"), "brought along")
		return err
	})
	b.owing(p, 2)
	first, second := b.payBy(p, "100", "INV-000001"), b.payBy(p, "100", "INV-000002")
	b.settled(p, "100 100", "-30")
	b.reverse(second)
	b.settled(p, "100 0", "-30")
	third := b.payBy(p, "40", "") // the debt first
	b.settled(p, "100 10", "0")
	b.reverse(third)
	b.settled(p, "70 0", "0") // what is missing is asked for again
	b.reverse(first)
	b.settled(p, "0 0", "-30")
	b.balances(p, "-230")
}

// TestDunningGoesOnAfterAReversal from where it was, the next step not before
// tomorrow, nor sooner than it would have been.
func TestDunningGoesOnAfterAReversal(t *testing.T) {
	for _, c := range []struct{ paid, reversed, next string }{
		{"2026-02-10", "2026-02-11", "2026-02-16"}, // due on 15 February: not dunned before
		{"2026-02-10", "2026-03-03", "2026-03-04"},
		{"2026-02-17", "2026-02-18", "2026-03-02"}, // reminded on 16 February, 14 days before
		{"2026-02-17", "2026-03-01", "2026-03-02"},
		{"2026-02-17", "2026-03-02", "2026-03-03"},
	} {
		t.Run(c.paid+" "+c.reversed, func(t *testing.T) {
			b := open(t)
			p := b.signUp("MONTH", "Øre")
			b.owing(p, 1) // on 1 February
			state := ledger.NotDunned
			if c.paid > "2026-02-16" {
				b.run("2026-02-16")
				state = ledger.Reminder
			}
			b.at(c.paid)
			id := b.payBy(p, "100", "")
			b.at(c.reversed)
			b.reverse(id)
			i := b.invoicesOf(p)[0]
			if i.Dunning != state || period.Format(i.NextDunning) != c.next || i.Status() != ledger.Open {
				t.Errorf("%s, %s, dunned next on %s, want %s", i.Status(), i.Dunning, period.Format(i.NextDunning), c.next)
			}
			if r := b.run(c.reversed); r.Dunned != 0 {
				t.Errorf("dunned on the day of the reversal: %+v", r)
			}
			if r := b.run(c.next); r.Dunned != 1 || b.invoicesOf(p)[0].Dunning != nextState[state] {
				t.Errorf("not dunned on %s: %+v", c.next, r)
			}
		})
	}
}

// TestAReversalIsRefused for what was reversed, moved or is a promise, is of another
// brand or named by nothing; and with a fee that is none.
func TestAReversalIsRefused(t *testing.T) {
	b := open(t)
	p, other := b.signUp("MONTH", "Øre"), b.signUp("MONTH", "Ek")
	reversal := func(k ledger.PaymentKey, fee string) func(store.Tx, *catalogue.Brand) error {
		return func(tx store.Tx, brand *catalogue.Brand) error {
			_, err := ReversePayment(tx, brand, NewReversal{PaymentKey: k, ChargeItem: fee})
			return err
		}
	}
	fields := ledger.PaymentFields{Amount: *money("100"), TransactionID: "T1"}
	b.do(savePayment(p, fields))
	b.refuses(PaymentNotCaptured, reversal(ledger.PaymentKey{TransactionID: "T1"}, ""))
	fields.Captured = true
	b.do(savePayment(p, fields))
	id := b.payBy(p, "10", "")
	b.refuses(failure.InvalidRequest, reversal(ledger.PaymentKey{}, ""))
	b.refuses(failure.InvalidRequest, reversal(ledger.PaymentKey{ID: id, TransactionID: "T1"}, ""))
	b.refuses(ledger.UnknownPayment, reversal(ledger.PaymentKey{TransactionID: "T2"}, ""))
	b.refuses(ledger.UnknownPayment, reversal(ledger.PaymentKey{ID: p.group}, ""))
	b.refuses(FeeIsCredit, reversal(ledger.PaymentKey{ID: id}, "CREDIT"))
	b.refuses(ledger.InvalidAmount, reversal(ledger.PaymentKey{ID: id}, "DEBIT")) // has no price
	b.refuses(catalogue.UnknownChargeItem, reversal(ledger.PaymentKey{ID: id}, "NONE"))
	b.refuses(catalogue.NoLongerSold, reversal(ledger.PaymentKey{ID: id}, "GONE"))
	b.balances(p, "110")
	b.do(reversal(ledger.PaymentKey{TransactionID: " T1 "}, "PRICED"))
	b.refuses(PaymentReversed, reversal(ledger.PaymentKey{TransactionID: "T1"}, ""))
	b.refuses(ledger.TransactionRecorded, savePayment(p, fields)) // its id stays taken
	b.balances(p, "-15")
	b.movePayment(id, other)
	b.refuses(PaymentReversed, reversal(ledger.PaymentKey{ID: id}, ""))
	b.refuses(PaymentReversed, func(tx store.Tx, brand *catalogue.Brand) error {
		_, _, err := MovePayment(tx, brand, ledger.PaymentKey{ID: id}, other.group, "")
		return err
	})
	b.brand = "OTHER"
	b.refuses(ledger.UnknownPayment, reversal(ledger.PaymentKey{ID: id}, ""))
	b.refuses(ledger.UnknownPayment, reversal(ledger.PaymentKey{TransactionID: "T1"}, ""))
}

// TestAPaymentIsMoved with its fee, its day and its TRANSACTION_ID; what its reference
// names is paid there.
func TestAPaymentIsMoved(t *testing.T) {
	b := open(t)
	p, other := b.signUp("MONTH", "Øre"), b.signUp("MONTH", "Ek")
	b.owing(p, 1)
	b.at("2026-02-10")
	b.charge(other, "DEBIT", "80")
	b.at("2026-03-10")
	b.charge(other, "DEBIT", "80")
	b.run("2026-04-01")
	fields := ledger.PaymentFields{Amount: *money("100"), Fee: *money("2"), Captured: true, TransactionID: "T1", Reference: "INV-000003", Date: b.now.AddDate(0, 0, -3)}
	b.do(savePayment(p, fields))
	b.settled(p, "100", "0")
	b.balances(p, "-2")
	b.settled(other, "0 0", "0")
	id := b.paymentBy("T1").ID
	moved := b.movePayment(id, other)
	b.settled(p, "0", "0")
	b.balances(p, "-100")
	b.settled(other, "0 100", "0")
	b.balances(other, "-102")
	from, to := b.payment(id), b.payment(moved)
	if from.MovedTo != to.ID || to.MovedFrom != from.ID || !to.Date.Equal(fields.Date) || b.paymentBy("T1").ID != moved {
		t.Errorf("moved %+v\nto %+v", from, to)
	}
	b.refuses(ledger.TransactionRecorded, savePayment(p, fields))
	back := b.movePayment(moved, p) // and back again
	b.settled(p, "100", "0")
	b.balances(p, "-2")
	b.settled(other, "0 0", "0")
	b.balances(other, "-200")
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		u, err := ReversePayment(tx, brand, NewReversal{PaymentKey: ledger.PaymentKey{TransactionID: "T1"}})
		if err == nil && u.Payment.ID != back {
			t.Errorf("reversed %s, want %s", u.Payment.ID, back)
		}
		return err
	})
	b.settled(p, "0", "0")
}

func (b *books) paymentBy(transaction string) (p *ledger.PaymentRecord) {
	b.Helper()
	b.look(func(tx store.Tx, brand *catalogue.Brand) (err error) {
		p, err = ledger.PaymentKey{TransactionID: transaction}.Find(tx, brand)
		return err
	})
	return p
}

// TestAMoveIsRefused to where the payment is, across currencies and brands.
func TestAMoveIsRefused(t *testing.T) {
	b := open(t)
	p, yen := b.signUp("MONTH", "Øre"), b.signUp("YEN", "Ek")
	id := b.payBy(p, "100", "")
	to := func(group store.ID) func(tx store.Tx, brand *catalogue.Brand) error {
		return func(tx store.Tx, brand *catalogue.Brand) error {
			_, _, err := MovePayment(tx, brand, ledger.PaymentKey{ID: id}, group, "")
			return err
		}
	}
	b.refuses(PaymentInSameGroup, to(p.group))
	b.refuses(PaymentInOtherCurrency, to(yen.group))
	b.refuses(customer.UnknownBillingGroup, to(p.account))
	b.settled(p, "", "100")
}

// TestARefund of a payment is never more than is left of it, and one of a credit
// balance never more than that.
func TestARefund(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	b.owing(p, 2)
	id := b.payBy(p, "250", "")
	b.settled(p, "100 100", "50")
	b.refuses(RefundBeyondPayment, refundOf(id, "250.01"))
	b.refuses(ledger.InvalidAmount, refundOf(id, "0"))
	b.refuses(ledger.InvalidAmount, refundOf(id, "-1"))
	b.refuses(ledger.InvalidAmount, refundOf(id, "0.001"))
	b.refuses(RefundBeyondCredit, refundCredit(p, "50.01"))
	b.refuses(ledger.InvalidAmount, refundCredit(p, "0"))
	b.do(refundCredit(p, "20"))
	b.settled(p, "100 100", "30")
	b.refuses(RefundBeyondPayment, refundOf(id, "230.01"))
	b.do(refundOf(id, "60")) // 30 that lie unused, 30 of the last invoice
	b.settled(p, "100 70", "0")
	b.balances(p, "-30")
	b.refuses(RefundBeyondCredit, refundCredit(p, "0.01"))
	b.do(refundOf(id, "170"))
	b.settled(p, "0 0", "0")
	b.refuses(RefundBeyondPayment, refundOf(id, "0.01"))
	b.balances(p, "-200")
	// What bounces after it was given back is owed: nobody paid it.
	b.reverse(id)
	b.settled(p, "0 0", "-250")
	b.refuses(PaymentReversed, refundOf(id, "1"))
	b.payBy(p, "300", "")
	b.settled(p, "50 0", "0")
}

// TestARefundLeavesWhatIsNotBilled: of a credit balance what is not billed stays there,
// with its tax and the recurrent price up to today; of a prepaid billing group nothing
// is more than the balance.
func TestARefundLeavesWhatIsNotBilled(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	id := b.payBy(p, "100", "")
	b.charge(p, "DEBIT", "60")
	b.refuses(RefundBeyondCredit, refundCredit(p, "25.01"))
	b.do(refundCredit(p, "25"))
	b.do(refundOf(id, "75"))
	b.balances(p, "-60")
	lined := b.lined("Ek", "2026-01-11")
	b.at("2026-01-12")
	b.pay(lined, "30")
	b.refuses(RefundBeyondCredit, refundCredit(lined, "5.01")) // two days of 10, and 25 %
	b.do(refundCredit(lined, "5"))
	prepaid := b.signUp("PREPAID", "Ek")
	id = b.payBy(prepaid, "100", "")
	b.charge(prepaid, "DEBIT", "60")
	b.refuses(RefundBeyondCredit, refundOf(id, "40.01"))
	b.refuses(RefundBeyondCredit, refundCredit(prepaid, "40.01"))
	b.do(refundOf(id, "40"))
	b.balances(prepaid, "0")
}

// TestAClosedAccountIsPutRight: reversed, moved and refunded there.
func TestAClosedAccountIsPutRight(t *testing.T) {
	b := open(t)
	p, other := b.signUp("MONTH", "Øre"), b.signUp("MONTH", "Ek")
	one, two, three := b.payBy(p, "100", ""), b.payBy(p, "20", ""), b.payBy(other, "5", "")
	b.life(p, customer.TerminateSubscription)
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := customer.CloseAccount(tx, brand, p.account)
		return err
	})
	b.do(refundOf(one, "30"))
	b.do(refundCredit(p, "40"))
	b.balances(p, "50")
	b.reverse(two)
	b.balances(p, "30")
	b.movePayment(three, p)
	b.balances(p, "35")
	b.refuses(customer.WrongState, func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := ReversePayment(tx, brand, NewReversal{PaymentKey: ledger.PaymentKey{ID: one}, ChargeItem: "PRICED"})
		return err
	})
}

// TestAPaymentIsFoundByItsPosting, which is what lists of transactions show.
func TestAPaymentIsFoundByItsPosting(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	b.payBy(p, "1", "")
	id := b.payBy(p, "2", "")
	if u := b.reverse(b.payment(id).Posting); u.Payment.ID != id || u.Posting.Payment != id {
		t.Errorf("reversed %+v by %+v", u.Payment, u.Posting)
	}
	b.charge(p, "DEBIT", "1")
	var charge *ledger.Posting
	b.look(func(tx store.Tx, brand *catalogue.Brand) error {
		page, _, err := ledger.Postings.Page(tx, ledger.ByGroup, p.group.String(), nil, 100)
		charge = page[len(page)-1]
		return err
	})
	b.refuses(ledger.UnknownPayment, func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := ledger.PaymentKey{ID: charge.ID}.Find(tx, brand)
		return err
	})
}
