package billing

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
	"rator/store/storetest"
)

// TestBillingAsksAtOnce: how often what is done with money asks the store does not grow
// with an account's subscriptions, nor with the accounts and billing groups it looks at;
// with those that it changes only by what each takes.
func TestBillingAsksAtOnce(t *testing.T) {
	for _, c := range []struct {
		name string
		most int // trips for one
		each int // trips for one more
		of   func(b *books, n int)
		ask  func(b *books)
	}{
		{"the bill of an account with many subscriptions", 19, 0, (*books).subscriptions, (*books).billJanuary},
		{"the bill of an account with many billing groups", 19, 2, (*books).groups, (*books).billJanuary},
		{"the bills of many accounts", 19, 2, (*books).crowd, (*books).billJanuary},
		{"a run that bills nobody", 8, 0, (*books).crowd, func(b *books) { b.run("2026-01-02") }},
		{"a run that duns many", 13, 0, (*books).debtors, func(b *books) { b.run("2026-02-20") }},
		{"what many are late with", 7, 0, (*books).debtors, (*books).lateOnes},
		{"what an account with many billing groups owes", 9, 0, (*books).groups, (*books).owes},
	} {
		asked := func(n int) []string {
			b, trips := open(t), new(storetest.Trips)
			c.of(b, n)
			b.Store = storetest.Counted(b.Store, trips)
			c.ask(b)
			return trips.Asked()
		}
		one, twenty := asked(1), asked(20)
		if len(one) == 0 || len(one) > c.most || len(twenty) > len(one)+19*c.each {
			t.Errorf("%s: of one it asks %d times, at most %d, of twenty %d times, at most %d more for each:\n%s\n\n%s", c.name, len(one), c.most, len(twenty), c.each, strings.Join(one, "\n"), strings.Join(twenty, "\n"))
		}
		t.Logf("%s: %d trips of one, %d of twenty", c.name, len(one), len(twenty))
	}
}

// subscriptions makes a customer with n subscriptions.
func (b *books) subscriptions(n int) {
	p := b.signUp("MONTH", "Øre")
	for range n - 1 {
		b.do(func(tx store.Tx, brand *catalogue.Brand) error {
			_, err := subscribeIn(tx, brand, p.group, p.owner, "MONTH")
			return err
		})
	}
	b.charge(p, "DEBIT", "4")
}

// groups makes a customer with n billing groups, each with a charge.
func (b *books) groups(n int) {
	p := b.signUp("MONTH", "Øre")
	b.charge(p, "DEBIT", "4")
	for range n - 1 {
		b.do(func(tx store.Tx, brand *catalogue.Brand) error {
			g, err := customer.CreateBillingGroup(tx, brand, customer.NewBillingGroup{Account: p.account, Owner: p.owner, ProductCode: "MONTH"})
			if err == nil {
				p.group = g.ID
			}
			return err
		})
		b.charge(p, "DEBIT", "4")
	}
}

func (b *books) crowd(n int) { b.many(n) }

// debtors makes n customers who have got an invoice, and after it a credit.
func (b *books) debtors(n int) {
	all := b.many(n)
	b.billJanuary()
	for _, p := range all {
		b.charge(p, "CREDIT", "5")
	}
	b.at("2026-02-20")
}

func (b *books) billJanuary() { b.run("2026-02-01") }

func (b *books) lateOnes() {
	b.look(func(tx store.Tx, brand *catalogue.Brand) error {
		page, _, err := OverduePage(tx, brand, OverdueFilter{}, nil, 50)
		if len(page) == 0 {
			b.Error("nobody is late")
		}
		return err
	})
}

// owes asks what the first account owes.
func (b *books) owes() {
	b.look(func(tx store.Tx, brand *catalogue.Brand) error {
		page, _, err := customer.AccountsPage(tx, brand, nil, 1)
		if err != nil {
			return err
		}
		brand.CreditLimit = decimal.NewFromInt(1_000_000)
		return checkCredit(tx, brand, page[0].ID, "")
	})
}
