package billing

import (
	"testing"

	"rator/billing/draft"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// TestBillingFee: an invoice that asks for money bears the fee, a credit note and
// a period without anything do not; nor does the invoice of a group that is not to,
// or whose brand has none.
func TestBillingFee(t *testing.T) {
	b := open(t)
	bears, plain := b.signUp("MONTH", "Øre"), b.signUp("MONTH", "Ek")
	b.addFee(bears, "Y")
	b.charge(bears, "DEBIT", "100")
	b.run("2026-02-01")
	b.bills(bears, `
		INV-000001 2026-02-01 due 2026-02-15 for 2026-01-01..2026-01-31: 100 + 25 = 125, OPEN
		  2026-01-01 CHARGE Fee 100
		  2026-01-31 TAX Moms 25% 25
	`)
	b.setting(`billing_fee = "PRICED"`)
	b.charge(bears, "DEBIT", "100")
	b.charge(plain, "DEBIT", "100")
	b.at("2026-03-10")
	b.charge(bears, "CREDIT", "10")
	b.run("2026-05-01") // February asks for money, March gives some back, April has nothing
	b.billsLast(bears, 2, `
		125 + 31.25 = 156.25
		-10 + -2.5 = -12.5
	`)
	b.billsLast(plain, 1, `
		100 + 25 = 125
	`)
}

// TestBillingFeeOfWhatIsBilledAgain: the invoice that bills a credited one again bears
// one fee, its own.
func TestBillingFeeOfWhatIsBilledAgain(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	b.setting(`billing_fee = "PRICED"`)
	b.addFee(p, "Y")
	b.charge(p, "DEBIT", "100")
	b.run("2026-02-01")
	b.credit(NewCredit{Number: "INV-000001", BillAgain: true})
	b.run("2026-03-01")
	b.billsLast(p, 1, `
		125 + 31.25 = 156.25
	`)
}

// TestCheckBillingFee refuses what would never be booked, where it is asked for
// anew.
func TestCheckBillingFee(t *testing.T) {
	b := open(t)
	month, prepaid, yen := b.signUp("MONTH", "Øre"), b.signUp("PREPAID", "Ek"), b.signUp("YEN", "Sato")
	check := func(p person, before, now string) func(tx store.Tx, brand *catalogue.Brand) error {
		return func(tx store.Tx, brand *catalogue.Brand) error {
			g, err := customer.BillingGroupByID(tx, brand, p.group)
			if err != nil {
				return err
			}
			g.AddBillingFee = now
			return draft.CheckBillingFee(brand, g, before)
		}
	}
	b.refuses(draft.NoBillingFee, check(month, "N", "Y"))
	b.do(check(month, "Y", "Y")) // kept by a version that did nothing with it
	b.do(check(month, "", "N"))
	b.setting(`billing_fee = "PRICED"`)
	for p, want := range map[person]*failure.Code{month: nil, prepaid: draft.NoBillingFee, yen: draft.NoBillingFee} {
		if err := b.try(check(p, "", "Y")); failure.CodeOf(err) != want {
			t.Errorf("error %v, want %v", err, want)
		}
	}
}

func (b *books) addFee(p person, answer string) {
	b.Helper()
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := customer.UpdateBillingGroup(tx, brand, p.group, func(f *customer.BillingGroupFields) error { f.AddBillingFee = answer; return nil })
		return err
	})
}

// billsLast wants the sums of a person's last invoices.
func (b *books) billsLast(p person, n int, want string) {
	b.Helper()
	var got string
	all := b.invoicesOf(p)
	for _, i := range all[len(all)-n:] {
		got += i.Net.String() + " + " + i.Tax.String() + " = " + i.Total.String() + "\n"
	}
	if want = outdent(want); got != want {
		b.Errorf("got\n%swant\n%s", got, want)
	}
}
