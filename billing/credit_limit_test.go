package billing

import (
	"fmt"
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// TestCreditLimit: what an account owes is held against its limits with the tax
// that its next invoices will have.
func TestCreditLimit(t *testing.T) {
	tests := []struct {
		name    string
		ofBrand string
		owners  int64
		charges []string // in a billing group each, not billed: 25 % of tax comes on top
		paid    string
		opening string
		yen     string // of one more group in yen
		want    *failure.Code
	}{
		{name: "no limit", charges: []string{"-9999"}},
		{name: "at the limit", ofBrand: "credit_limit = 500", charges: []string{"400"}},
		{name: "a cent above", ofBrand: "credit_limit = 500", charges: []string{"400.01"}, want: customer.CreditLimitReached},
		{name: "above with tax alone", ofBrand: "credit_limit = 500", charges: []string{"480"}, want: customer.CreditLimitReached},
		{name: "groups together", ofBrand: "credit_limit = 500", charges: []string{"300", "100.01"}, want: customer.CreditLimitReached},
		{name: "one pays for the other", ofBrand: "credit_limit = 500", charges: []string{"480"}, paid: "100"},
		{name: "an opening debt has no tax", ofBrand: "credit_limit = 500", opening: "-500"},
		{name: "an opening debt above", ofBrand: "credit_limit = 500", opening: "-500.01", want: customer.CreditLimitReached},
		{name: "the owner's is higher", ofBrand: "credit_limit = 500", owners: 700, charges: []string{"480"}},
		{name: "the owner's is lower", ofBrand: "credit_limit = 500", owners: 50, charges: []string{"48"}, want: customer.CreditLimitReached},
		{name: "the owner's alone", owners: 50, charges: []string{"48"}, want: customer.CreditLimitReached},
		{name: "another currency", ofBrand: "credit_limit = 500", charges: []string{"1"}, yen: "501"},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			b := open(t)
			b.setting(c.ofBrand)
			p := b.signUp("MONTH", "Øre")
			b.do(func(tx store.Tx, brand *catalogue.Brand) error {
				_, err := customer.UpdateUser(tx, brand, p.owner, func(f *customer.UserFields) error { f.CreditLimit = c.owners; return nil })
				return err
			})
			for i, amount := range c.charges {
				of := p
				if i > 0 {
					of = b.addGroup(p)
				}
				b.charge(of, "DEBIT", amount)
			}
			if c.paid != "" {
				b.pay(p, c.paid)
			}
			b.do(func(tx store.Tx, brand *catalogue.Brand) error {
				if c.opening != "" {
					_, err := OpenBalance(tx, brand, p.group, *money(c.opening), "brought along")
					return err
				}
				if c.yen != "" {
					g, err := customer.CreateBillingGroup(tx, brand, customer.NewBillingGroup{Account: p.account, Owner: p.owner, ProductCode: "YEN"})
					if err != nil {
						return err
					}
					_, err = AddCharge(tx, brand, NewCharge{Group: g.ID, ChargeItem: "DEBIT", Amount: money(c.yen)})
					return err
				}
				return nil
			})
			b.checkedAndAdded(p, "MONTH", c.want)
		})
	}
}

// TestProductsCreditLimit holds besides the account's.
func TestProductsCreditLimit(t *testing.T) {
	for limit, want := range map[string]*failure.Code{"19.99": customer.CreditLimitReached, "20": nil} {
		b := open(t)
		b.setting("credit_limit = 500", fmt.Sprintf(`
			[[brand.product_config]]
			code = "LIMITED"
			id = "202001010000000029"
			name = "Limited"
			billing_group_type = "POST_PAID"
			billing_cycle = "MONTHLY"
			credit_days = 14
			credit_limit = %s
			rate_plan = "PLAN"
			service_types = ["TELE"]`, limit))
		p := b.signUp("LIMITED", "Øre")
		b.charge(p, "DEBIT", "16")
		b.checkedAndAdded(p, "LIMITED", want)
		b.checkedAndAdded(p, "MONTH", nil)
	}
}

// checkedAndAdded wants the check and the creation to give the same answer.
func (b *books) checkedAndAdded(p person, product string, want *failure.Code) {
	b.Helper()
	check := b.try(func(tx store.Tx, brand *catalogue.Brand) error { return CheckCanAdd(tx, brand, p.account, product) })
	undone := failure.TryAgain.Error()
	add := b.try(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := CreateSubscription(tx, brand, customer.NewSubscription{BillingGroup: p.group, User: p.owner, ProductCode: product})
		if err != nil {
			return err
		}
		return undone
	})
	if add == error(undone) {
		add = nil
	}
	if failure.CodeOf(check) != want || failure.CodeOf(add) != want {
		b.Errorf("CheckCanAdd: %v; CreateSubscription: %v; want %v", check, add, want)
	}
}
