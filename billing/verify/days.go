package verify

import (
	"maps"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"rator/billing/draft"
	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// billedDays are the days that a billing group's recurrent postings are for, by
// subscription and option.
type billedDays map[optionOf][]cover

type optionOf struct {
	subscription store.ID
	option       string
}

// cover is one posting's days: billed, or credited.
type cover struct {
	period.Period
	times int // 1, or -1 for a credit
}

func (b billedDays) add(p *ledger.Posting, wrong func(string, ...any)) {
	c := cover{period.Between(p.From, p.Until), 1}
	if c.Days() == 0 {
		wrong("posting %s bills option %s for %s to %s, which are no days", p.ID, p.Option, period.Format(p.From), period.Format(p.Until))
		return
	}
	if p.Amount.IsPositive() {
		c.times = -1
	}
	of := optionOf{p.Subscription, p.Option}
	b[of] = append(b[of], c)
}

// days checks that each day of an option is billed at most once, what was credited
// taken off, and that none is left out.
func (v *verification) days(g *customer.BillingGroup, l *ledger.Ledger, billed billedDays, wrong func(string, ...any)) error {
	for of, covers := range billed {
		if at, times := netTwice(covers); times != 0 {
			wrong("option %s of subscription %s is billed %d times on %s", of.option, of.subscription, times, period.Format(at))
		}
	}
	if l.DaysFrom.IsZero() {
		return nil
	}
	brand, err := customer.BrandOf(v.tx, g.Account)
	if err != nil {
		return err
	}
	d, err := draft.New(v.tx, brand, g.Account, draft.NewCache())
	if err != nil {
		return err
	}
	subscriptions := map[store.ID]bool{}
	for _, m := range d.Whole.Memberships {
		subscriptions[m.Subscription] = subscriptions[m.Subscription] || m.BillingGroup == g.ID
	}
	for _, id := range slices.Sorted(maps.Keys(subscriptions)) {
		if !subscriptions[id] {
			continue
		}
		parts, err := d.ShouldBe(g, id, period.Between(l.DaysFrom, l.BilledUntil))
		if err != nil {
			return err
		}
		for _, p := range parts {
			for _, left := range notCovered(p.Period, billed[optionOf{id, p.Option.CatalogueID}]) {
				if missed(d, g, &p, left) {
					wrong("option %s of subscription %s is not billed from %s to %s", p.Option.CatalogueID, id, period.Format(left.From), period.Format(left.Until.AddDate(0, 0, -1)))
				}
			}
		}
	}
	return nil
}

// netTwice gives the first day that is billed more than once, or less than never, and
// how often; 0 times when there is none.
func netTwice(covers []cover) (time.Time, int) {
	type edge struct {
		day   time.Time
		times int
	}
	var edges []edge
	for _, c := range covers {
		edges = append(edges, edge{c.From, c.times}, edge{c.Until, -c.times})
	}
	slices.SortFunc(edges, func(a, b edge) int { return a.day.Compare(b.day) })
	times := 0
	for n, e := range edges {
		times += e.times
		if last := n+1 == len(edges) || edges[n+1].day.After(e.day); last && (times < 0 || times > 1) {
			return e.day, times
		}
	}
	return time.Time{}, 0
}

// notCovered gives the days of p that no cover has, a credit neither: what was credited
// may have been left at that.
func notCovered(p period.Period, covers []cover) (left []period.Period) {
	slices.SortFunc(covers, func(a, b cover) int { return a.From.Compare(b.From) })
	for _, c := range covers {
		if !c.Until.After(p.From) {
			continue
		}
		if before := p.Within(time.Time{}, c.From); before.Days() > 0 {
			left = append(left, before)
		}
		if p.From = c.Until; p.Days() == 0 {
			return left
		}
	}
	return append(left, p)
}

// missed reports whether days of an option that have no posting should have one. Days
// that cost so little may have been rounded to nothing, in each period; and the day of
// an option that was taken and dropped within it hangs on what else excluded it then.
func missed(d *draft.Drafter, g *customer.BillingGroup, p *draft.Part, left period.Period) bool {
	worth := p.Exact.Mul(decimal.NewFromInt(left.Days())).Div(decimal.NewFromInt(p.Days()))
	periods := 1 + left.Days()/7
	if worth.LessThan(decimal.New(periods, -catalogue.MinorUnits(g.Balance.Currency))) {
		return false
	}
	s := d.Subscribed(d.Whole.Subscription(p.Subscription))
	return slices.ContainsFunc(s.Options, func(o *customer.SubscribedOption) bool {
		return o.OptionID == p.Option.CatalogueID && d.Lasted(s, o).Holds(left.From)
	})
}
