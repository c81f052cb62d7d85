package billing

import (
	"testing"
	"time"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// endOn orders the end of a person's subscription on a day, which the clock may have
// passed when it is run.
func (b *books) endOn(p person, day string) store.ID {
	b.Helper()
	var id store.ID
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		t, err := customer.ScheduleTermination(tx, brand, p.subscription, must(time.Parse(time.DateOnly, day)))
		if err == nil {
			id = t.ID
		}
		return err
	})
	return id
}

func (b *books) runEnd(id store.ID) {
	b.Helper()
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := customer.RunTermination(tx, brand, id)
		return err
	})
}

// lined is a person with a line that is active from a day on.
func (b *books) lined(name, from string) person {
	b.Helper()
	p := b.signUp("MONTH", name)
	b.subscribe(p, "LINE")
	b.at(from)
	b.life(p, customer.ActivateSubscription)
	return p
}

// TestEndRunLate sees an end count on its day, whenever it is run.
func TestEndRunLate(t *testing.T) {
	b := open(t)
	p := b.lined("Ek", "2026-02-01")
	end := b.endOn(p, "2026-02-10")
	b.at("2026-02-14")
	b.runEnd(end)
	b.run("2026-03-01")
	b.bills(p, `
		INV-000001 2026-03-01 due 2026-03-15 for 2026-02-01..2026-02-28: 99.64 + 24.91 = 124.55, OPEN
		  2026-02-01 RECURRENT Line 2026-02-01..2026-02-09 99.64
		  2026-02-28 TAX Moms 25% 24.91
	`)
}

// TestEndAfterTheRun sees an end that comes after its days were billed give them
// back.
func TestEndAfterTheRun(t *testing.T) {
	b := open(t)
	p := b.lined("Ek", "2026-02-01")
	end := b.endOn(p, "2026-02-25")
	b.run("2026-03-01")
	b.runEnd(end)
	b.run("2026-04-01")
	b.bills(p, `
		INV-000001 2026-03-01 due 2026-03-15 for 2026-02-01..2026-02-28: 310 + 77.5 = 387.5, PARTLY_PAID
		  2026-02-01 RECURRENT Line 2026-02-01..2026-02-28 310
		  2026-02-28 TAX Moms 25% 77.5
		CN-000001 2026-04-01 due 2026-04-15 for 2026-03-01..2026-03-31: -44.29 + -11.07 = -55.36, PAID
		  2026-02-25 RECURRENT Line 2026-02-25..2026-02-28 -44.29
		  2026-03-31 TAX Moms 25% -11.07
	`)
}
