package ledger

import (
	"time"

	"github.com/shopspring/decimal"

	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// Posting is one movement of a billing group's balance. It stays as it was
// posted; only Invoice is set, once, by the billing run.
type Posting struct {
	store.Base
	Account      store.ID        // whose the billing group is
	Group        store.ID        `key:"BILLING_GROUP_ID"`
	Kind         Kind            `key:"TYPE"`
	Amount       decimal.Decimal // signed: negative = the customer owes it
	Currency     string          `key:"CURRENCY"`
	ChargeItem   string          `key:"CHARGE_ITEM_ID"` // in the catalogue; "" when there is none
	Option       string          `key:"PRODUCT_OPTION_ID"`
	Subscription store.ID        `key:"SUBSCRIPTION_ID"` // what it is for, or none
	Text         string          `key:"DESCRIPTION"`
	Date         time.Time       `key:"DATE"`
	Day          time.Time       `json:",omitzero"` // the day it belongs to: the brand's day of Date; see EffectiveDay
	Reference    string          `key:"REFERENCE"`
	From         time.Time       `key:"FROM_DATE"`  // of a RECURRENT one: first day
	Until        time.Time       `key:"UNTIL_DATE"` // and the day after the last
	Rate         decimal.Decimal // of a TAX one, in percent
	Untaxed      bool            `json:",omitempty"` // no tax is taken of it, as its charge item said when it was posted
	Invoice      store.ID        `key:"INVOICE_ID"`  // what bills it; none = not billed
	Payment      store.ID        `json:",omitzero"`  // of a REVERSAL or REFUND: what it takes out; or none
	Credits      store.ID        `json:",omitzero"`  // the posting that it takes back, or a part of
	Again        store.ID        `json:",omitzero"`  // the posting that was credited and that it bills again
}

// Kind says what a posting is.
type Kind string

// The kinds. What is money, and an opening balance, is never billed: it settles
// invoices, or takes out again what settled them. The others are the detail lines
// of the next invoice.
const (
	Charge    Kind = "CHARGE"    // a charge item of direction DEBIT
	Credit    Kind = "CREDIT"    // a charge item of direction CREDIT
	Fee       Kind = "FEE"       // what a payment cost
	Recurrent Kind = "RECURRENT" // an option's price for a period; the billing run's
	Tax       Kind = "TAX"       // the billing run's
	Payment   Kind = "PAYMENT"
	Reversal  Kind = "REVERSAL"  // of a payment that was none, or of another billing group
	Refund    Kind = "REFUND"    // money given back
	Opening   Kind = "OPENING"   // what a customer brought along
	WriteOff  Kind = "WRITE_OFF" // a debt that was given up, or the tax in it
	Transfer  Kind = "TRANSFER"  // money from or to another billing group; REFERENCE is the other posting
)

// Values are all kinds, for who reads one from outside.
func (Kind) Values() []string {
	return []string{string(Charge), string(Credit), string(Fee), string(Recurrent), string(Tax), string(Payment), string(Reversal), string(Refund), string(Opening), string(WriteOff), string(Transfer)}
}

func (k Kind) Billed() bool {
	switch k {
	case Payment, Reversal, Refund, Opening, WriteOff, Transfer:
		return false
	}
	return true
}

const (
	ByGroup        = "group"
	ByUnbilled     = "unbilled"
	ByInvoice      = "invoice"
	BySubscription = "subscription"
	byOpening      = "opening"
)

var Postings = store.Define("posting", UnknownPosting, func(p *Posting) *store.Base { return &p.Base },
	store.Index[Posting]{Name: ByGroup, Value: func(p *Posting) string { return p.Group.String() }},
	store.Index[Posting]{Name: ByUnbilled, Value: func(p *Posting) string {
		if !p.Kind.Billed() || p.Invoice != 0 {
			return ""
		}
		return p.Group.String()
	}},
	store.Index[Posting]{Name: ByInvoice, Value: func(p *Posting) string { return p.Invoice.String() }},
	store.Index[Posting]{Name: BySubscription, Value: func(p *Posting) string { return p.Subscription.String() }},
	store.Index[Posting]{Name: ByCredits, Value: func(p *Posting) string { return p.Credits.String() }},
	store.Index[Posting]{Name: byOpening, Value: func(p *Posting) string {
		if p.Kind != Opening {
			return ""
		}
		return p.Group.String()
	}, Taken: OpeningBalanceExists})

// Post keeps postings of one billing group and moves its balance by their sum.
// It checks nothing: what may be posted is for the operations to say.
func Post(tx store.Tx, brand *catalogue.Brand, g *customer.BillingGroup, entries ...*Posting) error {
	sum := decimal.Zero
	for _, p := range entries {
		p.Account, p.Group, p.Currency = g.Account, g.ID, g.Balance.Currency
		if p.Date.IsZero() {
			p.Date = tx.Now()
		}
		if p.Day.IsZero() {
			p.Day = p.Dated(brand.Day)
		}
		if err := Postings.Insert(tx, p); err != nil {
			return err
		}
		sum = sum.Add(p.Amount)
	}
	moved, err := customer.MoveBalance(tx, brand, g.ID, sum)
	if err == nil {
		*g = *moved
	}
	return err
}

// EffectiveDay is the day that a posting belongs to, which decides the period that bills it,
// and how it is taxed. Versions that kept none meant the day of UTC.
func (p *Posting) EffectiveDay() time.Time {
	if p.Day.IsZero() {
		return period.DayOfUTC(p.Date)
	}
	return p.Day
}

// Dated is the day of its Date: that itself where it is for some days, else the one
// that dayOf says.
func (p *Posting) Dated(dayOf func(time.Time) time.Time) time.Time {
	if !p.Until.IsZero() {
		return period.DayOfUTC(p.Date)
	}
	return dayOf(p.Date)
}

// Taxed reports whether taxes are taken of a posting: not of what a payment cost,
// nor of what its charge item says is untaxed.
func (p *Posting) Taxed() bool { return p.Kind != Fee && p.Kind != Tax && !p.Untaxed }

// Span is the days that a posting is for: of a charge or credit, the one it belongs
// to.
func (p *Posting) Span() period.Period {
	if p.Kind == Recurrent {
		return period.Between(p.From, p.Until)
	}
	day := p.EffectiveDay()
	return period.Between(day, day.AddDate(0, 0, 1))
}
