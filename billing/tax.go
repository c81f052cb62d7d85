package billing

import (
	"github.com/shopspring/decimal"

	"rator/catalogue"
	"rator/customer"
)

// What the tax table is asked for: the types that clients preview taxes with
// (rator-api.md 3.2).
const (
	taxTransactionType = 10
	taxServiceType     = 15
)

// taxed reports whether taxes are taken of a posting: not of what a payment cost,
// nor of what its charge item says is untaxed.
func (p *Posting) taxed() bool { return p.Kind != Fee && p.Kind != Tax && !p.Untaxed }

// taxes adds the taxes on a period's charges, credits and recurrent prices where
// the bill goes to, and sums the draft up.
func (d *drafter) taxes(g *customer.BillingGroup, x *draft) error {
	taxed := decimal.Zero
	x.net = decimal.Zero
	for _, lines := range [][]*Posting{x.unbilled, x.added} {
		for _, p := range lines {
			x.net = x.net.Sub(p.Amount)
			if p.taxed() {
				taxed = taxed.Add(p.Amount)
			}
		}
	}
	if taxed.IsZero() {
		return nil
	}
	what := catalogue.Taxable{TransactionType: taxTransactionType, ServiceType: taxServiceType,
		Business: d.whole.Account.Type == customer.Company, Date: x.period.until.AddDate(0, 0, -1)}
	if u := d.receiver(g); u != nil {
		what.Country, what.State, what.City, what.ZIP = u.Country, u.State, u.City, u.ZIP
	}
	lines, err := catalogue.TaxLines(d.tx, d.brand, what, catalogue.Money{Amount: taxed, Currency: g.Balance.Currency})
	if err != nil {
		return err
	}
	for _, line := range lines {
		if line.Amount.Amount.IsZero() {
			continue
		}
		x.tax = x.tax.Sub(line.Amount.Amount)
		x.added = append(x.added, &Posting{Kind: Tax, Amount: line.Amount.Amount, Text: line.Name, Rate: line.Rate,
			Date: what.Date, From: x.period.from, Until: x.period.until})
	}
	return nil
}

// receiver is the user the bill goes to.
func (d *drafter) receiver(g *customer.BillingGroup) *customer.User {
	if g.BillingAddress != 0 {
		return d.whole.User(g.BillingAddress)
	}
	return d.whole.User(g.Owner)
}
