package billing

import (
	"context"
	"testing"
	"time"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// TestDaysOfTheBrand: what is billed are the days of the brand's zone, whatever day it
// is in UTC. LINE is 310 a month.
func TestDaysOfTheBrand(t *testing.T) {
	for _, c := range []struct {
		name, zone string
		started    string // in UTC
		ended      string // "" = it lives
		run, asOf  string
		want       string
	}{
		{"Copenhagen, activated on 1 February 00:30", "Europe/Copenhagen", "2026-01-31 23:30:00", "", "2026-02-01 03:00:00", "2026-02-01", ``},
		{"Copenhagen, ended on 1 February 00:00", "Europe/Copenhagen", "2026-01-01 08:00:00", "2026-01-31 23:00:00", "2026-02-01 03:00:00", "2026-02-01", `
			INV-000001 2026-02-01 due 2026-02-15 for 2026-01-01..2026-01-31: 310 + 77.5 = 387.5, OPEN
			  2026-01-01 RECURRENT Line 2026-01-01..2026-01-31 310
			  2026-01-31 TAX Moms 25% 77.5
		`},
		{"Copenhagen, billed in the first hour of February", "Europe/Copenhagen", "2026-01-22 08:00:00", "", "2026-01-31 23:00:00", "2026-02-01", `
			INV-000001 2026-02-01 due 2026-02-15 for 2026-01-01..2026-01-31: 100 + 25 = 125, OPEN
			  2026-01-22 RECURRENT Line 2026-01-22..2026-01-31 100
			  2026-01-31 TAX Moms 25% 25
		`},
		{"Denver, activated on 31 January 22:30", "America/Denver", "2026-02-01 05:30:00", "", "2026-02-01 07:00:00", "2026-02-01", `
			INV-000001 2026-02-01 due 2026-02-15 for 2026-01-01..2026-01-31: 10 + 2.5 = 12.5, OPEN
			  2026-01-31 RECURRENT Line 2026-01-31..2026-01-31 10
			  2026-01-31 TAX Moms 25% 2.5
		`},
		{"Tokyo, ended on 11 January 00:00", "Asia/Tokyo", "2026-01-01 00:00:00", "2026-01-10 15:00:00", "2026-02-01 03:00:00", "2026-02-01", `
			INV-000001 2026-02-01 due 2026-02-15 for 2026-01-01..2026-01-31: 100 + 25 = 125, OPEN
			  2026-01-01 RECURRENT Line 2026-01-01..2026-01-10 100
			  2026-01-31 TAX Moms 25% 25
		`},
		// The days of 23 and of 25 hours are one day each.
		{"Copenhagen, until the day after the clocks went forward", "Europe/Copenhagen", "2026-03-01 08:00:00", "2026-03-29 22:00:00", "2026-04-01 08:00:00", "2026-04-01", `
			INV-000001 2026-04-01 due 2026-04-15 for 2026-03-01..2026-03-31: 290 + 72.5 = 362.5, OPEN
			  2026-03-01 RECURRENT Line 2026-03-01..2026-03-29 290
			  2026-03-31 TAX Moms 25% 72.5
		`},
		{"Copenhagen, on the day on which the clocks go back", "Europe/Copenhagen", "2026-10-24 22:00:00", "2026-10-25 23:00:00", "2026-11-01 08:00:00", "2026-11-01", `
			INV-000001 2026-11-01 due 2026-11-15 for 2026-10-01..2026-10-31: 10 + 2.5 = 12.5, OPEN
			  2026-10-25 RECURRENT Line 2026-10-25..2026-10-25 10
			  2026-10-31 TAX Moms 25% 2.5
		`},
		{"Cairo, on a day whose midnight is passed over", "Africa/Cairo", "2026-04-23 22:00:00", "2026-04-24 21:00:00", "2026-05-01 08:00:00", "2026-05-01", `
			INV-000001 2026-05-01 due 2026-05-15 for 2026-04-01..2026-04-30: 10.33 + 2.58 = 12.91, OPEN
			  2026-04-24 RECURRENT Line 2026-04-24..2026-04-24 10.33
			  2026-04-30 TAX Moms 25% 2.58
		`},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := openIn(t, c.zone)
			b.at(c.started)
			p := b.signUp("MONTH", "Øre")
			b.subscribe(p, "LINE")
			b.life(p, customer.ActivateSubscription)
			if c.ended != "" {
				b.at(c.ended)
				b.life(p, customer.TerminateSubscription)
			}
			b.at(c.run)
			b.runWith(Run{AsOf: b.date(c.asOf)})
			b.bills(p, c.want)
		})
	}
}

// TestPostingsOfTheBrandsDays: a charge belongs to the brand's day that it is made on,
// and keeps it, and a list is of those days.
func TestPostingsOfTheBrandsDays(t *testing.T) {
	b := openIn(t, "America/Denver")
	p := b.signUp("MONTH", "Øre")
	b.at("2026-02-01 06:59:59") // 31 January in Denver
	b.charge(p, "DEBIT", "20")
	b.at("2026-02-01 07:00:00")
	b.charge(p, "DEBIT", "40")
	b.run("2026-02-01")
	b.bills(p, `
		INV-000001 2026-02-01 due 2026-02-15 for 2026-01-01..2026-01-31: 20 + 5 = 25, OPEN
		  2026-02-01 CHARGE Fee 20
		  2026-01-31 TAX Moms 25% 5
	`)
	b.look(func(tx store.Tx, brand *catalogue.Brand) error {
		for _, c := range []struct{ day, want string }{{"2026-01-31", "20"}, {"2026-02-01", "40"}} {
			days := Days{First: b.date(c.day), Last: b.date(c.day), Zone: brand.Zone()}
			lines, _, err := DetailLines(tx, brand, LineFilter{Group: p.group, Days: days}, 0, 10)
			if err != nil {
				return err
			}
			if charge := lines[0]; !charge.Amount.Equal(money(c.want).Neg()) || period.Format(charge.Day) != c.day {
				t.Errorf("%s: %s of %s, want %s", c.day, charge.Amount, period.Format(charge.Day), c.want)
			}
		}
		return nil
	})
}

// TestPostingsWithoutADay: what an earlier version posted is billed by the day of UTC
// that it meant.
func TestPostingsWithoutADay(t *testing.T) {
	b := openIn(t, "America/Denver")
	p := b.signUp("MONTH", "Øre")
	b.at("2026-02-01 05:00:00")
	b.charge(p, "DEBIT", "20")
	b.do(func(tx store.Tx, _ *catalogue.Brand) error {
		for kept, err := range ledger.Postings.All(tx, ledger.ByGroup, p.group.String()) {
			if err != nil {
				return err
			}
			kept.Day = time.Time{}
			return ledger.Postings.Put(tx, kept)
		}
		return nil
	})
	b.run("2026-02-01")
	if got := b.told(p); got != "" {
		t.Errorf("a charge of 1 February is on\n%s", got)
	}
	b.run("2026-03-01")
	b.bills(p, `
		INV-000001 2026-03-01 due 2026-03-15 for 2026-02-01..2026-02-28: 20 + 5 = 25, OPEN
		  2026-02-01 CHARGE Fee 20
		  2026-02-28 TAX Moms 25% 5
	`)
}

// TestTodayOfTheBrand: a run may be for the brand's today, which begins in Tokyo before
// it does in UTC, and not for tomorrow. Brand OTHER is in UTC.
func TestTodayOfTheBrand(t *testing.T) {
	b := openIn(t, "Asia/Tokyo")
	p := b.signUp("MONTH", "Øre")
	b.charge(p, "DEBIT", "20")
	var other person
	b.brand = "OTHER"
	b.at("2026-01-25")
	other = b.signUp("MONTH", "Ek")
	b.charge(other, "DEBIT", "10")
	b.brand = "BOOKS"
	asOf := func(moment, day, brand string, want *failure.Code, invoices int64) {
		t.Helper()
		b.at(moment)
		report, err := (&Run{AsOf: b.date(day), Brand: brand}).Do(context.Background(), b)
		if failure.CodeOf(err) != want || err == nil && report.Invoices != invoices {
			t.Errorf("%s as of %s: %v %+v", moment, day, err, report)
		}
	}
	asOf("2026-01-31 14:59:59", "2026-02-01", "", DateOutOfRange, 0)
	asOf("2026-01-31 15:00:00", "2026-02-02", "", DateOutOfRange, 0)
	asOf("2026-01-31 15:00:00", "2026-02-01", "OTHER", DateOutOfRange, 0)
	asOf("2026-01-31 15:00:00", "2026-02-01", "", nil, 1) // OTHER as of its today, 31 January
	asOf("2026-01-31 23:59:59", "2026-02-01", "OTHER", DateOutOfRange, 0)
	asOf("2026-02-01 00:00:00", "2026-02-01", "", nil, 1)
}
