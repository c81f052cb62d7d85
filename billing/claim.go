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

// claimsOf gives the open invoices of billing groups, by the group's id, oldest first.
func claimsOf(tx store.Tx, brand *catalogue.Brand, groups []*customer.BillingGroup) (map[store.ID][]Claim, error) {
	var b store.Batch
	open, waiting := make([][]*ledger.Invoice, len(groups)), make([][]*ledger.Posting, len(groups))
	for n, g := range groups {
		ledger.Invoices.Ask(&b, ledger.ByOpen, g.ID.String(), &open[n])
		ledger.Postings.Ask(&b, ledger.ByUnbilled, g.ID.String(), &waiting[n])
	}
	if err := b.Answer(tx); err != nil {
		return nil, err
	}
	for n := range groups {
		if len(open[n]) == 0 {
			waiting[n] = nil
		}
	}
	covers, err := coversOf(tx, brand, groups, waiting)
	if err != nil {
		return nil, err
	}
	all := map[store.ID][]Claim{}
	for n, g := range groups {
		var claims []Claim
		for _, i := range open[n] {
			used := decimal.Min(covers[n], i.Outstanding())
			claims = append(claims, Claim{i, i.Outstanding().Sub(used)})
			covers[n] = covers[n].Sub(used)
		}
		all[g.ID] = claims
	}
	return all, nil
}

// coversOf is, for each of some billing groups, what its credits are worth that no invoice
// has yet, of what waits for one.
func coversOf(tx store.Tx, brand *catalogue.Brand, groups []*customer.BillingGroup, waiting [][]*ledger.Posting) ([]decimal.Decimal, error) {
	var (
		covers   = make([]decimal.Decimal, len(groups))
		credits  = make([][]*ledger.Posting, len(groups))
		credited []int // the places of groups that have some
		accounts []store.ID
	)
	for n, g := range groups {
		for _, p := range waiting[n] {
			if p.Amount.IsPositive() {
				credits[n] = append(credits[n], p)
			}
		}
		if len(credits[n]) > 0 {
			credited, accounts = append(credited, n), append(accounts, g.Account)
		}
	}
	if len(credited) == 0 {
		return covers, nil
	}
	drafters, err := draft.NewMany(tx, brand, accounts, draft.NewCache())
	if err != nil {
		return nil, err
	}
	for i, n := range credited {
		if drafters[i] == nil {
			return nil, customer.UnknownAccount.With("%s", accounts[i])
		}
		if covers[n], err = coverOf(drafters[i], groups[n], credits[n]); err != nil {
			return nil, err
		}
	}
	return covers, nil
}

// coverOf is what credits of a billing group are worth, with the tax that a bill of today
// would credit with them. Where no bill can be made they are worth what was credited.
func coverOf(d *draft.Drafter, g *customer.BillingGroup, credits []*ledger.Posting) (decimal.Decimal, error) {
	x := &draft.Draft{Period: period.At(g, d.Brand.Day(d.Tx.Now())), Unbilled: credits}
	net := decimal.Zero
	for _, p := range credits {
		net = net.Add(p.Amount)
	}
	err := d.Taxes(g, x)
	if code := failure.CodeOf(err); code != nil && code.Kind != failure.Busy {
		return net, nil
	}
	return x.Net.Add(x.Tax).Neg(), err
}
