package billing

import (
	"context"
	"testing"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// TestChargesAndCredits: the charge item decides the sign, whatever sign an amount
// has; a signed one has that of a balance.
func TestChargesAndCredits(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	other := b.signUp("MONTH", "Ek")
	yen := b.signUp("YEN", "Sato")
	b.brand = "OTHER"
	foreign := b.signUp("MONTH", "Dahl")
	b.brand = "BOOKS"
	tests := []struct {
		name   string
		charge NewCharge
		amount string // posted; "" = refused
		fails  *failure.Code
	}{
		{"a debit", NewCharge{Group: p.group, ChargeItem: "DEBIT", Amount: money("12.50")}, "-12.5", nil},
		{"a debit sent negative", NewCharge{Group: p.group, ChargeItem: "DEBIT", Amount: money("-12.50")}, "-12.5", nil},
		{"a credit", NewCharge{Group: p.group, ChargeItem: "CREDIT", Amount: money("3")}, "3", nil},
		{"a credit sent negative", NewCharge{Group: p.group, ChargeItem: "CREDIT", Amount: money("-3")}, "3", nil},
		{"by id", NewCharge{Group: p.group, ChargeItemID: "202001010000000032", Amount: money("1")}, "1", nil},
		{"its own price", NewCharge{Group: p.group, ChargeItem: "PRICED"}, "-25", nil},
		{"another price", NewCharge{Group: p.group, ChargeItem: "PRICED", Amount: money("24.99")}, "-24.99", nil},
		{"a signed debit", NewCharge{Group: p.group, ChargeItem: "DEBIT", Amount: money("-12.50"), Signed: true}, "-12.5", nil},
		{"a signed credit", NewCharge{Group: p.group, ChargeItem: "CREDIT", Amount: money("3"), Signed: true}, "3", nil},
		{"a credit with a debit's sign", NewCharge{Group: p.group, ChargeItem: "CREDIT", Amount: money("-3"), Signed: true}, "3", nil},
		{"signed, its own price", NewCharge{Group: p.group, ChargeItem: "PRICED", Signed: true}, "-25", nil},
		{"for a subscription", NewCharge{Group: p.group, ChargeItem: "PRICED", Subscription: p.subscription}, "-25", nil},
		{"the most", NewCharge{Group: p.group, ChargeItem: "DEBIT", Amount: money("10000000")}, "-10000000", nil},
		{"yen", NewCharge{Group: yen.group, ChargeItem: "DEBIT", Amount: money("7")}, "-7", nil},

		{"more than the most", NewCharge{Group: p.group, ChargeItem: "DEBIT", Amount: money("10000000.01")}, "", AmountBeyondLimit},
		{"as much below 0", NewCharge{Group: p.group, ChargeItem: "DEBIT", Amount: money("-10000000.01")}, "", AmountBeyondLimit},
		{"too many decimals", NewCharge{Group: p.group, ChargeItem: "DEBIT", Amount: money("0.005")}, "", ledger.InvalidAmount},
		{"parts of a yen", NewCharge{Group: yen.group, ChargeItem: "DEBIT", Amount: money("7.5")}, "", ledger.InvalidAmount},
		{"a price in another currency", NewCharge{Group: yen.group, ChargeItem: "PRICED"}, "", ledger.InvalidAmount},
		{"nothing", NewCharge{Group: p.group, ChargeItem: "DEBIT", Amount: money("0")}, "", ledger.InvalidAmount},
		{"a debit with a credit's sign", NewCharge{Group: p.group, ChargeItem: "DEBIT", Amount: money("12.50"), Signed: true}, "", ledger.InvalidAmount},
		{"no amount and no price", NewCharge{Group: p.group, ChargeItem: "DEBIT"}, "", ledger.InvalidAmount},
		{"no item", NewCharge{Group: p.group, Amount: money("1")}, "", failure.InvalidRequest},
		{"unknown item", NewCharge{Group: p.group, ChargeItem: "NONE", Amount: money("1")}, "", catalogue.UnknownChargeItem},
		{"retired item", NewCharge{Group: p.group, ChargeItem: "GONE", Amount: money("1")}, "", catalogue.NoLongerSold},
		{"unknown group", NewCharge{Group: p.account, ChargeItem: "DEBIT", Amount: money("1")}, "", customer.UnknownBillingGroup},
		{"group of another brand", NewCharge{Group: foreign.group, ChargeItem: "DEBIT", Amount: money("1")}, "", customer.UnknownBillingGroup},
		{"subscription of another", NewCharge{Group: p.group, ChargeItem: "DEBIT", Amount: money("1"), Subscription: other.subscription}, "", customer.WrongAccount},
		{"unknown subscription", NewCharge{Group: p.group, ChargeItem: "DEBIT", Amount: money("1"), Subscription: p.account}, "", customer.UnknownSubscription},
	}
	want := map[store.ID]decimal.Decimal{}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			var posted *ledger.Posting
			err := b.try(func(tx store.Tx, brand *catalogue.Brand) (err error) {
				posted, err = AddCharge(tx, brand, c.charge)
				return err
			})
			if failure.CodeOf(err) != c.fails {
				t.Fatalf("error %v, want %v", err, c.fails)
			}
			if err != nil {
				return
			}
			if !posted.Amount.Equal(*money(c.amount)) || !posted.Date.Equal(b.now) || posted.Text == "" {
				t.Errorf("posted %+v", posted)
			}
			want[c.charge.Group] = want[c.charge.Group].Add(posted.Amount)
		})
	}
	b.balances(p, want[p.group].String())
	b.balances(yen, "-7")
	b.balances(other, "0")
}

// TestChargeOfAClosedAccount: it can be credited, but owes no more than it does.
func TestChargeOfAClosedAccount(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	b.life(p, customer.TerminateSubscription)
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := customer.CloseAccount(tx, brand, p.account)
		return err
	})
	b.charge(p, "CREDIT", "5")
	b.refuses(customer.WrongState, func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := AddCharge(tx, brand, NewCharge{Group: p.group, ChargeItem: "DEBIT", Amount: money("5")})
		return err
	})
	b.pay(p, "1")
	b.balances(p, "6")
}

// TestChargeInitialPrice: what an option costs once goes to the billing group
// that the subscription is in now.
func TestChargeInitialPrice(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	yen := b.signUp("YEN", "Sato")
	charge := func(p person, option string) (posted *ledger.Posting, err error) {
		err = b.try(func(tx store.Tx, brand *catalogue.Brand) error {
			o, err := catalogue.OptionNamed(tx, brand, option)
			if err != nil {
				return err
			}
			posted, err = ChargeInitialPrice(tx, brand, p.subscription, o)
			return err
		})
		return posted, err
	}
	if posted, err := charge(p, "LINE"); err != nil || posted.Kind != ledger.Charge || !posted.Amount.Equal(*money("-50")) || posted.Subscription != p.subscription || posted.Option == "" {
		t.Errorf("%+v %v", posted, err)
	}
	if posted, err := charge(p, "FREE"); err != nil || posted != nil {
		t.Errorf("%+v %v", posted, err)
	}
	if _, err := charge(yen, "LINE"); failure.CodeOf(err) != ledger.InvalidAmount {
		t.Errorf("%v", err)
	}
	second := b.addGroup(p)
	b.move(p, second)
	if posted, err := charge(p, "LINE"); err != nil || posted.Group != second.group {
		t.Errorf("%+v %v", posted, err)
	}
	b.balances(p, "-50")
	b.balances(second, "-50")
}

// addGroup gives a person's account another billing group.
func (b *books) addGroup(p person) person { b.Helper(); return b.addGroupOf(p, "MONTH") }

func (b *books) addGroupOf(p person, product string) person {
	b.Helper()
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		g, err := customer.CreateBillingGroup(tx, brand, customer.NewBillingGroup{Account: p.account, Owner: p.owner, ProductCode: product})
		if err == nil {
			p.group = g.ID
		}
		return err
	})
	return p
}

// move puts a person's subscription into another billing group.
func (b *books) move(p, to person) {
	b.Helper()
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		return customer.ChangeBillingGroup(tx, brand, p.subscription, to.group)
	})
}

// TestOpeningBalance: once for each billing group, of either sign, and settled
// before any invoice.
func TestOpeningBalance(t *testing.T) {
	b := open(t)
	owes, has := b.signUp("MONTH", "Øre"), b.signUp("MONTH", "Ek")
	opening := func(p person, amount string) func(tx store.Tx, brand *catalogue.Brand) error {
		return func(tx store.Tx, brand *catalogue.Brand) error {
			_, err := OpenBalance(tx, brand, p.group, *money(amount), "brought along")
			return err
		}
	}
	b.do(opening(owes, "-100"))
	b.do(opening(has, "100"))
	b.refuses(ledger.OpeningBalanceExists, opening(owes, "-100"))
	b.refuses(ledger.OpeningBalanceExists, opening(has, "1"))
	b.refuses(AmountBeyondLimit, opening(b.signUp("MONTH", "Dahl"), "-10000001"))
	b.refuses(ledger.InvalidAmount, opening(b.signUp("MONTH", "Dahl"), "0.001"))
	b.charge(owes, "DEBIT", "40")
	b.charge(has, "DEBIT", "40")
	b.run("2026-02-01")
	b.bills(owes, `
		INV-000001 2026-02-01 due 2026-02-15 for 2026-01-01..2026-01-31: 40 + 10 = 50, OPEN
		  2026-01-01 CHARGE Fee 40
		  2026-01-31 TAX Moms 25% 10
	`)
	b.bills(has, `
		INV-000002 2026-02-01 due 2026-02-15 for 2026-01-01..2026-01-31: 40 + 10 = 50, PAID
		  2026-01-01 CHARGE Fee 40
		  2026-01-31 TAX Moms 25% 10
	`)
	b.pay(owes, "120")
	if i := b.invoicesOf(owes)[0]; !i.Settled.Equal(*money("20")) {
		t.Errorf("%s is settled, want 20: the opening debt comes first", i.Settled)
	}
	b.balances(owes, "-30")
	b.balances(has, "50")
}

// TestPostingMovesTheBalanceWhollyOrNot: a unit that fails leaves neither.
func TestPostingMovesTheBalanceWhollyOrNot(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	b.charge(p, "DEBIT", "1")
	_ = b.Update(context.Background(), func(tx store.Tx) error {
		brand := must(catalogue.BrandByKey(tx, b.brand))
		err := tx.Savepoint(func() error {
			_, err := AddCharge(tx, brand, NewCharge{Group: p.group, ChargeItem: "DEBIT", Amount: money("2")})
			if err != nil {
				t.Error(err)
			}
			return failure.InvalidRequest.Error()
		})
		if failure.CodeOf(err) != failure.InvalidRequest {
			t.Error(err)
		}
		_, err = AddCharge(tx, brand, NewCharge{Group: p.group, ChargeItem: "DEBIT", Amount: money("4")})
		return err
	})
	b.balances(p, "-5")
}
