package billing

import (
	"rator/billing/draft"
	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// lastPeriods are what is left to bill of a post-paid billing group when nothing follows:
// what is not billed up to the end of today, or of the day of whatever is dated after.
func lastPeriods(d *draft.Drafter, g *customer.BillingGroup, l *ledger.Ledger) ([]period.Period, error) {
	if g.Type != catalogue.PostPaid {
		return nil, nil
	}
	waiting, err := d.Unbilled(g)
	if err != nil {
		return nil, err
	}
	day := d.Brand.Day(d.Tx.Now())
	for _, p := range waiting { // what a payment cost may be dated a day ahead
		if p.EffectiveDay().After(day) {
			day = p.EffectiveDay()
		}
	}
	all := l.SoFar(d.Brand, g, day)
	if len(all) == 0 && len(waiting) > 0 { // posted since that day was billed
		all = append(all, period.Between(l.BilledUntil, l.BilledUntil.AddDate(0, 0, 1)))
	}
	return all, nil
}

// BillNow bills an account at once for all that is not billed, today included, and
// gives the invoices made: what a customer who leaves is asked for. It fails with
// LIVE_SUBSCRIPTIONS while one is not TERMINATED.
func BillNow(tx store.Tx, brand *catalogue.Brand, account store.ID) ([]*ledger.Invoice, error) {
	d, err := draft.New(tx, brand, account, draft.NewCache())
	if err != nil {
		return nil, err
	}
	for _, s := range d.Whole.Subscriptions {
		if s.State != customer.Terminated {
			return nil, customer.LiveSubscriptions.With("%s is %s", s.ID, s.State)
		}
	}
	if err := d.ReadAhead(); err != nil {
		return nil, err
	}
	var made []*ledger.Invoice
	numbers := &ledger.Numbering{Brand: brand}
	for _, g := range d.Whole.BillingGroups {
		l, err := d.Ledger(g)
		if err != nil {
			return nil, err
		}
		periods, err := lastPeriods(d, g, l)
		if err != nil {
			return nil, err
		}
		if len(periods) == 0 {
			continue
		}
		l.BilledOn = brand.Day(tx.Now())
		err = bill(d, g, l, periods, numbers, func(_ *draft.Draft, i *ledger.Invoice) {
			if i != nil {
				made = append(made, i)
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return made, numbers.Keep(tx)
}
