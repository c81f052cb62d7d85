package billing

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/billing/verify"
	"rator/catalogue"
	"rator/store"
)

// TestVerifyFindsWrongPayments: each case of a payment, a reversal or a refund as no
// operation would leave it.
func TestVerifyFindsWrongPayments(t *testing.T) {
	b := open(t)
	p, other := b.signUp("MONTH", "Øre"), b.signUp("MONTH", "Ek")
	b.charge(p, "DEBIT", "80")
	b.run("2026-02-01")
	used := b.payBy(p, "100", "")
	reversed := b.payBy(p, "20", "")
	b.reverse(reversed)
	moved := b.payBy(p, "30", "")
	there := b.movePayment(moved, other)
	refunded := b.payBy(p, "50", "")
	b.do(refundOf(refunded, "10"))
	one := decimal.NewFromInt(1)
	for _, c := range []struct {
		name  string
		want  string
		of    store.ID
		spoil func(*ledger.PaymentRecord)
	}{
		{"nothing", "", used, func(*ledger.PaymentRecord) {}},
		{"more settled than is settled", "it says less", used, func(p *ledger.PaymentRecord) {
			p.Amount, p.Settled[0].Amount = decimal.NewFromInt(101), decimal.NewFromInt(101)
		}},
		{"nothing settled", "with 0", used, func(p *ledger.PaymentRecord) { p.Settled[0].Amount = decimal.Zero }},
		{"an invoice that is none", "it says less", used, func(p *ledger.PaymentRecord) { p.Settled[0].Invoice = 202001010000009999 }},
		{"more unused than the ledger has", "its ledger has 40", refunded, func(p *ledger.PaymentRecord) { p.Unused = p.Unused.Add(one) }},
		{"less than nothing unused", "says that -1 of it", refunded, func(p *ledger.PaymentRecord) { p.Unused = one.Neg() }},
		{"more used than it is", "says that 101 of it", used, func(p *ledger.PaymentRecord) { p.Unused = one }},
		{"a reversal that is none", "is reversed, but not posted against", used, func(p *ledger.PaymentRecord) { p.Reversal = p.Posting }},
		{"a reversal of another payment", "is reversed, but not posted against", moved, func(p *ledger.PaymentRecord) { p.Reversal++ }},
		{"a reversed one that stands", "REVERSAL", reversed, func(p *ledger.PaymentRecord) { p.Reversal = 0 }},
		{"a reversed one that is used", "but 1 of it is used or waits", reversed, func(p *ledger.PaymentRecord) { p.Unused = one }},
		{"one that is moved nowhere", "which does not say so", moved, func(p *ledger.PaymentRecord) { p.MovedTo++ }},
		{"one that came from nowhere", "which does not say so", there, func(p *ledger.PaymentRecord) { p.MovedFrom = used }},
		{"one moved to another amount", "which does not say so", there, func(p *ledger.PaymentRecord) { p.Amount = p.Amount.Add(one) }},
		{"one that is moved and stands", "is moved, but not reversed", moved, func(p *ledger.PaymentRecord) { p.Reversal = 0 }},
		{"less refunded than is posted", "its postings say 10", refunded, func(p *ledger.PaymentRecord) { p.Refunded = one }},
		{"more refunded than is posted", "its postings refund 10", used, func(p *ledger.PaymentRecord) { p.Settled, p.Refunded = nil, one }},
		{"more refunded than it is", "and 11 refunded", refunded, func(p *ledger.PaymentRecord) { p.Amount, p.Refunded = decimal.NewFromInt(50), decimal.NewFromInt(11) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			var found []string
			undo := errors.New("undo")
			err := b.Update(context.Background(), func(tx store.Tx) error {
				found = nil
				x := must(ledger.Payments.Get(tx, c.of))
				c.spoil(x)
				if err := ledger.Payments.Put(tx, x); err != nil {
					t.Error(err)
				}
				verify.Money(store.Looks{Txs: []store.Tx{tx}}, func(err error) { found = append(found, err.Error()) })
				return undo
			})
			if !errors.Is(err, undo) {
				t.Fatal(err)
			}
			all := strings.Join(found, "\n")
			if (c.want == "") != (all == "") || !strings.Contains(all, c.want) {
				t.Errorf("found %q, want one with %q", all, c.want)
			}
		})
	}
}

func (b *books) reverse(id store.ID) *Undone {
	b.Helper()
	var u *Undone
	b.do(func(tx store.Tx, brand *catalogue.Brand) (err error) {
		u, err = ReversePayment(tx, brand, NewReversal{PaymentKey: ledger.PaymentKey{ID: id}, Reason: "bounced"})
		return err
	})
	return u
}

func (b *books) movePayment(id store.ID, to person) (moved store.ID) {
	b.Helper()
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		p, _, err := MovePayment(tx, brand, ledger.PaymentKey{ID: id}, to.group, "the wrong customer")
		if err == nil {
			moved = p.ID
		}
		return err
	})
	return moved
}

func refundOf(id store.ID, amount string) func(tx store.Tx, brand *catalogue.Brand) error {
	return func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := RefundPayment(tx, brand, NewRefund{PaymentKey: ledger.PaymentKey{ID: id}, Amount: *money(amount), Reference: "out 1"})
		return err
	}
}

func refundCredit(p person, amount string) func(tx store.Tx, brand *catalogue.Brand) error {
	return func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := RefundPayment(tx, brand, NewRefund{Group: p.group, Amount: *money(amount), Reference: "out 1"})
		return err
	}
}
