package billing

import (
	"strings"
	"testing"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/store"
)

// TestVerifySeesWrongDunning: each way in which an invoice can be dunned wrongly.
func TestVerifySeesWrongDunning(t *testing.T) {
	for want, spoil := range map[string]func(*ledger.Invoice){
		"is due on 2026-01-01":                 func(i *ledger.Invoice) { i.DueDate = period.Date(2026, 1, 1) },
		"may be dunned on 2026-02-15":          func(i *ledger.Invoice) { i.NextDunning = i.DueDate },
		"was dunned on 2026-02-16 and is NONE": func(i *ledger.Invoice) { i.Dunning = ledger.NotDunned },
		"was dunned on 2026-02-15":             func(i *ledger.Invoice) { i.DunnedOn = i.DueDate },
		"may be again on 2026-02-16":           func(i *ledger.Invoice) { i.NextDunning = i.DunnedOn },
		`is dunned "ANGRY"`:                    func(i *ledger.Invoice) { i.Dunning = "ANGRY" },
		"":                                     func(i *ledger.Invoice) { i.DunnedOn = period.Date(1, 1, 1) }, // by a version before
	} {
		t.Run(want, func(t *testing.T) {
			b := open(t)
			p := b.signUp("MONTH", "Øre")
			b.charge(p, "DEBIT", "80")
			b.run("2026-02-01")
			b.run("2026-02-16")
			change := func(spoil func(*ledger.Invoice)) {
				b.do(func(tx store.Tx, brand *catalogue.Brand) error {
					i, err := ledger.InvoiceByID(tx, brand, b.invoicesOf(p)[0].ID)
					if err != nil {
						return err
					}
					spoil(i)
					return ledger.Invoices.Put(tx, i)
				})
			}
			right := *b.invoicesOf(p)[0]
			change(spoil)
			if faults := b.faults(); want == "" && len(faults) > 0 || want != "" && (len(faults) != 1 || !strings.Contains(faults[0], want)) {
				t.Errorf("%q", faults)
			}
			change(func(i *ledger.Invoice) {
				version := i.Version
				*i = right
				i.Version = version
			})
		})
	}
}
