package billing

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/event"
	"rator/failure"
	"rator/store"
)

// earliestPayment is the earliest PAYMENT_DATE.
var earliestPayment = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// SavePayment records a payment of a billing group. A captured one is posted, and
// settles the open invoice whose number its reference is, then the others, the
// oldest first; its fee is posted beside it. An account that is closed can be paid
// too.
//
// A TRANSACTION_ID is recorded once in a brand: a second one fails with
// TRANSACTION_ALREADY_RECORDED. Only a payment that was kept as not captured may
// come again, captured, with the same billing group and amount: that captures
// what was recorded, with the fee and the date that come now. One that was reversed
// keeps it. A payment that comes without one gets one of ours, by which it is found,
// captured and reversed like others; one of that form that no payment has is
// INVALID_REQUEST. The date must not be before 2000 nor more than a day ahead:
// DATE_OUT_OF_RANGE.
func SavePayment(tx store.Tx, brand *catalogue.Brand, id store.ID, f ledger.PaymentFields) (*ledger.PaymentRecord, error) {
	g, _, err := group(tx, brand, id)
	if err != nil {
		return nil, err
	}
	if f.Date.IsZero() {
		f.Date = tx.Now()
	}
	f.TransactionID = strings.TrimSpace(f.TransactionID)
	if err := checkPayment(&f, tx.Now(), g.Balance.Currency); err != nil {
		return nil, err
	}
	p, err := recordedPayment(tx, brand, g, f)
	if err != nil {
		return nil, err
	}
	if f.Captured {
		if err := capture(tx, brand, g, p); err != nil {
			return nil, err
		}
	}
	if err := p.Keep(tx); err != nil {
		return nil, err
	}
	return p, tell(tx, paymentSaved, g, brand.Key, event.ID(paymentKey.Name, p.ID), amountOf(p.Amount), event.JSON("CAPTURED", p.Captured))
}

func checkPayment(f *ledger.PaymentFields, now time.Time, currency string) error {
	if err := checkPositive("AMOUNT", f.Amount, currency); err != nil {
		return err
	}
	if f.Fee.IsNegative() {
		return ledger.InvalidAmount.With("FEE_AMOUNT must not be below 0")
	}
	if err := checkAmount("FEE_AMOUNT", f.Fee, currency); err != nil {
		return err
	}
	if f.Date.Before(earliestPayment) || f.Date.After(now.AddDate(0, 0, 1)) {
		return DateOutOfRange.With("PAYMENT_DATE %s is not from %s to a day ahead", period.Format(f.Date), period.Format(earliestPayment))
	}
	return nil
}

// recordedPayment gives the payment to keep: a new one, or the one that is now
// captured.
func recordedPayment(tx store.Tx, brand *catalogue.Brand, g *customer.BillingGroup, f ledger.PaymentFields) (*ledger.PaymentRecord, error) {
	fresh := &ledger.PaymentRecord{Brand: brand.Key, Account: g.Account, Group: g.ID, Currency: g.Balance.Currency, PaymentFields: f}
	if f.TransactionID == "" {
		return fresh, nil
	}
	p, err := ledger.PaymentByTransaction(tx, brand, f.TransactionID, f.EarlierID)
	switch {
	case failure.CodeOf(err) == ledger.UnknownPayment && ledger.IsOwnTransaction(f.TransactionID):
		return nil, failure.InvalidRequest.With("TRANSACTION_ID %s has the form of those that we give, and is of no payment: leave it out, or send the provider's", f.TransactionID)
	case failure.CodeOf(err) == ledger.UnknownPayment:
		return fresh, nil
	case err != nil:
		return nil, err
	case p.Captured || !f.Captured || p.Group != g.ID || !p.Amount.Equal(f.Amount):
		return nil, ledger.TransactionRecorded.With("%s", f.TransactionID)
	}
	if f.Reference == "" {
		f.Reference = p.Reference // what was promised is for what it was promised for
	}
	p.PaymentFields = f
	return p, nil
}

// capture posts a payment and its fee, and settles invoices with it.
func capture(tx store.Tx, brand *catalogue.Brand, g *customer.BillingGroup, p *ledger.PaymentRecord) error {
	reference := p.PostingReference()
	paid := &ledger.Posting{Kind: ledger.Payment, Amount: p.Amount, Text: "Payment", Date: p.Date, Reference: reference}
	entries := []*ledger.Posting{paid}
	if !p.Fee.IsZero() {
		entries = append(entries, &ledger.Posting{Kind: ledger.Fee, Amount: p.Fee.Neg(), Text: "Payment fee", Date: p.Date, Reference: reference})
	}
	if err := ledger.Post(tx, brand, g, entries...); err != nil {
		return err
	}
	p.Captured, p.Posting = true, paid.ID
	return settlePayment(tx, brand, g, p)
}

// settlePayment settles invoices of the billing group with the payment: the one that its
// reference names first.
func settlePayment(tx store.Tx, brand *catalogue.Brand, g *customer.BillingGroup, p *ledger.PaymentRecord) error {
	l, err := ledger.Of(tx, g.Account, g.ID)
	if err != nil {
		return err
	}
	named, err := invoiceByNumber(tx, brand, p.Reference)
	if err != nil {
		return err
	}
	if named != nil && named.Group != g.ID {
		named = nil
	}
	if p.Settled, err = l.SettleFirst(tx, p.Amount, named); err != nil {
		return err
	}
	left := p.Amount
	for _, s := range p.Settled {
		left = left.Sub(s.Amount)
	}
	p.Unused = decimal.Max(decimal.Min(left, l.Unused), decimal.Zero)
	return l.Keep(tx)
}
