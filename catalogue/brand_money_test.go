package catalogue_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/store"
)

// A brand that says nothing of its billing is billed as before there was a choice.
func TestMoneySettingsUnlessGiven(t *testing.T) {
	s := open(t)
	importFile(t, s, priced(""))
	view(t, s, func(tx store.Tx) error {
		b := brand(t, tx, "DEMO")
		if diff := cmp.Diff(catalogue.MoneySettings{}, b.MoneySettings); diff != "" {
			t.Errorf("settings (-want +got):\n%s", diff)
		}
		fee, err := b.BillingFeeItem(tx)
		if fee != nil || b.InvoicePattern() != "INV-{n:6}" || b.CreditNotePattern() != "CN-{n:6}" || b.DunningDays() != 14 || b.DunningMinimum().String() != "1" || !b.BilledWhileBlocked("BLOCK_AS_LOST") {
			t.Errorf("fee %v, patterns %s %s, dunning %d days from %s, billed while lost %v", fee, b.InvoicePattern(), b.CreditNotePattern(), b.DunningDays(), b.DunningMinimum(), b.BilledWhileBlocked("BLOCK_AS_LOST"))
		}
		return err
	})
}

const moneySettings = `invoice_number = "{brand}-{year}-{n:6}"
credit_note_number = "C{n}"
billing_fee = "PAPER"
tax_point = "period_end"
dunning_days = 10
dunning_minimum = 5.5
back_dated_days = 30
write_off_taxed = true
prepaid_overdraft = 20
billed_while_blocked = ["BLOCK_BY_CUSTOMER", "BLOCK_BY_OPERATOR"]
`

func TestMoneySettingsOfABrand(t *testing.T) {
	s := open(t)
	src := strings.Replace(priced(""), "[[brand.product_option]]", moneySettings+`
[[brand.charge_item]]
code = "PAPER"
id = "201401010000000020"
name = "Paper bill"
direction = "DEBIT"
price = 29

[[brand.product_option]]`, 1)
	importFile(t, s, src)
	first := export(t, s)
	for _, line := range strings.Split(strings.TrimSpace(moneySettings), "\n") {
		if !strings.Contains(first, line+"\n") {
			t.Errorf("the export lacks %s:\n%s", line, first)
		}
	}
	if got := importFile(t, s, first); got.Any() {
		t.Errorf("importing the export: %+v, want no change", got)
	}
	view(t, s, func(tx store.Tx) error {
		b := brand(t, tx, "DEMO")
		if b.DunningDays() != 10 || b.DunningMinimum().String() != "5.5" || b.BilledWhileBlocked("BLOCK_AS_LOST") || !b.BilledWhileBlocked("BLOCK_BY_OPERATOR") {
			t.Errorf("dunning %d days from %s, billed while lost %v, barred %v", b.DunningDays(), b.DunningMinimum(), b.BilledWhileBlocked("BLOCK_AS_LOST"), b.BilledWhileBlocked("BLOCK_BY_OPERATOR"))
		}
		if got := b.InvoicePattern().Format(b.Key, 2026, 3); got != "DEMO-2026-000003" {
			t.Errorf("an invoice number is %s", got)
		}
		fee, err := b.BillingFeeItem(tx)
		if err == nil && fee.Code != "PAPER" {
			t.Errorf("the billing fee is %s, want PAPER", fee.Code)
		}
		return err
	})
}

func TestBilledWhileBlockedByNone(t *testing.T) {
	b := load(t, strings.Replace(priced(""), "[[brand.product_option]]", "billed_while_blocked = [\"NONE\"]\n\n[[brand.product_option]]", 1)).Brands[0]
	for _, block := range []string{"BLOCK_AS_STOLEN", "BLOCK_AS_LOST", "BLOCK_BY_CUSTOMER", "BLOCK_BY_OPERATOR"} {
		if b.BilledWhileBlocked(block) {
			t.Errorf("billing goes on in %s", block)
		}
	}
}
