package billing

import (
	"testing"

	"github.com/shopspring/decimal"

	"rator/billing/draft"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// TestExposure: what a billing group would owe if all were billed tonight. LINE
// costs 310 a month, 10 a day in January; 25 % of tax come on top.
func TestExposure(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	b.exposes(p, "0")
	b.subscribe(p, "LINE")
	b.exposes(p, "0") // the line is not active
	b.life(p, customer.ActivateSubscription)
	b.exposes(p, "12.5") // today is a day already
	b.at("2026-01-10")
	b.exposes(p, "125")
	b.charge(p, "DEBIT", "40")
	b.exposes(p, "175")
	b.pay(p, "75")
	b.exposes(p, "100")
	b.at("2026-02-14") // January was not billed: 31 days, and 14 of February's at 310/28
	b.exposes(p, "556.25")
	b.run("2026-02-14")
	b.exposes(p, "556.25")
	b.balances(p, "-362.5")
	b.pay(p, "1000")
	b.exposes(p, "-443.75")
}

// TestExposureOfPrepaid: it is never billed, so its balance is all.
func TestExposureOfPrepaid(t *testing.T) {
	b := open(t)
	p := b.signUp("PREPAID", "Øre")
	b.subscribe(p, "DATA")
	b.life(p, customer.ActivateSubscription)
	b.pay(p, "30")
	b.at("2026-02-14")
	b.exposes(p, "-30")
}

func (b *books) exposes(p person, want string) {
	b.Helper()
	b.look(func(tx store.Tx, brand *catalogue.Brand) error {
		d, err := draft.New(tx, brand, p.account, draft.NewCache())
		if err != nil {
			return err
		}
		got, err := d.Exposure(d.Whole.BillingGroup(p.group))
		if err == nil && !got.Equal(decimal.RequireFromString(want)) {
			b.Errorf("on %s the exposure is %s, want %s", period.Format(b.now), got, want)
		}
		return err
	})
}
