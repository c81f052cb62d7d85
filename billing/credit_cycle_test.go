package billing

import (
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// TestBilledAgainAfterAChangeOfCycle: a line that stands on a later invoice is billed again for
// the days of the period that its group had then: 310 a month, a quarter is 930.
func TestBilledAgainAfterAChangeOfCycle(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	b.subscribe(p, "LINE")
	b.life(p, customer.ActivateSubscription)
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := ChangeTerms(tx, brand, p.group, NewTerms{BillingCycle: catalogue.Quarterly})
		return err
	})
	creditNewest := func() {
		b.do(func(tx store.Tx, brand *catalogue.Brand) error {
			all := b.invoicesOf(p)
			_, err := CreditInvoice(tx, brand, NewCredit{Invoice: all[len(all)-1].ID, Reason: "wrong", BillAgain: true})
			return err
		})
	}
	for _, day := range []string{"2026-04-01", "2026-07-01"} {
		b.at(day)
		b.run(day)
	}
	creditNewest() // April to June
	b.at("2026-10-01")
	b.run("2026-10-01")
	creditNewest() // that again, and July to September
	b.look(func(tx store.Tx, _ *catalogue.Brand) error {
		sum, err := unbilledSum(tx, p.group)
		if want := money("-1860"); err == nil && !sum.Equal(*want) {
			t.Errorf("%s is billed again, want %s", sum, want)
		}
		return err
	})
}
