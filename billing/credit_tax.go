package billing

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
)

// taxBack are a tax line of an invoice and what a credit note takes back of it.
type taxBack struct {
	*ledger.Posting
	amount decimal.Decimal // signed as the line's
}

// taxBack gives what the chosen lines take back of each tax on the invoice: its
// rate of all that is credited now, less what was before. When the last line that
// a tax is on is credited, all that is left of the tax goes, so that credits one
// after the other end at exactly 0, however they were rounded.
func (c *credit) taxBack() []taxBack {
	chosen := map[*ledger.Posting]bool{}
	for _, p := range c.chosen {
		chosen[p] = true
	}
	var back []taxBack
	for _, t := range c.taxes {
		was, is, none, all := decimal.Zero, decimal.Zero, true, true // of what the tax is on
		for _, p := range c.partsOf(t) {
			switch {
			case c.credited[p.line.ID]:
				was, is, none = was.Add(p.amount), is.Add(p.amount), false
			case chosen[p.line]:
				is = is.Add(p.amount)
			default:
				all = false
			}
		}
		before, after := takes(t, was), takes(t, is)
		if none {
			before = decimal.Zero
		}
		if all {
			after = t.Amount
		}
		if amount := after.Sub(before); !amount.IsZero() {
			back = append(back, taxBack{t, amount})
		}
	}
	return back
}

// takes is what a tax line's rate takes of an amount.
func takes(t *ledger.Posting, amount decimal.Decimal) decimal.Decimal {
	return catalogue.Money{Amount: amount.Mul(t.Rate).Shift(-2), Currency: t.Currency}.Rounded().Amount
}

// taxedPart is as much of a line of the invoice as a tax line is on.
type taxedPart struct {
	line   *ledger.Posting
	amount decimal.Decimal
}

// partsOf gives what a tax line is on: of each line, what falls on its days. Tax lines
// of older invoices name days of the billing period alone, though they may be on lines
// for days before it: where those of its days do not make its amount, a tax line is on
// all that are nearer to it than to others too. A tax on none is of the whole invoice.
func (c *credit) partsOf(t *ledger.Posting) []taxedPart {
	var parts []taxedPart
	sum := decimal.Zero
	for _, p := range c.lines {
		if amount := amountOn(p, t); p.Taxed() && !amount.IsZero() {
			parts, sum = append(parts, taxedPart{p, amount}), sum.Add(amount)
		}
	}
	if takes(t, sum).Equal(t.Amount) {
		return parts
	}
	for _, p := range c.lines {
		if far := daysFrom(p, t); p.Taxed() && far > 0 && !c.isNearer(p, far) && amountOn(p, t).IsZero() {
			parts = append(parts, taxedPart{p, p.Amount})
		}
	}
	if len(parts) == 0 {
		for _, p := range c.lines {
			parts = append(parts, taxedPart{p, p.Amount})
		}
	}
	return parts
}

// amountOn is what of a line falls on the days of a tax line.
func amountOn(p, t *ledger.Posting) decimal.Decimal {
	days := p.Span()
	on := days.Within(t.From, t.Until)
	if on == days {
		return p.Amount
	}
	return p.Amount.Mul(decimal.NewFromInt(max(0, on.Days()))).Div(decimal.NewFromInt(days.Days()))
}

// isNearer reports whether a line is nearer than so many days to one of the tax lines.
func (c *credit) isNearer(p *ledger.Posting, far int64) bool {
	return slices.ContainsFunc(c.taxes, func(t *ledger.Posting) bool { return daysFrom(p, t) < far })
}

// daysFrom is how many days a line lies beside those of a tax line; 0 = among them.
func daysFrom(p, t *ledger.Posting) int64 {
	on := p.Span().From
	return max(0, period.Between(on, t.From).Days(), daysAfter(t.Until, on))
}

// daysAfter is how many days a day lies after the last one before until.
func daysAfter(until, day time.Time) int64 {
	return period.Between(until.AddDate(0, 0, -1), day).Days()
}
