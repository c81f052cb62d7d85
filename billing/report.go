package billing

import "github.com/shopspring/decimal"

// Report says what a run did, or would do.
type Report struct {
	Accounts int64                      // looked at
	Invoices int64                      // made
	Periods  int64                      // billed, those without anything to bill too
	Dunned   int                        // invoices taken to the next dunning state
	Totals   map[string]decimal.Decimal // of the invoices, by currency
	Refused  int64                      // accounts that could not be billed; they keep for the next run
	Reasons  []string                   // why, of the first maxReasons
	// NoPlace are those of the refused whose bill goes to where the tax table knows
	// nothing of (TAX_PLACE_UNKNOWN).
	NoPlace int64
	// Untaxed are invoices that bear no tax for days of a place without a row, in a
	// country that the tax table has rows for; UntaxedAt names the first maxReasons.
	Untaxed   int64
	UntaxedAt []string
}

// maxReasons is how many refused accounts, and untaxed invoices, are told one by one.
const maxReasons = 20

func (r *Report) add(b *batch) {
	r.Invoices += b.invoices
	r.Periods += b.periods
	r.Refused += int64(len(b.refused))
	r.NoPlace += b.noPlace
	r.Untaxed += int64(len(b.untaxed))
	for currency, sum := range b.totals {
		r.Totals[currency] = r.Totals[currency].Add(sum)
	}
	r.Reasons = append(r.Reasons, b.refused[:min(len(b.refused), maxReasons-len(r.Reasons))]...)
	r.UntaxedAt = append(r.UntaxedAt, b.untaxed[:min(len(b.untaxed), maxReasons-len(r.UntaxedAt))]...)
}
