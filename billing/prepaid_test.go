package billing

import (
	"testing"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

// TestPrepaidDebits: a debit takes a prepaid balance to 0, or as far below as the
// brand allows; what is owed whatever lies there goes further.
func TestPrepaidDebits(t *testing.T) {
	tests := []struct {
		name, overdraft string
		charge          NewCharge
		balance         string
		fails           *failure.Code
	}{
		{"all of it", "0", NewCharge{ChargeItem: "DEBIT", Amount: money("100")}, "0", nil},
		{"a cent more", "0", NewCharge{ChargeItem: "DEBIT", Amount: money("100.01")}, "100", PrepaidBalanceTooLow},
		{"its own price", "0", NewCharge{ChargeItem: "PRICED"}, "75", nil},
		{"as far as allowed", "20", NewCharge{ChargeItem: "DEBIT", Amount: money("120")}, "-20", nil},
		{"a cent further", "20", NewCharge{ChargeItem: "DEBIT", Amount: money("120.01")}, "100", PrepaidBalanceTooLow},
		{"what an end costs", "0", NewCharge{ChargeItem: "DEBIT", Amount: money("130"), Owed: true}, "-30", nil},
		{"a credit", "0", NewCharge{ChargeItem: "CREDIT", Amount: money("1")}, "101", nil},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			b := open(t)
			b.setting("prepaid_overdraft = " + c.overdraft)
			p := b.signUp("PREPAID", "Øre")
			b.pay(p, "100")
			c.charge.Group = p.group
			err := b.try(func(tx store.Tx, brand *catalogue.Brand) error {
				_, err := AddCharge(tx, brand, c.charge)
				return err
			})
			if failure.CodeOf(err) != c.fails {
				t.Errorf("error %v, want %v", err, c.fails)
			}
			b.balances(p, c.balance)
		})
	}
}

// TestPrepaidInitialPrice: an option's initial price is a debit like another.
func TestPrepaidInitialPrice(t *testing.T) {
	b := open(t)
	p := b.signUp("PREPAID", "Øre")
	charge := func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := ChargeInitialPrice(tx, brand, p.subscription, must(catalogue.OptionNamed(tx, brand, "LINE")))
		return err
	}
	b.pay(p, "49.99")
	b.refuses(PrepaidBalanceTooLow, charge)
	b.pay(p, "0.01")
	b.do(charge)
	b.balances(p, "0")
}
