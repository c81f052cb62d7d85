package draft

import (
	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// Exposure is what a billing group would owe if all were billed
// tonight: its open invoices and opening debt, what is posted and not billed, the
// recurrent prices up to today, today among them, and the taxes and fees that the
// billing run would put on them; less the money that lies there. Above 0 = the
// customer owes, the other way round than a balance.
//
// A prepaid group is never billed: it owes what its balance is below 0. Where the
// run would refuse the group, what is posted counts alone.
func (d *Drafter) Exposure(g *customer.BillingGroup) (decimal.Decimal, error) {
	owed := g.Balance.Amount.Neg()
	l, err := d.Ledger(g)
	if err != nil {
		return owed, err
	}
	drafts, _, err := d.Drafts(g, l.SoFar(d.Brand, g, d.Brand.Day(d.Tx.Now())))
	if code := failure.CodeOf(err); code != nil && code.Kind != failure.Busy && code.Kind != failure.Internal {
		return owed, nil
	}
	if err != nil {
		return owed, err
	}
	for _, x := range drafts {
		for _, p := range x.Added {
			owed = owed.Sub(p.Amount)
		}
	}
	return owed, nil
}

// FreeCredit is the money of a billing group that nothing waits for: what is paid and not
// used, and would still be if all were billed tonight. 0 when there is none.
func FreeCredit(tx store.Tx, brand *catalogue.Brand, g *customer.BillingGroup, l *ledger.Ledger) (decimal.Decimal, error) {
	d, err := New(tx, brand, g.Account, NewCache())
	if err != nil {
		return decimal.Zero, err
	}
	owed, err := d.Exposure(g)
	return decimal.Max(decimal.Min(l.Unused, owed.Neg()), decimal.Zero), err
}
