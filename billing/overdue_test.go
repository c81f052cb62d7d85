package billing

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// overdue gives all overdue groups, a page after the other.
func (b *books) overdue(f OverdueFilter, limit int) (all []string) {
	b.Helper()
	b.look(func(tx store.Tx, brand *catalogue.Brand) error {
		for position, more := []byte(nil), true; more; more = position != nil {
			page, next, err := OverduePage(tx, brand, f, position, limit)
			if err != nil {
				return err
			}
			if len(page) > limit {
				b.Errorf("a page of %d, not %d", len(page), limit)
			}
			for _, o := range page {
				all = append(all, told(o))
			}
			position = next
		}
		return nil
	})
	return all
}

func told(o *Overdue) string {
	return fmt.Sprintf("%s %s, %d days, %s, next %s, %s promised", o.Group.Name, o.Amount, o.Days, o.Dunning, period.Format(o.Next), o.Promised)
}

// TestOverdue: the longest overdue first, with what is promised and when it is dunned
// next.
func TestOverdue(t *testing.T) {
	b := open(t)
	first, second, covered, cent := b.signUp("MONTH", "Øre"), b.signUp("MONTH", "Ek"), b.signUp("MONTH", "Lund"), b.signUp("MONTH", "Dahl")
	for _, p := range []person{first, covered, cent} {
		b.charge(p, "DEBIT", "80")
	}
	b.run("2026-02-01")
	b.charge(second, "DEBIT", "40")
	b.charge(first, "DEBIT", "8")
	b.charge(covered, "CREDIT", "80")
	b.pay(cent, "99.99")
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := SavePayment(tx, brand, first.group, ledger.PaymentFields{Amount: *money("60"), TransactionID: "promise"})
		return err
	})
	wants := func(f OverdueFilter, want ...string) {
		b.Helper()
		for _, limit := range []int{1, 2, 100} {
			if got := b.overdue(f, limit); strings.Join(got, "\n") != strings.Join(want, "\n") {
				b.Errorf("%s, %+v, pages of %d:\n%s\nwant\n%s", period.Format(b.now), f, limit, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	}
	b.at("2026-02-15")
	wants(OverdueFilter{})
	b.at("2026-02-16")
	wants(OverdueFilter{}, "100001-1 100, 1 days, NONE, next 2026-02-16, 60 promised")
	b.run("2026-02-20")
	b.run("2026-03-01")
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := PauseDunning(tx, brand, second.group, period.Date(2026, 5, 1), "is ill")
		return err
	})
	b.run("2026-03-20")
	one, two := "100001-1 110, 33 days, LAST_REMINDER, next 2026-04-03, 60 promised", "100002-1 50, 5 days, NONE, next 2026-05-01, 0 promised"
	wants(OverdueFilter{}, one, two)
	wants(OverdueFilter{MinDays: 6}, one)
	wants(OverdueFilter{MinDays: 33}, one)
	wants(OverdueFilter{MinDays: 34})
	wants(OverdueFilter{MinAmount: *money("50.01")}, one)
	wants(OverdueFilter{Dunning: ledger.NotDunned}, two)
	b.run("2026-04-05")
	b.run("2026-05-05")
	wants(OverdueFilter{Dunning: ledger.Collection}, "100001-1 110, 79 days, COLLECTION, next 0001-01-01, 60 promised")
	b.brand = "OTHER"
	wants(OverdueFilter{})
	b.refuses(ledger.InvalidAmount, func(tx store.Tx, brand *catalogue.Brand) error {
		_, _, err := OverduePage(tx, brand, OverdueFilter{MinAmount: *money("-0.01")}, nil, 1)
		return err
	})
}

// TestOverdueOfRandomCustomers is what a look at every customer finds.
func TestOverdueOfRandomCustomers(t *testing.T) {
	if *seed == 0 {
		*seed = 1
	}
	t.Logf("-seed %d", *seed)
	random := rand.New(rand.NewPCG(*seed, 3))
	b := open(t)
	var people []person
	for n := range 30 {
		people = append(people, b.signUp(pick(random, "MONTH", "WEEK", "QUARTER"), fmt.Sprint("Number ", n)))
	}
	for range 150 {
		p := people[random.IntN(len(people))]
		switch random.IntN(5) {
		case 0:
			b.charge(p, "CREDIT", fmt.Sprint(1+random.IntN(100)))
		case 1:
			b.pay(p, fmt.Sprint(1+random.IntN(200)))
		default:
			b.charge(p, "DEBIT", fmt.Sprint(1+random.IntN(100)))
		}
		b.now = b.now.Add(time.Duration(random.IntN(24)) * time.Hour)
		if random.IntN(10) == 0 {
			b.runWith(Run{AsOf: period.DayOfUTC(b.now)})
		}
	}
	var want []string
	b.look(func(tx store.Tx, brand *catalogue.Brand) error {
		today := brand.Day(tx.Now())
		for _, p := range people {
			g, err := customer.BillingGroupByID(tx, brand, p.group)
			if err != nil {
				return err
			}
			credit, first, sum := decimal.Zero, today, decimal.Zero
			for p, err := range ledger.Postings.All(tx, ledger.ByGroup, p.group.String()) {
				if err != nil {
					return err
				}
				if p.Kind == ledger.Credit && p.Invoice == 0 {
					credit = credit.Add(p.Amount)
				}
			}
			credit = credit.Add(credit.Div(decimal.NewFromInt(4)).Round(2))
			for i, err := range ledger.Invoices.All(tx, ledger.ByGroup, p.group.String()) {
				if err != nil {
					return err
				}
				covered := decimal.Min(credit, i.Outstanding())
				left := i.Outstanding().Sub(covered)
				credit = credit.Sub(covered)
				if !i.DueDate.Before(today) || left.LessThan(decimal.NewFromInt(1)) {
					continue
				}
				sum = sum.Add(left)
				if i.DueDate.Before(first) {
					first = i.DueDate
				}
			}
			if sum.IsPositive() {
				want = append(want, fmt.Sprintf("%s %s, %d days", g.Name, sum, int(today.Sub(first).Hours()/24)))
			}
		}
		return nil
	})
	for _, limit := range []int{1, 3, 100} {
		var got []string
		for _, o := range b.overdue(OverdueFilter{}, limit) {
			got = append(got, strings.Join(strings.Split(o, ",")[:2], ","))
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("pages of %d:\n%s\nwant\n%s", limit, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	if len(want) < 3 {
		t.Errorf("only %d are overdue", len(want))
	}
}
