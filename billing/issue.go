package billing

import (
	"strings"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/customer"
)

// bill makes a billing group's invoices of periods that follow each other, and has them
// billed. told hears of each draft and its invoice: nil where there was nothing to bill.
func bill(d *drafter, g *customer.BillingGroup, l *ledger.Ledger, periods []period.Period, numbers *ledger.Numbering, told func(*draft, *ledger.Invoice)) error {
	drafts, waiting, err := d.drafts(g, periods)
	if err != nil {
		return err
	}
	for n, x := range drafts {
		var i *ledger.Invoice
		if !x.empty() {
			rest := waiting
			for _, later := range drafts[n+1:] {
				rest = append(rest[:len(rest):len(rest)], later.unbilled...)
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
	return l.Keep(d.tx)
}

// issue makes an invoice of a draft: it takes the next number, keeps what the
// draft adds, and names itself in every posting it bills. waiting are the
// postings that stay unbilled.
func issue(d *drafter, g *customer.BillingGroup, x *draft, l *ledger.Ledger, n *ledger.Numbering, waiting []*ledger.Posting) (*ledger.Invoice, error) {
	carried := g.Balance.Amount
	for _, rest := range [][]*ledger.Posting{x.unbilled, waiting} {
		for _, p := range rest {
			carried = carried.Sub(p.Amount)
		}
	}
	i := &ledger.Invoice{Brand: d.brand.Key, Account: g.Account, Group: g.ID,
		From: x.period.From, Until: x.period.Until, Net: x.net, Tax: x.tax, Total: x.net.Add(x.tax), Currency: g.Balance.Currency,
		Letterhead: ledger.Letterhead{BrandName: d.brand.Name, CustomerNumber: d.whole.Account.CustomerNumber, GroupName: g.Name, Receiver: address(d, g), Carried: carried}}
	terms, _ := g.TermsOn(x.period.From)
	i.IssuedOn(d.brand.Day(d.tx.Now()), terms.CreditDays)
	if i.Total.IsNegative() { // a credit note pays others
		i.Series, i.Settled = ledger.CreditSeries, i.Total
	} else {
		l.Pay(i)
	}
	if err := n.Insert(d.tx, i); err != nil {
		return nil, err
	}
	if i.Settled.IsPositive() {
		if err := l.Spend(d.tx, i.ID); err != nil {
			return nil, err
		}
	}
	for _, p := range x.unbilled {
		p.Invoice = i.ID
		if err := ledger.Postings.Put(d.tx, p); err != nil {
			return nil, err
		}
	}
	for _, p := range x.added {
		p.Invoice = i.ID
	}
	if len(x.added) > 0 {
		if err := ledger.Post(d.tx, d.brand, g, x.added...); err != nil {
			return nil, err
		}
	}
	if i.Total.IsNegative() {
		if err := l.Settle(d.tx, i.Total.Neg()); err != nil {
			return nil, err
		}
	}
	return i, announce(d.tx, i, invoiceCreated)
}

// address is name and address of who gets the bill, as it is now.
func address(d *drafter, g *customer.BillingGroup) []string {
	u := d.receiver(g)
	if u == nil {
		return nil
	}
	country := u.Country
	if country == d.brand.Country {
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
