package billing

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// corrections are the postings that make right what a billing group was billed for the
// options of a subscription on some days, as far as they are billed: the difference
// between what its postings bill for them, corrections included, and what should be by
// what is known now. Days that are billed and should not be are credited, those that
// are not and should be, since their invoice was credited, are charged. They are not
// kept, and dated today; there are none where nothing is wrong.
//
// With an end of a subscription that was kept after its day was billed, the group has
// paid in the end what a punctual end would have cost.
func (d *drafter) corrections(g *customer.BillingGroup, subscription store.ID, days period) ([]*Posting, error) {
	l, err := ledgerOf(d.tx, g.Account, g.ID)
	if err != nil || l.BilledUntil.IsZero() {
		return nil, err
	}
	if days = days.within(days.from, l.BilledUntil); days.days() == 0 {
		return nil, nil
	}
	billed, window, err := d.billedOn(g, subscription, days)
	if err != nil {
		return nil, err
	}
	window = window.within(window.from, l.BilledUntil)
	parts, err := d.shouldBe(g, subscription, window)
	if err != nil {
		return nil, err
	}
	right := map[string][]part{}
	var ids []string
	for _, p := range parts {
		right[p.option.CatalogueID] = append(right[p.option.CatalogueID], p)
		ids = append(ids, p.option.CatalogueID)
	}
	for id := range billed {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	var all []*Posting
	for _, id := range slices.Compact(ids) {
		c := &correction{drafter: d, group: g, subscription: d.whole.Subscription(subscription), days: days, billed: billed[id], right: right[id]}
		if c.option, err = d.sold.option(d.tx, d.brand, id); err != nil {
			return nil, err
		}
		entries, err := c.entries()
		if err != nil {
			return nil, err
		}
		all = append(all, entries...)
	}
	return all, nil
}

// billedOn gives the recurrent postings of a billing group for a subscription by
// option, and the days that they are to be compared on: those of whole periods, since
// what a period costs is rounded as one.
func (d *drafter) billedOn(g *customer.BillingGroup, subscription store.ID, days period) (map[string][]*Posting, period, error) {
	all := map[string][]*Posting{}
	window := period{periodOf(g.BillingCycle, days.from).from, periodOf(g.BillingCycle, days.until.AddDate(0, 0, -1)).until}
	var lines []*Posting
	for p, err := range postings.All(d.tx, bySubscription, subscription.String()) {
		if err != nil {
			return nil, window, err
		}
		if p.Kind == Recurrent && p.Group == g.ID {
			lines = append(lines, p)
		}
	}
	for wider := true; wider; { // a billing cycle may have been another one
		wider = false
		for _, p := range lines {
			if !window.overlaps(p) {
				continue
			}
			if p.From.Before(window.from) {
				window.from, wider = p.From, true
			}
			if p.Until.After(window.until) {
				window.until, wider = p.Until, true
			}
		}
	}
	for _, p := range lines {
		if window.overlaps(p) {
			all[p.Option] = append(all[p.Option], p)
		}
	}
	return all, window, nil
}

func (p period) overlaps(line *Posting) bool {
	return line.From.Before(p.until) && p.from.Before(line.Until)
}

// correction is of one option.
type correction struct {
	*drafter
	group        *customer.BillingGroup
	subscription *customer.Subscription
	option       *catalogue.Option
	days         period
	billed       []*Posting
	right        []part
}

// wrongDays are days that are billed too often, or too seldom.
type wrongDays struct {
	period
	times  int             // billed more often than they should be; below 0: less
	worth  decimal.Decimal // what they cost, before it is rounded
	billed decimal.Decimal // and what was billed for them
}

func (c *correction) entries() ([]*Posting, error) {
	wrong, err := c.wrong()
	if err != nil || len(wrong) == 0 {
		return nil, err
	}
	var all []*Posting
	for n, amount := range c.amounts(wrong) {
		if !amount.IsZero() {
			all = append(all, &Posting{Kind: Recurrent, Amount: amount, Option: c.option.CatalogueID, Subscription: c.subscription.ID, Text: c.option.Name,
				Date: c.tx.Now(), Day: c.brand.Day(c.tx.Now()), From: wrong[n].from, Until: wrong[n].until})
		}
	}
	return all, nil
}

// wrong finds the days, cut where something billed or right begins or ends.
func (c *correction) wrong() ([]wrongDays, error) {
	cuts := []time.Time{c.days.from, c.days.until}
	for _, p := range c.billed {
		cuts = append(cuts, p.From, p.Until)
	}
	for _, p := range c.right {
		cuts = append(cuts, p.from, p.until)
	}
	slices.SortFunc(cuts, time.Time.Compare)
	var all []wrongDays
	for n := 1; n < len(cuts); n++ {
		at := wrongDays{period: c.days.within(cuts[n-1], cuts[n])}
		if at.days() == 0 {
			continue
		}
		for _, p := range c.billed {
			if !at.overlaps(p) {
				continue
			}
			line := period{p.From, p.Until}
			at.billed = at.billed.Sub(p.Amount.Mul(decimal.NewFromInt(at.days())).Div(decimal.NewFromInt(line.days())))
			if at.times++; p.Amount.IsPositive() {
				at.times -= 2
			}
		}
		if slices.ContainsFunc(c.right, func(p part) bool { return p.holds(at.from) }) {
			at.times--
		}
		if at.times == 0 {
			continue
		}
		cost := costing{drafter: c.drafter, subscribed: &subscribed{Subscription: c.subscription}, group: c.group, option: c.option}
		worth, err := cost.worth(at.period)
		if err != nil {
			return nil, err
		}
		at.worth = worth.Mul(decimal.NewFromInt(int64(at.times)))
		all = append(all, at)
	}
	return all, nil
}

// amounts are what is credited for wrong days. Together they are the difference between
// what was billed and what is right, so that roundings cancel out. Where that is not
// what the days cost, they were billed by other rules, those of an earlier version: then
// what was billed for them is credited.
func (c *correction) amounts(wrong []wrongDays) []decimal.Decimal {
	units := catalogue.MinorUnits(c.group.Balance.Currency)
	difference, worth := decimal.Zero, decimal.Zero
	for _, p := range c.billed {
		difference = difference.Sub(p.Amount)
	}
	for _, p := range c.right {
		difference = difference.Sub(p.amount)
	}
	weights, oneWay := make([]decimal.Decimal, len(wrong)), true
	for n, w := range wrong {
		weights[n], worth, oneWay = w.worth.Abs(), worth.Add(w.worth), oneWay && (w.times > 0) == (wrong[0].times > 0)
	}
	roundings := decimal.New(int64(2*(len(c.billed)+len(c.right))), -units)
	if oneWay && !worth.IsZero() && difference.Sub(worth).Abs().LessThanOrEqual(roundings) {
		return spread(difference, weights, units)
	}
	for n, w := range wrong {
		if weights[n] = w.worth; w.times > 0 && w.billed.IsPositive() {
			weights[n] = w.billed
		}
		weights[n] = weights[n].Round(units)
	}
	return weights
}

// worth is what days cost when they are had, before it is rounded.
func (c *costing) worth(days period) (decimal.Decimal, error) {
	prices, err := c.prices(days)
	sum := decimal.Zero
	for at, price := range priced(days, prices) {
		sum = sum.Add(c.add(at, price, true))
	}
	return sum, err
}
