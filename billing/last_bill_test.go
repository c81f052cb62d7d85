package billing

import (
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// left is a customer whose line of 310 a month ended on 11 January: 10 days of 10.
func (b *books) left(name string) person {
	b.at("2026-01-01")
	p := b.signUp("MONTH", name)
	b.subscribe(p, "LINE")
	b.life(p, customer.ActivateSubscription)
	b.at("2026-01-11")
	b.life(p, customer.TerminateSubscription)
	return p
}

func (b *books) billNow(p person) {
	b.Helper()
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := BillNow(tx, brand, p.account)
		return err
	})
}

func settled(p person) func(store.Tx, *catalogue.Brand) error {
	return func(tx store.Tx, brand *catalogue.Brand) error { return customer.CheckSettled(tx, brand, p.account) }
}

// TestUnbilledDaysAreNotSettled: nobody leaves at a balance of 0 with days that no
// invoice has yet.
func TestUnbilledDaysAreNotSettled(t *testing.T) {
	b := open(t)
	p := b.left("Øre")
	b.balances(p, "0")
	b.refuses(NotBilledYet, settled(p))
	b.refuses(NotBilledYet, func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := customer.DeleteAccount(tx, brand, p.account)
		return err
	})
	b.billNow(p)
	b.bills(p, `
		INV-000001 2026-01-11 due 2026-01-25 for 2026-01-01..2026-01-11: 100 + 25 = 125, OPEN
		  2026-01-01 RECURRENT Line 2026-01-01..2026-01-10 100
		  2026-01-11 TAX Moms 25% 25
	`)
	b.refuses(customer.OpenBalance, settled(p))
	b.pay(p, "125")
	b.do(settled(p))
	b.run("2026-01-11")
	b.at("2026-02-01")
	b.run("2026-02-01")
	if n := len(b.invoicesOf(p)); n != 1 {
		t.Errorf("%d invoices", n)
	}
}

// TestAfterTheLastBill: what is charged or credited after it is on the next one, from the day
// on that is not billed, and no day is billed twice.
func TestAfterTheLastBill(t *testing.T) {
	b := open(t)
	p := b.left("Øre")
	b.at("2026-02-11")
	b.charge(p, "DEBIT", "4")
	b.billNow(p)
	b.at("2026-02-11 13:00:00")
	b.charge(p, "CREDIT", "4")
	b.billNow(p) // nothing is left of the days, but a credit
	b.charge(p, "DEBIT", "8")
	b.at("2026-03-01")
	b.run("2026-03-01")
	b.bills(p, `
		INV-000001 2026-02-11 due 2026-02-25 for 2026-01-01..2026-01-31: 100 + 25 = 125, PARTLY_PAID
		  2026-01-01 RECURRENT Line 2026-01-01..2026-01-10 100
		  2026-01-31 TAX Moms 25% 25
		INV-000002 2026-02-11 due 2026-02-25 for 2026-02-01..2026-02-11: 4 + 1 = 5, OPEN
		  2026-02-11 CHARGE Fee 4
		  2026-02-11 TAX Moms 25% 1
		CN-000001 2026-02-11 due 2026-02-25 for 2026-02-12..2026-02-12: -4 + -1 = -5, PAID
		  2026-02-11 CREDIT Refund -4
		  2026-02-12 TAX Moms 25% -1
		INV-000003 2026-03-01 due 2026-03-15 for 2026-02-13..2026-02-28: 8 + 2 = 10, OPEN
		  2026-02-11 CHARGE Fee 8
		  2026-02-28 TAX Moms 25% 2
	`)
}

// TestNobodyIsErasedWhoIsNotSettled: neither who owes, nor who is owed, nor whom a bill
// still goes to.
func TestNobodyIsErasedWhoIsNotSettled(t *testing.T) {
	for _, c := range []struct {
		name   string
		before func(b *books, p person)
		why    *failure.Code
	}{
		{"days that are not billed", func(*books, person) {}, NotBilledYet},
		{"a debtor", func(b *books, p person) { b.billNow(p) }, customer.OpenBalance},
		{"a creditor", func(b *books, p person) { b.billNow(p); b.pay(p, "126") }, customer.OpenBalance},
		{"settled", func(b *books, p person) { b.billNow(p); b.pay(p, "125") }, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := open(t)
			p := b.left("Øre")
			c.before(b, p)
			b.do(func(tx store.Tx, brand *catalogue.Brand) error {
				_, err := customer.CloseAccount(tx, brand, p.account)
				return err
			})
			b.at("2034-01-01")
			err := b.try(func(tx store.Tx, brand *catalogue.Brand) error {
				_, err := customer.ErasePerson(tx, brand, p.owner)
				return err
			})
			if code := failure.CodeOf(err); code != c.why || (err == nil) != (c.why == nil) {
				t.Errorf("%v, not %v", err, c.why)
			}
		})
	}
}
