package billing

import (
	"strings"
	"testing"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/store"
)

// TestNumberThatExists sees a run leave accounts alone whose invoice would get a
// number that an earlier one has, and go on gapless when that is mended.
func TestNumberThatExists(t *testing.T) {
	b := open(t)
	p, q := b.signUp("MONTH", "Ek"), b.signUp("MONTH", "Øre")
	b.charge(p, "DEBIT", "10")
	b.run("2026-02-01")
	rename := func(number string) {
		b.do(func(tx store.Tx, brand *catalogue.Brand) error {
			i := b.invoicesOf(p)[0]
			i.Number = number
			return ledger.Invoices.Put(tx, i)
		})
	}
	rename("INV-000002")
	b.charge(q, "DEBIT", "20")
	b.at("2026-03-01")
	report := b.run("2026-03-01")
	if report.Refused != 1 || report.Invoices != 0 || !strings.Contains(report.Reasons[0], "INV-000002") {
		t.Errorf("the run says %+v", report)
	}
	rename("X-1")
	if report := b.run("2026-03-01"); report.Refused != 0 || report.Invoices != 1 {
		t.Errorf("the run says %+v", report)
	}
	b.bills(q, `
		INV-000002 2026-03-01 due 2026-03-15 for 2026-02-01..2026-02-28: 20 + 5 = 25, OPEN
		  2026-02-01 CHARGE Fee 20
		  2026-02-28 TAX Moms 25% 5
	`)
}
