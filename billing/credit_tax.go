package billing

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"rator/catalogue"
)

// taxBack are a tax line of an invoice and what a credit note takes back of it.
type taxBack struct {
	*Posting
	amount decimal.Decimal // signed as the line's
}

// taxBack gives what the chosen lines take back of each tax on the invoice: its
// rate of all that is credited now, less what was before. When the last line that
// a tax is on is credited, all that is left of the tax goes, so that credits one
// after the other end at exactly 0, however they were rounded.
func (c *credit) taxBack() []taxBack {
	chosen := map[*Posting]bool{}
	for _, p := range c.chosen {
		chosen[p] = true
	}
	var back []taxBack
	for _, t := range c.taxes {
		was, is, none, all := decimal.Zero, decimal.Zero, true, true // of what the tax is on
		for _, p := range c.linesOf(t) {
			switch {
			case c.credited[p.ID]:
				was, is, none = was.Add(p.Amount), is.Add(p.Amount), false
			case chosen[p]:
				is = is.Add(p.Amount)
			default:
				all = false
			}
		}
		before, after := t.takes(was), t.takes(is)
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
func (p *Posting) takes(amount decimal.Decimal) decimal.Decimal {
	return catalogue.Money{Amount: amount.Mul(p.Rate).Shift(-2), Currency: p.Currency}.Rounded().Amount
}

// linesOf gives the lines of the invoice that a tax line is on. It names days of the
// billing period, but may be on older lines too: so it is on those of its days where
// they make its amount, else on all that are nearer to its days than to those of other
// tax lines. A tax on none is of the whole invoice.
func (c *credit) linesOf(t *Posting) []*Posting {
	onItsDays := c.isOnItsDays(t)
	var on []*Posting
	for _, p := range c.lines {
		far := p.daysFrom(t)
		if !p.taxed() || far > 0 && (onItsDays || c.isNearer(p, far)) {
			continue
		}
		on = append(on, p)
	}
	if len(on) == 0 {
		return c.lines
	}
	return on
}

// isNearer reports whether a line is nearer than so many days to one of the tax lines.
func (c *credit) isNearer(p *Posting, far int64) bool {
	return slices.ContainsFunc(c.taxes, func(t *Posting) bool { return p.daysFrom(t) < far })
}

// isOnItsDays reports whether the lines of a tax line's days make its amount.
func (c *credit) isOnItsDays(t *Posting) bool {
	sum := decimal.Zero
	for _, p := range c.lines {
		if p.taxed() && p.daysFrom(t) == 0 {
			sum = sum.Add(p.Amount)
		}
	}
	return t.takes(sum).Equal(t.Amount)
}

// daysFrom is how many days a line lies beside those of a tax line; 0 = among them.
func (p *Posting) daysFrom(t *Posting) int64 {
	on := p.span().from
	return max(0, period{on, t.From}.days(), daysAfter(t.Until, on))
}

// daysAfter is how many days a day lies after the last one before until.
func daysAfter(until, day time.Time) int64 {
	return period{until.AddDate(0, 0, -1), day}.days()
}
