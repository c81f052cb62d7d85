package billing

import (
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
		was, is, all := decimal.Zero, decimal.Zero, true
		none := true // of what the tax is on was credited before
		for _, p := range c.lines {
			if !c.isOn(t, p) {
				continue
			}
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

// isOn reports whether a tax line of the invoice is on another line: of the tax
// lines for the days nearest to the line's own.
func (c *credit) isOn(t, p *Posting) bool {
	if p.Kind == Fee {
		return false
	}
	far := p.daysFrom(t)
	for _, other := range c.taxes {
		if p.daysFrom(other) < far {
			return false
		}
	}
	return true
}

// daysFrom is how many days a line lies beside those of a tax line; 0 = among them.
func (p *Posting) daysFrom(t *Posting) int64 {
	on := p.From
	if on.IsZero() {
		on = p.day()
	}
	return max(0, period{on, t.From}.days(), period{t.Until, on}.days()+1)
}
