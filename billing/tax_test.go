package billing

import "testing"

// TestUntaxedChargeItem: a credit of the whole debt, tax and all, is not taxed again.
func TestUntaxedChargeItem(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	b.charge(p, "DEBIT", "299")
	b.run("2026-02-01")
	b.balances(p, "-373.75")
	b.charge(p, "WRITE_OFF", "373.75")
	b.charge(p, "DEBIT", "8")
	b.run("2026-03-01")
	b.bills(p, `
		INV-000001 2026-02-01 due 2026-02-15 for 2026-01-01..2026-01-31: 299 + 74.75 = 373.75, PARTLY_PAID
		  2026-01-01 CHARGE Fee 299
		  2026-01-31 TAX Moms 25% 74.75
		INV-000002 2026-03-01 due 2026-03-15 for 2026-02-01..2026-02-28: -365.75 + 2 = -363.75, PAID
		  2026-02-01 CREDIT Nobody will pay this -373.75
		  2026-02-01 CHARGE Fee 8
		  2026-02-28 TAX Moms 25% 2
	`)
	b.balances(p, "-10")
}
