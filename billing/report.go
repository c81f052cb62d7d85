package billing

import (
	"maps"

	"github.com/shopspring/decimal"
)

// batch is what one transaction of a run did.
type batch struct {
	invoices, periods int64
	totals            map[string]decimal.Decimal
	refused           []string
}

func (b *batch) clone() batch {
	c := *b
	c.totals = maps.Clone(b.totals)
	return c
}

func (r *Report) add(b *batch) {
	r.Invoices += b.invoices
	r.Periods += b.periods
	r.Refused += int64(len(b.refused))
	for currency, sum := range b.totals {
		r.Totals[currency] = r.Totals[currency].Add(sum)
	}
	r.Reasons = append(r.Reasons, b.refused[:min(len(b.refused), maxReasons-len(r.Reasons))]...)
}
