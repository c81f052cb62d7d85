package ledger

import (
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// Invoice is what a billing group is asked to pay for one period. Its detail
// lines are the postings that name it. A Total below 0 is a credit note: it is
// settled from the start, and what it credits settles others.
type Invoice struct {
	store.Base
	Brand       string // key
	Account     store.ID
	Group       store.ID        `key:"BILLING_GROUP_ID"`
	Series      Series          `json:",omitempty"` // which numbers it is of
	Sequence    int64           // 1, 2, 3 … within the brand's series, without gaps
	Number      string          `key:"INVOICE_NUMBER"` // the same for people
	Date        time.Time       `key:"INVOICE_DATE"`   // the brand's day on which it was issued
	DueDate     time.Time       `key:"DUE_DATE"`
	From        time.Time       `key:"FROM_DATE"`  // of the period: first day
	Until       time.Time       `key:"UNTIL_DATE"` // and the day after the last
	Net         decimal.Decimal // without tax
	Tax         decimal.Decimal
	Total       decimal.Decimal // what is asked for; Net + Tax
	Settled     decimal.Decimal // what is paid of it
	Covered     decimal.Decimal // what of Settled is no money: it is not opened again when money goes back
	WrittenOff  decimal.Decimal // what of Covered was written off
	Withheld    decimal.Decimal `json:",omitzero"` // what of WrittenOff an end that came late showed not to be owed
	Currency    string          `key:"CURRENCY"`
	Dunning     Dunning         `key:"DUNNING_STATE"`
	NextDunning time.Time       // the day from which it may be dunned next, if it is not paid
	DunnedOn    time.Time       `json:",omitzero"`  // the day it was dunned last; zero before, and by versions that did not keep it
	Modified    time.Time       `json:",omitzero"`  // when it was changed last; zero: by a version that did not keep it
	Credits     store.ID        `json:",omitzero"`  // of a credit note: the invoice that it takes back
	Reason      string          `json:",omitempty"` // and why, for people
	Letterhead
}

// Letterhead is what the document shows that could change after the invoice is
// made: it is kept as it was.
type Letterhead struct {
	BrandName      string
	CustomerNumber string          `key:"CUSTOMER_NUMBER"`
	GroupName      string          `key:"BILLING_GROUP_NAME"`
	Receiver       []string        // name and address, a line each
	Carried        decimal.Decimal // the balance without what is not billed, before the invoice
}

// InvoiceStatus says what is paid of an invoice, answered as STATUS.
type InvoiceStatus string

// The statuses.
const (
	Open       InvoiceStatus = "OPEN"
	PartlyPaid InvoiceStatus = "PARTLY_PAID"
	Paid       InvoiceStatus = "PAID"
)

const (
	ByOpen     = "open"
	ByNumber   = "number"
	bySequence = "sequence"
	ByOverdue  = "overdue"
	ByCredits  = "credits"
)

var Invoices = store.Define("invoice", UnknownInvoice, func(i *Invoice) *store.Base { return &i.Base },
	store.Index[Invoice]{Name: ByGroup, Value: func(i *Invoice) string { return i.Group.String() }},
	store.Index[Invoice]{Name: ByNumber, Value: func(i *Invoice) string { return store.Compose(i.Brand, i.Number) }, Taken: InvoiceNumberTaken},
	store.Index[Invoice]{Name: bySequence, Value: func(i *Invoice) string { return i.Series.Key(i.Brand, fmt.Sprintf("%018d", i.Sequence)) }, Taken: failure.TryAgain},
	store.Index[Invoice]{Name: ByOpen, Value: func(i *Invoice) string {
		if !i.Outstanding().IsPositive() {
			return ""
		}
		return i.Group.String()
	}},
	store.Index[Invoice]{Name: ByCredits, Value: func(i *Invoice) string { return i.Credits.String() }},
	// ByOverdue finds what is or will be overdue, in the order of when it is due.
	store.Index[Invoice]{Name: ByOverdue, Value: func(i *Invoice) string {
		if !i.Outstanding().IsPositive() {
			return ""
		}
		return store.Compose(i.Brand, period.Format(i.DueDate))
	}}).
	Stamp(func(tx store.Tx, i *Invoice) { i.Modified = tx.Now() }).
	// What is due, paid or dunned is a state of its billing group.
	Watch(func(tx store.Tx, i *Invoice, _ store.Change) error {
		return customer.NoteBillingGroup(tx, i.Group, i.Account)
	})

// Outstanding is what is not paid of it; 0 for a credit note.
func (i *Invoice) Outstanding() decimal.Decimal {
	return decimal.Max(i.Total.Sub(i.Settled), decimal.Zero)
}

// Status says what is paid of it.
func (i *Invoice) Status() InvoiceStatus {
	switch {
	case !i.Outstanding().IsPositive():
		return Paid
	case i.Settled.IsPositive():
		return PartlyPaid
	}
	return Open
}

// InvoiceByID finds an invoice of the brand, or fails with UNKNOWN_INVOICE.
func InvoiceByID(tx store.Tx, brand *catalogue.Brand, id store.ID) (*Invoice, error) {
	i, err := Invoices.Get(tx, id)
	if err == nil && i.Brand != brand.Key {
		return nil, UnknownInvoice.With("%s", id)
	}
	return i, err
}

// InvoiceByNumber finds an invoice of the brand by its INVOICE_NUMBER, spelled as it
// is or in small letters, or fails with UNKNOWN_INVOICE.
func InvoiceByNumber(tx store.Tx, brand *catalogue.Brand, number string) (*Invoice, error) {
	number = strings.TrimSpace(number)
	i, err := Invoices.By(tx, ByNumber, store.Compose(brand.Key, number))
	if capitals := strings.ToUpper(number); failure.CodeOf(err) == UnknownInvoice && capitals != number {
		i, err = Invoices.By(tx, ByNumber, store.Compose(brand.Key, capitals))
	}
	if failure.CodeOf(err) == UnknownInvoice {
		return nil, UnknownInvoice.With("%.60s", number)
	}
	return i, err
}
