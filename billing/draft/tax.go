package draft

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
)

// Taxes adds the taxes on a period's charges, credits and recurrent prices, each where
// the bill went to on its day and at the rate of that day, and sums the draft up.
func (d *Drafter) Taxes(g *customer.BillingGroup, x *Draft) error {
	x.Net = decimal.Zero
	days, any := x.Period, false
	for _, lines := range [][]*ledger.Posting{x.Unbilled, x.Added} {
		for _, p := range lines {
			x.Net = x.Net.Sub(p.Amount)
			if p.Taxed() {
				any = true
				if first := p.Span().From; first.Before(days.From) {
					days.From = first
				}
			}
		}
	}
	if !any {
		return nil
	}
	spans, err := d.taxSpans(g, days)
	if err != nil {
		return err
	}
	bases := make([]taxBase, len(spans))
	for _, lines := range [][]*ledger.Posting{x.Unbilled, x.Added} {
		for _, p := range lines {
			if p.Taxed() {
				share(p, spans, bases, g.Balance.Currency)
			}
		}
	}
	for n := range spans {
		if err := spans[n].err; err != nil && !bases[n].amount.IsZero() {
			return err
		}
		if spans[n].uncovered && len(spans[n].rates) == 0 && !bases[n].amount.IsZero() {
			x.Uncovered = &spans[n].place
		}
	}
	for _, p := range taxLines(spans, bases, x.Period, g.Balance.Currency) {
		x.Tax = x.Tax.Sub(p.Amount)
		x.Added = append(x.Added, p)
	}
	return nil
}

// share adds a posting's amount to the bases of the spans that its days are in. One
// that was posted whole, for days of several spans, is spread over them by the day.
// What lies beyond the spans is the last one's.
func share(p *ledger.Posting, spans []taxSpan, bases []taxBase, currency string) {
	days := p.Span()
	last := len(spans) - 1
	for n := range spans {
		if n == last || !days.Until.After(spans[n].Until) {
			bases[n].add(p.Amount, days.From)
			return
		}
		if days.From.Before(spans[n].Until) {
			break
		}
	}
	weights := make([]decimal.Decimal, len(spans))
	for n := range spans {
		in := days.Within(spans[n].From, spans[n].Until)
		if n == last {
			in = days.Within(spans[n].From, time.Time{})
		}
		weights[n] = decimal.NewFromInt(in.Days())
	}
	for n, part := range spread(p.Amount, weights, catalogue.MinorUnits(currency)) {
		bases[n].add(part, period.Later(days.From, spans[n].From))
	}
}

// taxBase is what the taxes of a span are taken of.
type taxBase struct {
	amount decimal.Decimal
	first  time.Time // day that any of it is for; zero = there is none
}

func (b *taxBase) add(amount decimal.Decimal, day time.Time) {
	if amount.IsZero() {
		return
	}
	b.amount = b.amount.Add(amount)
	if b.first.IsZero() || day.Before(b.first) {
		b.first = day
	}
}

// taxLines are the taxes on what falls on each of some spans: a line for each tax and
// each of the times that it holds at one rate without a break, in order of the taxes'
// ids. A line names all days that it is on: those of the billing period, and older ones
// from the first that something is billed for.
func taxLines(spans []taxSpan, bases []taxBase, billed period.Period, currency string) []*ledger.Posting {
	var runs []taxRun
	for n := range spans {
		for _, rate := range spans[n].rates {
			k := slices.IndexFunc(runs, func(r taxRun) bool { return r.Until.Equal(spans[n].From) && sameRate(r.TaxRate, rate) })
			if k < 0 {
				runs = append(runs, taxRun{rate, period.Between(spans[n].From, spans[n].Until), bases[n]})
				continue
			}
			runs[k].Until = spans[n].Until
			runs[k].base.add(bases[n].amount, bases[n].first)
		}
	}
	slices.SortStableFunc(runs, func(a, b taxRun) int { return compareIDs(a.TaxRate, b.TaxRate) })
	var lines []*ledger.Posting
	for _, r := range runs {
		amount := r.Of(catalogue.Money{Amount: r.base.amount, Currency: currency}).Amount.Amount
		if amount.IsZero() {
			continue
		}
		r.From = period.Later(r.From, period.Earlier(billed.From, r.base.first))
		lines = append(lines, &ledger.Posting{Kind: ledger.Tax, Amount: amount, Text: r.Name, Rate: r.Rate,
			Date: r.Until.AddDate(0, 0, -1), From: r.From, Until: r.Until})
	}
	return lines
}

// taxRun is a tax for as long as it holds at one rate, and what it is taken of.
type taxRun struct {
	catalogue.TaxRate
	period.Period
	base taxBase
}

// Receiver is the user the bill goes to now.
func (d *Drafter) Receiver(g *customer.BillingGroup) *customer.User {
	return d.Whole.User(g.Receiver())
}
