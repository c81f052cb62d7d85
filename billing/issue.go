package billing

import (
	"strings"

	"rator/billing/draft"
	"rator/billing/ledger"
	"rator/billing/period"
	"rator/customer"
)

// bill makes a billing group's invoices of periods that follow each other, and has them
// billed. told hears of each draft and its invoice: nil where there was nothing to bill.
func bill(d *draft.Drafter, g *customer.BillingGroup, l *ledger.Ledger, periods []period.Period, numbers *ledger.Numbering, told func(*draft.Draft, *ledger.Invoice)) error {
	drafts, waiting, err := d.Drafts(g, periods)
	if err != nil {
		return err
	}
	for n, x := range drafts {
		var i *ledger.Invoice
		if !x.Empty() {
			rest := waiting
			for _, later := range drafts[n+1:] {
				rest = append(rest[:len(rest):len(rest)], later.Unbilled...)
			}
			if i, err = issue(d, g, x, l, numbers, rest); err != nil {
				return err
			}
		}
		told(x, i)
	}
	if l.DaysFrom.IsZero() {
		l.DaysFrom = periods[0].From
	}
	l.BilledUntil = periods[len(periods)-1].Until
	return l.Keep(d.Tx)
}

// issue makes an invoice of a draft: it takes the next number, keeps what the
// draft adds, and names itself in every posting it bills. waiting are the
// postings that stay unbilled.
func issue(d *draft.Drafter, g *customer.BillingGroup, x *draft.Draft, l *ledger.Ledger, n *ledger.Numbering, waiting []*ledger.Posting) (*ledger.Invoice, error) {
	carried := g.Balance.Amount
	for _, rest := range [][]*ledger.Posting{x.Unbilled, waiting} {
		for _, p := range rest {
			carried = carried.Sub(p.Amount)
		}
	}
	i := &ledger.Invoice{Brand: d.Brand.Key, Account: g.Account, Group: g.ID,
		From: x.Period.From, Until: x.Period.Until, Net: x.Net, Tax: x.Tax, Total: x.Net.Add(x.Tax), Currency: g.Balance.Currency,
		Letterhead: ledger.Letterhead{BrandName: d.Brand.Name, CustomerNumber: d.Whole.Account.CustomerNumber, GroupName: g.Name, Receiver: address(d, g), Carried: carried}}
	terms, _ := g.TermsOn(x.Period.From)
	i.IssuedOn(d.Brand.Day(d.Tx.Now()), terms.CreditDays)
	if i.Total.IsNegative() { // a credit note pays others
		i.Series, i.Settled = ledger.CreditSeries, i.Total
	} else {
		l.Pay(i)
	}
	if err := n.Insert(d.Tx, i); err != nil {
		return nil, err
	}
	if i.Settled.IsPositive() {
		if err := l.Spend(d.Tx, i.ID); err != nil {
			return nil, err
		}
	}
	for _, p := range x.Unbilled {
		p.Invoice = i.ID
		if err := ledger.Postings.Put(d.Tx, p); err != nil {
			return nil, err
		}
	}
	for _, p := range x.Added {
		p.Invoice = i.ID
	}
	if len(x.Added) > 0 {
		if err := ledger.Post(d.Tx, d.Brand, g, x.Added...); err != nil {
			return nil, err
		}
	}
	if i.Total.IsNegative() {
		if err := l.Settle(d.Tx, i.Total.Neg()); err != nil {
			return nil, err
		}
	}
	return i, announce(d.Tx, i, invoiceCreated)
}

// address is name and address of who gets the bill, as it is now.
func address(d *draft.Drafter, g *customer.BillingGroup) []string {
	u := d.Receiver(g)
	if u == nil {
		return nil
	}
	country := u.Country
	if country == d.Brand.Country {
		country = ""
	}
	return lines(u.Company, strings.Join([]string{u.FirstName, u.LastName}, " "),
		strings.Join([]string{u.StreetDirection, u.Street, u.StreetNumber, u.StreetUnit, u.Floor, u.FloorUnit}, " "),
		u.Address2, strings.Join([]string{u.ZIP, u.City, u.State}, " "), country)
}

// lines are texts without the empty ones, spaces in them made single.
func lines(texts ...string) []string {
	var kept []string
	for _, t := range texts {
		if t = strings.Join(strings.Fields(t), " "); t != "" {
			kept = append(kept, t)
		}
	}
	return kept
}
