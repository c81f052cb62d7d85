package draft

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/billing/period"
)

// TestShareOfSpans: what was posted whole for days of several spans is spread over
// them by the day, and adds up.
func TestShareOfSpans(t *testing.T) {
	spans := []taxSpan{{Period: period.Between(period.Date(2026, 1, 1), period.Date(2026, 1, 11))}, {Period: period.Between(period.Date(2026, 1, 11), period.Date(2026, 1, 21))}, {Period: period.Between(period.Date(2026, 1, 21), period.Date(2026, 2, 1))}}
	for _, c := range []struct {
		p    ledger.Posting
		want string
	}{
		{ledger.Posting{Kind: ledger.Recurrent, From: period.Date(2026, 1, 1), Until: period.Date(2026, 2, 1)}, "32.26 32.26 35.48"},
		{ledger.Posting{Kind: ledger.Recurrent, From: period.Date(2026, 1, 10), Until: period.Date(2026, 1, 13)}, "33.33 66.67 0"},
		{ledger.Posting{Kind: ledger.Recurrent, From: period.Date(2026, 1, 1), Until: period.Date(2026, 1, 11)}, "100 0 0"},
		{ledger.Posting{Kind: ledger.Recurrent, From: period.Date(2026, 1, 21), Until: period.Date(2026, 2, 1)}, "0 0 100"},
		{ledger.Posting{Kind: ledger.Recurrent, From: period.Date(2026, 1, 20), Until: period.Date(2026, 2, 8)}, "0 5.26 94.74"}, // beyond the spans
		{ledger.Posting{Kind: ledger.Charge, Day: period.Date(2026, 1, 20)}, "0 100 0"}, {ledger.Posting{Kind: ledger.Charge, Day: period.Date(2026, 3, 1)}, "0 0 100"},
	} {
		bases := make([]taxBase, len(spans))
		c.p.Amount = decimal.NewFromInt(100)
		share(&c.p, spans, bases, "USD")
		if got := fmt.Sprint(bases[0].amount, bases[1].amount, bases[2].amount); got != c.want {
			t.Errorf("%s of %s..%s: %s, want %s", c.p.Kind, period.Format(c.p.From), period.Format(c.p.Until), got, c.want)
		}
	}
}
