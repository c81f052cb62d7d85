package billing

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopspring/decimal"

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

// TestLateEndCostsWhatAPunctualOneDoes ends twins of a subscription on the same day,
// one on that day, the other after its days were billed, by a termination that was
// run late or ordered for a day that had passed. Both cost the same, but for what
// taxes are rounded by.
func TestLateEndCostsWhatAPunctualOneDoes(t *testing.T) {
	for seed := range uint64(24) {
		r := rand.New(rand.NewPCG(seed, 17))
		b := openIn(t, pick(r, "UTC", "Europe/Copenhagen", "America/Denver"))
		b.allowBackDated(366)
		b.at("2026-01-01")
		product := pick(r, "MONTH", "WEEK", "QUARTER", "YEAR")
		punctual, late := b.signUp(product, "Punctual"), b.signUp(product, "Late")
		both := func(do func(p person)) { do(punctual); do(late) }
		both(func(p person) { b.subscribe(p, "LINE") })
		day := must(time.Parse(time.DateOnly, "2026-01-02")).AddDate(0, 0, r.IntN(20))
		at := func() { b.at(day.Format(time.DateOnly)) }
		at()
		both(func(p person) { b.life(p, customer.ActivateSubscription) })
		if r.IntN(2) == 0 {
			day = day.AddDate(0, 0, 1+r.IntN(20))
			at()
			both(func(p person) { b.subscribe(p, "DATA") })
			if r.IntN(2) == 0 {
				day = day.AddDate(0, 0, r.IntN(20))
				at()
				both(func(p person) { b.unsubscribe(p, "DATA") })
			}
		}
		day = day.AddDate(0, 0, 1+r.IntN(60))
		at()
		end := day.Format(time.DateOnly)
		ordered := store.ID(0)
		if r.IntN(2) == 0 {
			ordered = b.endOn(late, end)
		}
		b.runEnd(b.endOn(punctual, end))
		for range 1 + r.IntN(12) {
			day = day.AddDate(0, 0, 1+r.IntN(25))
			b.run(day.Format(time.DateOnly))
		}
		if ordered == 0 {
			ordered = b.endOn(late, end)
		}
		b.runEnd(ordered)
		b.run("2027-02-01")
		if a, z := b.netOf(punctual), b.netOf(late); !a.Equal(z) {
			t.Errorf("seed %d, %s, end %s: punctual costs %s, late %s\n%s\n%s", seed, product, end, a, z, b.told(punctual), b.told(late))
		}
	}
}

// netOf is what the invoices of a person make without taxes.
func (b *books) netOf(p person) (net decimal.Decimal) {
	b.Helper()
	for _, i := range b.invoicesOf(p) {
		net = net.Add(i.Net)
	}
	return net
}

// allowBackDated lets the brand end subscriptions so many days back.
func (b *books) allowBackDated(days int) {
	b.Helper()
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		brand.BackDatedDays = days
		return catalogue.Brands.Put(tx, brand)
	})
}
