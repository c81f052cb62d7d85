package billing

import (
	"github.com/shopspring/decimal"

	"rator/billing/draft"
	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// Claim is an open invoice, and what of it is left to ask for: credits that no
// invoice has yet cover open invoices, the oldest first.
type Claim struct {
	*ledger.Invoice
	Left decimal.Decimal // 0 = covered
}

// dunnable reports whether so much is left that the brand duns it.
func (c *Claim) dunnable(brand *catalogue.Brand) bool {
	return c.Left.IsPositive() && !c.Left.LessThan(brand.DunningMinimum())
}

// claimsOf gives the open invoices of a billing group, oldest first.
func claimsOf(tx store.Tx, brand *catalogue.Brand, g *customer.BillingGroup) ([]Claim, error) {
	var claims []Claim
	for i, err := range ledger.Invoices.All(tx, ledger.ByOpen, g.ID.String()) {
		if err != nil {
			return nil, err
		}
		claims = append(claims, Claim{i, i.Outstanding()})
	}
	if len(claims) == 0 {
		return nil, nil
	}
	cover, err := coverOf(tx, brand, g)
	for n := range claims {
		c := &claims[n]
		used := decimal.Min(cover, c.Left)
		c.Left, cover = c.Left.Sub(used), cover.Sub(used)
	}
	return claims, err
}

// coverOf is what the credits of a billing group that no invoice has yet are
// worth, with the tax that a bill of today would credit with them. Where no bill
// can be made they are worth what was credited.
func coverOf(tx store.Tx, brand *catalogue.Brand, g *customer.BillingGroup) (decimal.Decimal, error) {
	waiting, err := draft.Unbilled(tx, g.ID)
	if err != nil {
		return decimal.Zero, err
	}
	x := &draft.Draft{Period: period.At(g, brand.Day(tx.Now()))}
	net := decimal.Zero
	for _, p := range waiting {
		if p.Amount.IsPositive() {
			x.Unbilled, net = append(x.Unbilled, p), net.Add(p.Amount)
		}
	}
	if net.IsZero() {
		return net, nil
	}
	d, err := draft.New(tx, brand, g.Account, draft.NewCache())
	if err != nil {
		return decimal.Zero, err
	}
	err = d.Taxes(g, x)
	if code := failure.CodeOf(err); code != nil && code.Kind != failure.Busy {
		return net, nil
	}
	return x.Net.Add(x.Tax).Neg(), err
}
