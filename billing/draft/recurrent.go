package draft

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// A recurrent price is for a calendar unit (catalogue.Price.Per), whatever cycle the
// billing group has, and each day of it costs what holds on that day:
//
//	S(day) = sum over the days of the unit before that day on which the subscription had the
//	         option: the price of the day / the days of the unit
//
// and days from one to before another cost round(S(other)) − round(S(one)). So what a
// whole unit is split into adds up to its price, over billing groups and invoices too.

// Part is what one option of a subscription costs for days that follow each other, all
// at one price: a line of an invoice.
type Part struct {
	period.Period
	Subscription store.ID
	Option       *catalogue.Option
	amount       decimal.Decimal // above 0
	Exact        decimal.Decimal // before it was rounded
	place        int             // of the line among others
}

func (p *Part) posting() *ledger.Posting {
	return &ledger.Posting{Kind: ledger.Recurrent, Amount: p.amount.Neg(), Option: p.Option.CatalogueID, Subscription: p.Subscription, Text: p.Option.Name,
		Date: p.From, From: p.From, Until: p.Until}
}

// Recurrent adds the recurrent prices of a period: of each option, for the days on
// which the subscription was in the billing group, was active or blocked, and had the
// option.
func (d *Drafter) Recurrent(g *customer.BillingGroup, x *Draft) error {
	var done []store.ID
	for _, m := range d.Whole.Memberships {
		if m.BillingGroup != g.ID || slices.Contains(done, m.Subscription) {
			continue
		}
		done = append(done, m.Subscription)
		parts, err := d.ShouldBe(g, m.Subscription, x.Period)
		if err != nil {
			return err
		}
		for n := range parts {
			x.Added = append(x.Added, parts[n].posting())
		}
	}
	return nil
}

// ShouldBe is what a billing group is to pay for the options of a subscription on some
// days, by what is known now: right for a period that was never billed, and what one
// that was billed should have been.
func (d *Drafter) ShouldBe(g *customer.BillingGroup, subscription store.ID, days period.Period) ([]Part, error) {
	s := d.Whole.Subscription(subscription)
	if s == nil || s.Started.IsZero() || !s.Ended.IsZero() && d.Brand.Day(s.Ended).Before(days.From) {
		return nil, nil
	}
	l, free := d.Subscribed(s), notBilled(d.Brand, s)
	var all []Part
	for _, id := range l.optionIDs() {
		spans, err := d.optionDays(l, id)
		if err != nil {
			return nil, err
		}
		spans = without(spans, free)
		if !slices.ContainsFunc(spans, func(s span) bool { return days.Within(s.From, s.Until).Days() > 0 }) {
			continue
		}
		c := costing{Drafter: d, Subscribed: l, group: g, days: days}
		if c.option, err = d.Cache.option(d.Tx, d.Brand, id); err != nil {
			return nil, err
		}
		parts, err := c.parts(spans)
		if err != nil {
			return nil, err
		}
		all = append(all, parts...)
	}
	slices.SortStableFunc(all, func(a, b Part) int { return cmp.Compare(a.place, b.place) })
	return all, nil
}
