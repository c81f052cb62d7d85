package billing

import (
	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// exposure is what a billing group would owe if all were billed
// tonight: its open invoices and opening debt, what is posted and not billed, the
// recurrent prices up to today, today among them, and the taxes and fees that the
// billing run would put on them; less the money that lies there. Above 0 = the
// customer owes, the other way round than a balance.
//
// A prepaid group is never billed: it owes what its balance is below 0. Where the
// run would refuse the group, what is posted counts alone.
func (d *drafter) exposure(g *customer.BillingGroup) (decimal.Decimal, error) {
	owed := g.Balance.Amount.Neg()
	l, err := ledger.Of(d.tx, g.Account, g.ID)
	if err != nil {
		return owed, err
	}
	drafts, _, err := d.drafts(g, l.SoFar(d.brand, g, d.brand.Day(d.tx.Now())))
	if code := failure.CodeOf(err); code != nil && code.Kind != failure.Busy && code.Kind != failure.Internal {
		return owed, nil
	}
	if err != nil {
		return owed, err
	}
	for _, x := range drafts {
		for _, p := range x.added {
			owed = owed.Sub(p.Amount)
		}
	}
	return owed, nil
}

// freeCredit is the money of a billing group that nothing waits for: what is paid and not
// used, and would still be if all were billed tonight. 0 when there is none.
func freeCredit(tx store.Tx, brand *catalogue.Brand, g *customer.BillingGroup, l *ledger.Ledger) (decimal.Decimal, error) {
	d, err := newDrafter(tx, brand, g.Account, newSold())
	if err != nil {
		return decimal.Zero, err
	}
	owed, err := d.exposure(g)
	return decimal.Max(decimal.Min(l.Unused, owed.Neg()), decimal.Zero), err
}
