package billing

import (
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// TestRecurrentPrices: an option costs for the days on which the subscription was
// in the group, was in use, and had it. LINE is 310, DATA 100 each cycle.
func TestRecurrentPrices(t *testing.T) {
	for _, c := range []struct {
		name string
		live func(b *books) person
		want string
	}{
		{"a whole month", func(b *books) person {
			p := b.signUp("MONTH", "Øre")
			b.subscribe(p, "LINE")
			b.life(p, customer.ActivateSubscription)
			return p
		}, `
			INV-000001 2026-02-01 due 2026-02-15 for 2026-01-01..2026-01-31: 310 + 77.5 = 387.5, OPEN
			  2026-01-01 RECURRENT Line 2026-01-01..2026-01-31 310
			  2026-01-31 TAX Moms 25% 77.5
		`},
		{"from its activation on", func(b *books) person {
			p := b.signUp("MONTH", "Øre")
			b.subscribe(p, "LINE")
			b.at("2026-01-22")
			b.life(p, customer.ActivateSubscription)
			return p
		}, `
			INV-000001 2026-02-01 due 2026-02-15 for 2026-01-01..2026-01-31: 100 + 25 = 125, OPEN
			  2026-01-22 RECURRENT Line 2026-01-22..2026-01-31 100
			  2026-01-31 TAX Moms 25% 25
		`},
		{"never activated", func(b *books) person {
			p := b.signUp("MONTH", "Øre")
			b.subscribe(p, "LINE")
			return p
		}, ``},
		{"terminated", func(b *books) person {
			p := b.signUp("MONTH", "Øre")
			b.subscribe(p, "LINE")
			b.life(p, customer.ActivateSubscription)
			b.at("2026-01-11")
			b.life(p, customer.TerminateSubscription)
			return p
		}, `
			INV-000001 2026-02-01 due 2026-02-15 for 2026-01-01..2026-01-31: 100 + 25 = 125, OPEN
			  2026-01-01 RECURRENT Line 2026-01-01..2026-01-10 100
			  2026-01-31 TAX Moms 25% 25
		`},
		{"terminated and reactivated", func(b *books) person {
			p := b.signUp("MONTH", "Øre")
			b.subscribe(p, "LINE")
			b.life(p, customer.ActivateSubscription)
			b.at("2026-01-11")
			b.life(p, customer.TerminateSubscription)
			b.at("2026-01-22")
			b.life(p, customer.ReactivateSubscription)
			return p
		}, `
			INV-000001 2026-02-01 due 2026-02-15 for 2026-01-01..2026-01-31: 200 + 50 = 250, OPEN
			  2026-01-01 RECURRENT Line 2026-01-01..2026-01-10 100
			  2026-01-22 RECURRENT Line 2026-01-22..2026-01-31 100
			  2026-01-31 TAX Moms 25% 50
		`},
		{"blocked", func(b *books) person {
			p := b.signUp("MONTH", "Øre")
			b.subscribe(p, "LINE")
			b.life(p, customer.ActivateSubscription)
			b.life(p, func(tx store.Tx, brand *catalogue.Brand, id store.ID) (*customer.Subscription, error) {
				return customer.BlockSubscription(tx, brand, id, customer.NewBlock{BlockFields: customer.BlockFields{BlockType: "BLOCK_AS_STOLEN"}})
			})
			return p
		}, `
			INV-000001 2026-02-01 due 2026-02-15 for 2026-01-01..2026-01-31: 310 + 77.5 = 387.5, OPEN
			  2026-01-01 RECURRENT Line 2026-01-01..2026-01-31 310
			  2026-01-31 TAX Moms 25% 77.5
		`},
		{"an option of some days", func(b *books) person {
			p := b.signUp("MONTH", "Øre")
			b.life(p, customer.ActivateSubscription)
			b.at("2026-01-06")
			b.subscribe(p, "LINE")
			b.at("2026-01-16")
			b.unsubscribe(p, "LINE")
			return p
		}, `
			INV-000001 2026-02-01 due 2026-02-15 for 2026-01-01..2026-01-31: 100 + 25 = 125, OPEN
			  2026-01-06 RECURRENT Line 2026-01-06..2026-01-15 100
			  2026-01-31 TAX Moms 25% 25
		`},
		{"an option taken, dropped and taken again", func(b *books) person {
			p := b.signUp("MONTH", "Øre")
			b.life(p, customer.ActivateSubscription)
			b.subscribe(p, "LINE")
			b.at("2026-01-11 08:00:00")
			b.unsubscribe(p, "LINE")
			b.at("2026-01-11 20:00:00")
			b.subscribe(p, "LINE")
			return p
		}, `
			INV-000001 2026-02-01 due 2026-02-15 for 2026-01-01..2026-01-31: 310 + 77.5 = 387.5, OPEN
			  2026-01-01 RECURRENT Line 2026-01-01..2026-01-10 100
			  2026-01-11 RECURRENT Line 2026-01-11..2026-01-31 210
			  2026-01-31 TAX Moms 25% 77.5
		`},
		{"two options, one free", func(b *books) person {
			p := b.signUp("MONTH", "Øre")
			b.life(p, customer.ActivateSubscription)
			b.subscribe(p, "DATA")
			b.subscribe(p, "FREE")
			b.at("2026-01-31")
			b.subscribe(p, "LINE")
			return p
		}, `
			INV-000001 2026-02-01 due 2026-02-15 for 2026-01-01..2026-01-31: 110 + 27.5 = 137.5, OPEN
			  2026-01-01 RECURRENT Data 2026-01-01..2026-01-31 100
			  2026-01-31 RECURRENT Line 2026-01-31..2026-01-31 10
			  2026-01-31 TAX Moms 25% 27.5
		`},
		{"prepaid", func(b *books) person {
			p := b.signUp("PREPAID", "Øre")
			b.subscribe(p, "LINE")
			b.pay(p, "5")
			b.life(p, customer.ActivateSubscription)
			b.charge(p, "DEBIT", "5")
			return p
		}, ``},
		{"by the week", func(b *books) person {
			b.at("2026-01-21") // a Wednesday
			p := b.signUp("WEEK", "Øre")
			b.subscribe(p, "DATA")
			b.life(p, customer.ActivateSubscription)
			return p
		}, `
			INV-000001 2026-02-01 due 2026-02-01 for 2026-01-19..2026-01-25: 71.43 + 17.86 = 89.29, OPEN
			  2026-01-21 RECURRENT Data 2026-01-21..2026-01-25 71.43
			  2026-01-25 TAX Moms 25% 17.86
		`},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := open(t)
			p := c.live(b)
			b.run("2026-02-01")
			b.bills(p, c.want)
			before := b.told(p)
			if r := b.run("2026-02-01"); r.Invoices != 0 || r.Periods != 0 || b.told(p) != before {
				t.Errorf("a second run did %+v", r)
			}
		})
	}
}

// TestRecurrentPricesFollowTheBillingGroup: each day is paid by the group that the
// subscription was in when it began.
func TestRecurrentPricesFollowTheBillingGroup(t *testing.T) {
	b := open(t)
	first := b.signUp("MONTH", "Øre")
	b.subscribe(first, "LINE")
	b.life(first, customer.ActivateSubscription)
	second := b.addGroup(first)
	b.at("2026-01-11")
	b.move(first, second)
	b.at("2026-01-21")
	b.move(first, first)
	b.run("2026-02-01")
	b.bills(first, `
		INV-000001 2026-02-01 due 2026-02-15 for 2026-01-01..2026-01-31: 210 + 52.5 = 262.5, OPEN
		  2026-01-01 RECURRENT Line 2026-01-01..2026-01-10 100
		  2026-01-21 RECURRENT Line 2026-01-21..2026-01-31 110
		  2026-01-31 TAX Moms 25% 52.5
	`)
	b.bills(second, `
		INV-000002 2026-02-01 due 2026-02-15 for 2026-01-01..2026-01-31: 100 + 25 = 125, OPEN
		  2026-01-11 RECURRENT Line 2026-01-11..2026-01-20 100
		  2026-01-31 TAX Moms 25% 25
	`)
}

// TestPeriodsThatWereLeftOut: a run that comes late bills each period by itself,
// with what belongs to it.
func TestPeriodsThatWereLeftOut(t *testing.T) {
	b := open(t)
	b.at("2025-11-16")
	p := b.signUp("MONTH", "Øre")
	b.subscribe(p, "LINE")
	b.life(p, customer.ActivateSubscription)
	b.at("2025-12-31 23:59:59")
	b.charge(p, "DEBIT", "20")
	b.at("2026-01-01 00:00:00")
	b.charge(p, "DEBIT", "40")
	b.at("2026-02-01")
	b.charge(p, "DEBIT", "60") // February's
	b.run("2026-02-10")
	b.bills(p, `
		INV-000001 2026-02-10 due 2026-02-24 for 2025-11-01..2025-11-30: 155 + 38.75 = 193.75, OPEN
		  2025-11-16 RECURRENT Line 2025-11-16..2025-11-30 155
		  2025-11-30 TAX Moms 25% 38.75
		INV-000002 2026-02-10 due 2026-02-24 for 2025-12-01..2025-12-31: 330 + 82.5 = 412.5, OPEN
		  2025-12-31 CHARGE Fee 20
		  2025-12-01 RECURRENT Line 2025-12-01..2025-12-31 310
		  2025-12-31 TAX Moms 25% 82.5
		INV-000003 2026-02-10 due 2026-02-24 for 2026-01-01..2026-01-31: 350 + 87.5 = 437.5, OPEN
		  2026-01-01 CHARGE Fee 40
		  2026-01-01 RECURRENT Line 2026-01-01..2026-01-31 310
		  2026-01-31 TAX Moms 25% 87.5
	`)
	b.balances(p, "-1103.75")
	carried := ""
	for _, i := range b.invoicesOf(p) {
		carried += i.Carried.String() + " "
	}
	if carried != "0 -193.75 -606.25 " {
		t.Errorf("brought forward: %s", carried)
	}
}
