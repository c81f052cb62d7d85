package verify

import (
	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// payments checks the payments of a billing group against its postings and
// invoices: what is captured is posted, what is reversed is posted against, what was
// refunded is posted; no more of an invoice is settled with payments than is settled
// of it; no more of them lies unused than the ledger has.
func (v *verification) payments(g *customer.BillingGroup, l *ledger.Ledger, s *sums, wrong func(string, ...any)) error {
	var lying, refunded decimal.Decimal
	settled := map[store.ID]decimal.Decimal{}
	for p, err := range ledger.Payments.All(v.tx, ledger.ByGroup, g.ID.String()) {
		if err != nil {
			return err
		}
		v.seen[ledger.Payments.Name()]++
		if p.Account != g.Account || p.Currency != g.Balance.Currency {
			wrong("payment %s is of account %s in %s, the group of %s in %s", p.ID, p.Account, p.Currency, g.Account, g.Balance.Currency)
		}
		verifyPayment(p, s, wrong)
		if err := v.moved(p, wrong); err != nil {
			return err
		}
		for _, x := range p.Settled {
			settled[x.Invoice] = settled[x.Invoice].Add(x.Amount)
		}
		lying, refunded = lying.Add(p.Unused), refunded.Add(p.Refunded)
	}
	for _, x := range s.payments {
		wrong("%s %s is of no payment", x.Kind, x.ID)
	}
	for id := range s.refunds {
		wrong("a refund of payment %s is posted, which it does not have", id)
	}
	for id, amount := range settled {
		if i := s.settled[id]; i == nil || amount.GreaterThan(i.Settled.Sub(i.Covered)) {
			wrong("payments settled invoice %s with %s, it says less", id, amount)
		}
	}
	if lying.GreaterThan(decimal.Max(l.Unused, decimal.Zero)) {
		wrong("%s of its payments lies unused, its ledger has %s", lying, l.Unused)
	}
	if refunded.GreaterThan(s.refunded) {
		wrong("%s of its payments is refunded, its postings refund %s", refunded, s.refunded)
	}
	return nil
}

// verifyPayment checks a payment against the postings that are of it, and takes them out
// of the sums.
func verifyPayment(p *ledger.PaymentRecord, s *sums, wrong func(string, ...any)) {
	posted, reversed, refunded := s.payments[p.Posting], s.payments[p.Reversal], s.refunds[p.ID]
	delete(s.payments, p.Posting)
	delete(s.payments, p.Reversal)
	delete(s.refunds, p.ID)
	used := p.Unused
	for _, x := range p.Settled {
		used = used.Add(x.Amount)
		if !x.Amount.IsPositive() {
			wrong("payment %s settled invoice %s with %s", p.ID, x.Invoice, x.Amount)
		}
	}
	switch {
	case !p.Captured && p.Posting != 0:
		wrong("payment %s is not captured, but posted", p.ID)
	case p.Captured && (posted == nil || posted.Kind != ledger.Payment || !posted.Amount.Equal(p.Amount)):
		wrong("payment %s of %s is not posted", p.ID, p.Amount)
	case p.Reversal != 0 && (reversed == nil || reversed.Kind != ledger.Reversal || reversed.Payment != p.ID || !reversed.Amount.Neg().Equal(p.Amount)):
		wrong("payment %s of %s is reversed, but not posted against", p.ID, p.Amount)
	case p.Reversal != 0 && !used.IsZero():
		wrong("payment %s is reversed, but %s of it is used or waits", p.ID, used)
	case p.Reversal == 0 && p.MovedTo != 0:
		wrong("payment %s is moved, but not reversed", p.ID)
	case p.Unused.IsNegative() || p.Refunded.IsNegative() || used.Add(p.Refunded).GreaterThan(p.Amount) || !p.Captured && !used.IsZero():
		wrong("payment %s of %s says that %s of it is used or waits, and %s refunded", p.ID, p.Amount, used, p.Refunded)
	case refunded.GreaterThan(p.Refunded):
		wrong("payment %s of %s is refunded with %s, its postings say %s", p.ID, p.Amount, p.Refunded, refunded)
	}
}

// moved checks that a payment that was moved and the one that it is now name each
// other. The other may be of a customer that was not loaded with this one: then it is not
// there, and where it was lost its posting tells.
func (v *verification) moved(p *ledger.PaymentRecord, wrong func(string, ...any)) error {
	for _, link := range []struct {
		to   store.ID
		back func(*ledger.PaymentRecord) store.ID
	}{
		{p.MovedTo, func(x *ledger.PaymentRecord) store.ID { return x.MovedFrom }},
		{p.MovedFrom, func(x *ledger.PaymentRecord) store.ID { return x.MovedTo }},
	} {
		if link.to == 0 {
			continue
		}
		x, err := ledger.Payments.Get(v.tx, link.to)
		if failure.CodeOf(err) == ledger.UnknownPayment {
			continue
		}
		if err != nil {
			return err
		}
		if link.back(x) != p.ID || !x.Amount.Equal(p.Amount) {
			wrong("payment %s of %s was moved from or to payment %s, which does not say so", p.ID, p.Amount, link.to)
		}
	}
	return nil
}
