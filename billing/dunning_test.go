package billing

import (
	"math/rand/v2"
	"testing"
	"time"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// dunned wants a person's invoices to be dunned so far, the oldest first.
func (b *books) dunned(p person, want ...ledger.Dunning) {
	b.Helper()
	all := b.invoicesOf(p)
	if len(all) != len(want) {
		b.Fatalf("%s: %d invoices, want %d", period.Format(b.now), len(all), len(want))
	}
	for n, i := range all {
		if i.Dunning != want[n] {
			b.Errorf("%s: %s is %s, want %s", period.Format(b.now), i.Number, i.Dunning, want[n])
		}
	}
}

// TestLateRuns: three runs that catch up on one day ask for the money from that
// day on, and remind of nothing.
func TestLateRuns(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	for _, month := range []string{"2026-01", "2026-02", "2026-03"} {
		b.at(month + "-10")
		b.charge(p, "DEBIT", "80")
	}
	b.at("2026-06-03")
	for _, asOf := range []time.Time{period.Date(2026, 2, 1), period.Date(2026, 3, 1), period.Date(2026, 4, 1), period.Date(2026, 6, 3)} {
		if r := b.runWith(Run{AsOf: asOf}); r.Dunned != 0 {
			t.Errorf("%d dunned as of %s", r.Dunned, period.Format(asOf))
		}
	}
	b.bills(p, `
		INV-000001 2026-06-03 due 2026-06-17 for 2026-01-01..2026-01-31: 80 + 20 = 100, OPEN
		  2026-01-10 CHARGE Fee 80
		  2026-01-31 TAX Moms 25% 20
		INV-000002 2026-06-03 due 2026-06-17 for 2026-02-01..2026-02-28: 80 + 20 = 100, OPEN
		  2026-02-10 CHARGE Fee 80
		  2026-02-28 TAX Moms 25% 20
		INV-000003 2026-06-03 due 2026-06-17 for 2026-03-01..2026-03-31: 80 + 20 = 100, OPEN
		  2026-03-10 CHARGE Fee 80
		  2026-03-31 TAX Moms 25% 20
	`)
	b.run("2026-06-17") // the day they are due
	b.dunned(p, ledger.NotDunned, ledger.NotDunned, ledger.NotDunned)
	b.at("2026-08-01") // nobody ran for six weeks
	for _, asOf := range []time.Time{period.Date(2026, 6, 17), period.Date(2026, 6, 18), period.Date(2026, 7, 2), period.Date(2026, 8, 1)} {
		b.runWith(Run{AsOf: asOf})
	}
	b.dunned(p, ledger.Reminder, ledger.Reminder, ledger.Reminder)
	b.run("2026-08-14")
	b.dunned(p, ledger.Reminder, ledger.Reminder, ledger.Reminder)
	b.run("2026-08-15")
	b.dunned(p, ledger.LastReminder, ledger.LastReminder, ledger.LastReminder)
}

// TestDunningDaysAreReal: runs of random days, for random days, in random zones,
// never dun before the day after the due date, nor twice in DunningDays.
func TestDunningDaysAreReal(t *testing.T) {
	if *seed == 0 {
		*seed = 1
	}
	t.Logf("-seed %d", *seed)
	random := rand.New(rand.NewPCG(*seed, 1))
	for _, zone := range []string{"UTC", "America/Denver", "Pacific/Auckland"} {
		b := open(t)
		var brand *catalogue.Brand
		b.do(func(tx store.Tx, _ *catalogue.Brand) error { return catalogue.ServeIn(tx, zone) })
		b.look(func(_ store.Tx, read *catalogue.Brand) error { brand = read; return nil })
		p := b.signUp("WEEK", "Øre")
		before, steps := map[store.ID]*ledger.Invoice{}, 0
		for range 200 {
			b.now = b.now.Add(time.Duration(random.IntN(60)) * time.Hour)
			today := brand.Day(b.now)
			if random.IntN(3) == 0 {
				b.charge(p, "DEBIT", "80")
			}
			asOf := today.AddDate(0, 0, -random.IntN(20)*random.IntN(2))
			b.runWith(Run{AsOf: asOf})
			for _, i := range b.invoicesOf(p) {
				was := before[i.ID]
				before[i.ID] = i
				switch {
				case was == nil:
					if !i.Date.Equal(today) || !i.DueDate.Equal(today) || i.Dunning != ledger.NotDunned {
						t.Fatalf("issued on %s: %+v", period.Format(today), i)
					}
				case was.Dunning != i.Dunning:
					steps++
					if nextState[was.Dunning] != i.Dunning || !i.DueDate.Before(today) || !i.Dunned().Equal(today) ||
						!was.Dunned().IsZero() && today.Before(was.Dunned().AddDate(0, 0, 14)) {
						t.Fatalf("on %s, %s after %s dunned on %s: %+v", period.Format(today), i.Dunning, was.Dunning, period.Format(was.Dunned()), i)
					}
				}
			}
		}
		if steps < 20 {
			t.Errorf("%s: only %d steps", zone, steps)
		}
	}
}

// TestCreditsAreNotDunned: what a credit covers, with its tax, is not dunned, the
// oldest invoice first; what is left is.
func TestCreditsAreNotDunned(t *testing.T) {
	for _, c := range []struct {
		credit        string
		first, second ledger.Dunning
	}{
		{"79", ledger.Reminder, ledger.Reminder}, // 98.75 of the first's 100: 1.25 is left
		{"79.3", ledger.NotDunned, ledger.Reminder},
		{"80", ledger.NotDunned, ledger.Reminder},
		{"130", ledger.NotDunned, ledger.Reminder},
		{"160", ledger.NotDunned, ledger.NotDunned},
		{"500", ledger.NotDunned, ledger.NotDunned},
	} {
		b := open(t)
		p := b.signUp("MONTH", "Øre")
		b.charge(p, "DEBIT", "80")
		b.at("2026-02-10")
		b.charge(p, "DEBIT", "80")
		b.run("2026-03-01")
		b.at("2026-03-10")
		b.charge(p, "CREDIT", c.credit)
		b.charge(p, "DEBIT", "500") // which is not due yet
		b.run("2026-03-16")
		b.dunned(p, c.first, c.second)
	}
}

// TestWhatIsLeftOpenIsNotDunned while it is less than the brand's smallest amount.
func TestWhatIsLeftOpenIsNotDunned(t *testing.T) {
	b := open(t)
	cent, dollar := b.signUp("MONTH", "Øre"), b.signUp("MONTH", "Krone")
	for _, p := range []person{cent, dollar} {
		b.charge(p, "DEBIT", "80")
	}
	b.run("2026-02-01")
	b.pay(cent, "99.99")
	b.pay(dollar, "99")
	for _, c := range []struct {
		day  string
		want ledger.Dunning
	}{{"2026-02-16", ledger.Reminder}, {"2026-03-02", ledger.LastReminder}, {"2026-03-16", ledger.Collection}} {
		if r := b.run(c.day); r.Dunned != 1 {
			t.Errorf("%s: %d dunned, want 1", c.day, r.Dunned)
		}
		b.dunned(cent, ledger.NotDunned)
		b.dunned(dollar, c.want)
	}
}

// TestDunningPauses until the day that was said, and no longer.
func TestDunningPauses(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	b.charge(p, "DEBIT", "80")
	b.run("2026-02-01")
	pause := func(until time.Time) {
		b.Helper()
		b.do(func(tx store.Tx, brand *catalogue.Brand) error {
			_, err := PauseDunning(tx, brand, p.group, until, "pays on the 10th")
			return err
		})
	}
	pause(period.Date(2026, 3, 10))
	b.run("2026-03-09")
	b.dunned(p, ledger.NotDunned)
	b.run("2026-03-10")
	b.dunned(p, ledger.Reminder)
	pause(period.Date(2026, 12, 1))
	b.run("2026-05-01")
	b.dunned(p, ledger.Reminder)
	pause(time.Time{}) // ended
	b.run("2026-05-02")
	b.dunned(p, ledger.LastReminder)
}

// TestPausesThatAreRefused, and nothing is written.
func TestPausesThatAreRefused(t *testing.T) {
	b := open(t)
	p, prepaid := b.signUp("MONTH", "Øre"), b.signUp("PREPAID", "Ek")
	for _, c := range []struct {
		group  store.ID
		until  time.Time
		reason string
		want   *failure.Code
	}{
		{p.group, period.Date(2026, 1, 1), "today", DunningPauseOutOfRange},
		{p.group, period.Date(2025, 1, 1), "past", DunningPauseOutOfRange},
		{p.group, period.Date(2027, 1, 3), "more than a year", DunningPauseOutOfRange},
		{p.group, period.Date(2026, 1, 2), " ", failure.InvalidRequest},
		{prepaid.group, period.Date(2026, 1, 2), "prepaid", NotInvoiced},
		{p.account, period.Date(2026, 1, 2), "no group", customer.UnknownBillingGroup},
	} {
		b.refuses(c.want, func(tx store.Tx, brand *catalogue.Brand) error {
			_, err := PauseDunning(tx, brand, c.group, c.until, c.reason)
			return err
		})
	}
	b.look(func(tx store.Tx, brand *catalogue.Brand) error {
		g, err := customer.BillingGroupByID(tx, brand, p.group)
		if err == nil && g.DunningPause != nil {
			t.Errorf("%+v", g.DunningPause)
		}
		return err
	})
}
