package ledger

import (
	"time"

	"github.com/shopspring/decimal"

	"rator/store"
)

// PaymentRecord is a payment as it was told to us; the money itself was taken
// elsewhere (rator-api.md 2.7). One that is not captured is a promise: it is kept
// and moves no balance.
type PaymentRecord struct {
	store.Base
	Brand    string // key
	Account  store.ID
	Group    store.ID
	Currency string
	Posting  store.ID // none while it is not captured
	// Settled is what of it settled invoices, as far as that is known: payments of
	// older versions do not say.
	Settled   []Settlement
	Unused    decimal.Decimal // what of it waits for an invoice
	Refunded  decimal.Decimal // what of it was given back
	Reversal  store.ID        // the posting that reversed it; none = it stands
	MovedTo   store.ID        // the payment of another billing group that it is now
	MovedFrom store.ID        // and that it was before
	PaymentFields
}

// PaymentFields are what a request says of a payment.
type PaymentFields struct {
	Amount        decimal.Decimal // above 0
	Fee           decimal.Decimal // what the payment cost; charged to the billing group
	Date          time.Time       // zero = now
	Captured      bool
	Reference     string `key:"PAYMENT_REFERENCE"`
	TransactionID string `key:"TRANSACTION_ID"` // recorded once in a brand; "" = the payment gets one of ours
	// EarlierID is what versions before kept of TransactionID, looked for as well; ""
	// where it is the same. It is never kept.
	EarlierID         string `json:"-"`
	TransactionNumber string `key:"TRANSACTION_NUMBER"`
	Channel           string `key:"CHANNEL"`
}

const (
	byTransaction = "transaction"
	byLying       = "lying"    // payments of which something is unused, by billing group
	ByPromised    = "promised" // those that are not captured, by billing group
)

var Payments = store.Define("payment", UnknownPayment, func(p *PaymentRecord) *store.Base { return &p.Base },
	store.Index[PaymentRecord]{Name: ByGroup, Value: func(p *PaymentRecord) string { return p.Group.String() }},
	store.Index[PaymentRecord]{Name: ByPromised, Value: func(p *PaymentRecord) string {
		if p.Captured {
			return ""
		}
		return p.Group.String()
	}},
	store.Index[PaymentRecord]{Name: byTransaction, Value: func(p *PaymentRecord) string {
		if p.TransactionID == "" || p.MovedTo != 0 {
			return ""
		}
		return store.Compose(p.Brand, p.TransactionID)
	}, Taken: TransactionRecorded},
	store.Index[PaymentRecord]{Name: byLying, Value: func(p *PaymentRecord) string {
		if !p.Unused.IsPositive() {
			return ""
		}
		return p.Group.String()
	}})

// Keep puts a payment, and gives one that came without a TRANSACTION_ID one of ours.
func (p *PaymentRecord) Keep(tx store.Tx) error {
	switch {
	case p.ID != 0:
		return Payments.Put(tx, p)
	case p.TransactionID != "":
		return Payments.Insert(tx, p)
	}
	own, err := tx.NextID()
	if err != nil {
		return err
	}
	p.TransactionID = ownTransaction(own)
	return Payments.InsertAs(tx, p, own)
}

// PostingReference is what its postings are found by, as the caller named it.
func (p *PaymentRecord) PostingReference() string {
	if p.Reference == "" && !IsOwnTransaction(p.TransactionID) {
		return p.TransactionID
	}
	return p.Reference
}

// settledOf is how much of an invoice the payment settled.
func (p *PaymentRecord) settledOf(invoice store.ID) (sum decimal.Decimal) {
	for _, s := range p.Settled {
		if s.Invoice == invoice {
			sum = sum.Add(s.Amount)
		}
	}
	return sum
}

// forget takes up to an amount of what the payment settled of an invoice out of
// its list, and gives how much.
func (p *PaymentRecord) forget(invoice store.ID, amount decimal.Decimal) (gone decimal.Decimal) {
	var kept []Settlement
	for _, s := range p.Settled {
		if s.Invoice == invoice {
			part := decimal.Min(s.Amount, amount.Sub(gone))
			gone, s.Amount = gone.Add(part), s.Amount.Sub(part)
		}
		if s.Amount.IsPositive() {
			kept = append(kept, s)
		}
	}
	p.Settled = kept
	return gone
}
