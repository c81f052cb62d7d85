package catalogue

import (
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"rator/store"
)

// MoneySettings are a brand's rules of billing, where it may choose. Zero values are
// what held before there was a choice. Embed it.
type MoneySettings struct {
	InvoiceNumber    NumberPattern `key:"INVOICE_NUMBER" json:",omitempty"`     // see InvoicePattern
	CreditNoteNumber NumberPattern `key:"CREDIT_NOTE_NUMBER" json:",omitempty"` // see CreditNotePattern
	BillingFee       string        `key:"BILLING_FEE" json:",omitempty"`        // code of a charge item; see BillingFeeItem
	TaxPoint         TaxPoint      `key:"TAX_POINT" json:",omitempty"`          // "" = TaxOfDay
	DunningInterval  int           `key:"DUNNING_DAYS" json:",omitempty"`       // see DunningDays
	// SmallestDunned is in the brand's currency; see DunningMinimum.
	SmallestDunned decimal.Decimal `key:"DUNNING_MINIMUM" json:",omitzero"`
	// BackDatedDays is how many days before today a subscription may be ended.
	BackDatedDays int `key:"BACK_DATED_DAYS" json:",omitempty"`
	// WriteOffTaxed says that what is written off lowers the taxed amount too.
	WriteOffTaxed bool `key:"WRITE_OFF_TAXED" json:",omitempty"`
	// PrepaidOverdraft is how far below 0 a debit may take a prepaid balance, in the
	// brand's currency.
	PrepaidOverdraft decimal.Decimal `key:"PREPAID_OVERDRAFT" json:",omitzero"`
	BilledBlocks     []string        `key:"BILLED_WHILE_BLOCKED" json:",omitempty"` // see BilledWhileBlocked
}

// TaxPoint says of which day the tax is that a billing period's lines bear.
type TaxPoint string

// The tax points: each day's own tax, or the tax of the period's last day for all of it.
const (
	TaxOfDay       TaxPoint = "day"
	TaxOfPeriodEnd TaxPoint = "period_end"
)

// defaultDunningDays are from one dunning to the next where a brand says nothing.
const defaultDunningDays = 14

// What the settings may be.
const (
	maxDunningDays   = 365
	maxBackDatedDays = 366
)

// blockTypes are the BLOCK_TYPEs that billing can go on in; noBlock stands for none of them.
var blockTypes = []string{"BLOCK_AS_STOLEN", "BLOCK_AS_LOST", "BLOCK_BY_CUSTOMER", "BLOCK_BY_OPERATOR"}

const noBlock = "NONE"

// InvoicePattern is how the brand's invoice numbers are written.
func (b *Brand) InvoicePattern() NumberPattern {
	if b.InvoiceNumber == "" {
		return defaultInvoiceNumber
	}
	return b.InvoiceNumber
}

// CreditNotePattern is how the brand's credit note numbers are written.
func (b *Brand) CreditNotePattern() NumberPattern {
	if b.CreditNoteNumber == "" {
		return defaultCreditNoteNumber
	}
	return b.CreditNoteNumber
}

// BillingFeeItem is the charge item that the brand takes for a paper bill; nil
// without one.
func (b *Brand) BillingFeeItem(tx store.Tx) (*ChargeItem, error) {
	if b.BillingFee == "" {
		return nil, nil
	}
	return ChargeItemByCode(tx, b, b.BillingFee)
}

// DunningDays are the least days from one dunning of an invoice to the next.
func (b *Brand) DunningDays() int {
	if b.DunningInterval == 0 {
		return defaultDunningDays
	}
	return b.DunningInterval
}

// DunningMinimum is the least open amount that is dunned, in the brand's currency: 1
// where the brand says nothing.
func (b *Brand) DunningMinimum() decimal.Decimal {
	if b.SmallestDunned.IsZero() {
		return decimal.NewFromInt(1)
	}
	return b.SmallestDunned
}

// BilledWhileBlocked reports whether recurrent prices go on in days on which a
// subscription is blocked by a BLOCK_TYPE; in all where the brand says nothing.
func (b *Brand) BilledWhileBlocked(blockType string) bool {
	return len(b.BilledBlocks) == 0 || slices.Contains(b.BilledBlocks, blockType)
}

func (b *Brand) checkMoney(c *checker, o *Offer) {
	e := &b.Entry
	c.numberPattern(e, "invoice_number", b.InvoiceNumber)
	c.numberPattern(e, "credit_note_number", b.CreditNoteNumber)
	if !b.InvoicePattern().differs(b.CreditNotePattern(), b.Key) {
		c.mistake(e, "credit_note_number", "invoices (%s) and credit notes (%s) could get the same number; begin or end them with other letters", b.InvoicePattern(), b.CreditNotePattern())
	}
	if e.source.has("billing_fee") {
		c.billingFee(e, b.BillingFee, o)
	}
	if e.source.has("tax_point") {
		c.oneOf(e, "tax_point", string(b.TaxPoint), string(TaxOfDay), string(TaxOfPeriodEnd))
	}
	c.between(e, "dunning_days", b.DunningInterval, 1, maxDunningDays, "leave it out for "+strconv.Itoa(defaultDunningDays))
	c.price(e, "dunning_minimum", b.SmallestDunned, b.Currency)
	if e.source.has("dunning_minimum") && b.SmallestDunned.IsZero() {
		if _, ok := number(e.source.fields["dunning_minimum"]); ok {
			c.mistake(e, "dunning_minimum", "dunning_minimum must be more than 0; 0.01 duns whatever is open")
		}
	}
	c.between(e, "back_dated_days", b.BackDatedDays, 0, maxBackDatedDays, "leave it out for none")
	c.price(e, "prepaid_overdraft", b.PrepaidOverdraft, b.Currency)
	c.blocks(e, "billed_while_blocked", b.BilledBlocks)
}

func (c *checker) numberPattern(e *Entry, key string, pattern NumberPattern) {
	if e.source.has(key) && c.present(e, key, string(pattern)) {
		if fault := pattern.fault(); fault != "" {
			c.mistake(e, key, "%s %q %s", key, string(pattern), fault)
		}
	}
}

func (c *checker) billingFee(e *Entry, fee string, o *Offer) {
	if !c.present(e, "billing_fee", fee) {
		return
	}
	c.references(e, "billing_fee", "charge_item", []string{fee}, codes(o.ChargeItems))
	for _, item := range o.ChargeItems {
		if item.Code == fee && (item.Direction != Debit || !item.Price.IsPositive()) {
			c.mistake(e, "billing_fee", "billing_fee %s must be a charge item of direction %s with a price", fee, Debit)
		}
	}
}

// between checks a whole number that is given; mend says what to write instead.
func (c *checker) between(e *Entry, key string, n, least, most int, mend string) {
	if !e.source.has(key) {
		return
	}
	if d, ok := number(e.source.fields[key]); ok && d.IsInteger() && (n < least || n > most) {
		c.mistake(e, key, "%s must be %d to %d, not %d; %s", key, least, most, n, mend)
	}
}

func (c *checker) blocks(e *Entry, key string, values []string) {
	c.filled(e, key)
	known := append(slices.Clone(blockTypes), noBlock)
	for i, v := range values {
		switch {
		case !slices.Contains(known, v):
			c.mistake(e, key, "%q in %s must be one of %s%s", v, key, strings.Join(known, ", "), suggest(v, known))
		case slices.Contains(values[:i], v):
			c.mistake(e, key, "%s is there twice in %s", v, key)
		case v == noBlock && len(values) > 1:
			c.mistake(e, key, "%s stands alone in %s: nothing is billed while a subscription is blocked", noBlock, key)
		}
	}
}
