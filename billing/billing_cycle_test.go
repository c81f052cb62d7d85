package billing

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// terms changes a person's terms and says from when.
func (b *books) terms(p person, n NewTerms) (t customer.BillingTerms) {
	b.Helper()
	b.do(func(tx store.Tx, brand *catalogue.Brand) (err error) {
		t, err = ChangeTerms(tx, brand, p.group, n)
		return err
	})
	return t
}

// TestCycleChanges: the period in course goes on in its cycle, also when it is billed
// late; the next one is of the new cycle, for as much as is left of it.
func TestCycleChanges(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	b.subscribe(p, "DATA") // 100 a month
	b.life(p, customer.ActivateSubscription)
	b.at("2026-02-10")
	days := 3
	if got := b.terms(p, NewTerms{BillingCycle: catalogue.Quarterly, CreditDays: &days}); !got.From.Equal(period.Date(2026, 3, 1)) {
		t.Errorf("from %s", period.Format(got.From))
	}
	b.run("2026-04-05")
	b.bills(p, `
		INV-000001 2026-04-05 due 2026-04-19 for 2026-01-01..2026-01-31: 100 + 25 = 125, OPEN
		  2026-01-01 RECURRENT Data 2026-01-01..2026-01-31 100
		  2026-01-31 TAX Moms 25% 25
		INV-000002 2026-04-05 due 2026-04-19 for 2026-02-01..2026-02-28: 100 + 25 = 125, OPEN
		  2026-02-01 RECURRENT Data 2026-02-01..2026-02-28 100
		  2026-02-28 TAX Moms 25% 25
		INV-000003 2026-04-05 due 2026-04-08 for 2026-03-01..2026-03-31: 100 + 25 = 125, OPEN
		  2026-03-01 RECURRENT Data 2026-03-01..2026-03-31 100
		  2026-03-31 TAX Moms 25% 25
	`)
	b.terms(p, NewTerms{BillingCycle: catalogue.Weekly})
	b.terms(p, NewTerms{BillingCycle: catalogue.Yearly}) // in place of it
	b.run("2026-07-02")
	if all := b.invoicesOf(p); len(all) != 4 || !all[3].Until.Equal(period.Date(2026, 7, 1)) || !all[3].Net.Equal(*money("300")) {
		t.Errorf("the second quarter: %+v", all[len(all)-1])
	}
	b.run("2027-01-01")
	if all := b.invoicesOf(p); len(all) != 5 || !all[4].From.Equal(period.Date(2026, 7, 1)) || !all[4].Until.Equal(period.Date(2027, 1, 1)) || !all[4].Net.Equal(*money("600")) {
		t.Errorf("the rest of the year: %+v", all[len(all)-1])
	}
}

// TestCycleChangeIsCancelled by a change to what holds now.
func TestCycleChangeIsCancelled(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	b.terms(p, NewTerms{BillingCycle: catalogue.Yearly})
	b.terms(p, NewTerms{BillingCycle: catalogue.Monthly})
	b.look(func(tx store.Tx, brand *catalogue.Brand) error {
		g, err := customer.BillingGroupByID(tx, brand, p.group)
		if err == nil && len(g.LaterTerms) != 0 {
			t.Errorf("%+v", g.LaterTerms)
		}
		return err
	})
}

// TestTermsThatAreRefused, and nothing is written.
func TestTermsThatAreRefused(t *testing.T) {
	b := open(t)
	p, prepaid, gone := b.signUp("MONTH", "Øre"), b.signUp("PREPAID", "Ek"), b.signUp("MONTH", "Lund")
	b.life(gone, customer.TerminateSubscription)
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := customer.CloseAccount(tx, brand, gone.account)
		return err
	})
	many, negative := 366, -1
	for _, c := range []struct {
		group store.ID
		to    NewTerms
		want  *failure.Code
	}{
		{p.group, NewTerms{BillingCycle: "DAILY"}, UnknownBillingCycle},
		{p.group, NewTerms{BillingCycle: "monthly"}, UnknownBillingCycle},
		{p.group, NewTerms{CreditDays: &many}, CreditDaysOutOfRange},
		{p.group, NewTerms{CreditDays: &negative}, CreditDaysOutOfRange},
		{p.group, NewTerms{}, NoTermsToChange},
		{prepaid.group, NewTerms{BillingCycle: catalogue.Weekly}, NotInvoiced},
		{gone.group, NewTerms{BillingCycle: catalogue.Weekly}, customer.WrongState},
		{p.account, NewTerms{BillingCycle: catalogue.Weekly}, customer.UnknownBillingGroup},
	} {
		b.refuses(c.want, func(tx store.Tx, brand *catalogue.Brand) error {
			_, err := ChangeTerms(tx, brand, c.group, c.to)
			return err
		})
	}
	b.look(func(tx store.Tx, brand *catalogue.Brand) error {
		g, err := customer.BillingGroupByID(tx, brand, p.group)
		if err == nil && len(g.LaterTerms) != 0 {
			t.Errorf("%+v", g.LaterTerms)
		}
		return err
	})
}

// TestCyclesOfRandomChanges: whatever changes when, and however late the runs are,
// each day is billed once, a period is a calendar period of a cycle that was asked
// for or ends or begins where one changed, and whole months cost their price.
func TestCyclesOfRandomChanges(t *testing.T) {
	if *seed == 0 {
		*seed = 1
	}
	t.Logf("-seed %d", *seed)
	random := rand.New(rand.NewPCG(*seed, 2))
	for range 6 {
		b := open(t)
		p := b.signUp(pick(random, "MONTH", "WEEK", "QUARTER", "YEAR"), "Øre")
		b.charge(p, "DEBIT", "1") // so that no first period is without an invoice
		b.subscribe(p, "LINE")
		b.life(p, customer.ActivateSubscription)
		var per catalogue.BillingCycle
		b.look(func(tx store.Tx, brand *catalogue.Brand) error {
			g, err := customer.BillingGroupByID(tx, brand, p.group)
			per = g.BillingCycle
			return err
		})
		changes := map[time.Time]bool{}
		for range 60 {
			b.now = b.now.AddDate(0, 0, random.IntN(40))
			if random.IntN(3) == 0 {
				changes[b.terms(p, NewTerms{BillingCycle: pick(random, billingCycles...)}).From] = true
			}
			if random.IntN(2) == 0 {
				b.runWith(Run{AsOf: period.DayOfUTC(b.now).AddDate(0, 0, -random.IntN(30))})
			}
		}
		b.now = b.now.AddDate(2, 0, 0)
		b.runWith(Run{AsOf: period.DayOfUTC(b.now)})
		next, all := period.Date(2026, 1, 1), b.invoicesOf(p)
		for n, i := range all {
			if !i.From.Equal(next) && n > 0 {
				t.Fatalf("%s is for %s, the one before ended on %s", i.Number, period.Format(i.From), period.Format(next))
			}
			next = i.Until
			whole := func(c catalogue.BillingCycle) bool {
				p := period.Of(c, i.From)
				return (p.From.Equal(i.From) || changes[i.From]) && (p.Until.Equal(i.Until) || changes[i.Until])
			}
			if !whole(catalogue.Weekly) && !whole(catalogue.Monthly) && !whole(catalogue.Quarterly) && !whole(catalogue.Yearly) {
				t.Errorf("%s is for %s..%s, which no cycle has", i.Number, period.Format(i.From), period.Format(i.Until))
			}
		}
		b.costs(p, per, next)
	}
}

// costs wants LINE, 310 a unit, to be billed for each day from 2026 to before a day
// once, whole units at their price.
func (b *books) costs(p person, per catalogue.BillingCycle, until time.Time) {
	b.Helper()
	days, sum, want := map[time.Time]int{}, decimal.Zero, decimal.Zero
	b.look(func(tx store.Tx, _ *catalogue.Brand) error {
		for l, err := range ledger.Postings.All(tx, ledger.ByGroup, p.group.String()) {
			if err != nil {
				return err
			}
			if l.Kind != ledger.Recurrent {
				continue
			}
			sum = sum.Sub(l.Amount)
			for d := l.From; d.Before(l.Until); d = d.AddDate(0, 0, 1) {
				days[d]++
			}
		}
		return nil
	})
	for d := period.Date(2026, 1, 1); d.Before(until); d = d.AddDate(0, 0, 1) {
		if days[d] != 1 {
			b.Errorf("%s is billed %d times", period.Format(d), days[d])
		}
		delete(days, d)
	}
	if len(days) > 0 {
		b.Errorf("billed after %s: %v", period.Format(until), days)
	}
	for d := period.Date(2026, 1, 1); d.Before(until); {
		unit := period.Of(per, d)
		had := unit.Within(d, until)
		want = want.Add(decimal.NewFromInt(310*had.Days()).DivRound(decimal.NewFromInt(unit.Days()), 2))
		d = had.Until
	}
	if !sum.Equal(want) {
		b.Errorf("%s of 310 a unit (%s) cost %s, want %s", period.Format(until), per, sum, want)
	}
}
