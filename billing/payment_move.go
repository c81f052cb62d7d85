package billing

import (
	"cmp"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/event"
	"rator/store"
)

// MovePayment takes a payment that was booked to the wrong billing group to
// another one of the brand, of whatever account, in the same currency: it is
// reversed there, as ReversePayment does it, and recorded here with the day and
// the references it had, so that it settles an invoice of this group that its
// reference names, else the oldest. What it cost goes with it. The two payments name
// each other; the TRANSACTION_ID is that of the new one.
//
// The reason is for people; "" = "Payment moved". It gives the new payment and what
// became of the old one, and fails as ReversePayment does, with PAYMENT_IN_SAME_GROUP and with
// PAYMENT_IN_OTHER_CURRENCY.
func MovePayment(tx store.Tx, brand *catalogue.Brand, key ledger.PaymentKey, to store.ID, reason string) (*ledger.PaymentRecord, *Undone, error) {
	target, err := customer.BillingGroupByID(tx, brand, to)
	if err != nil {
		return nil, nil, err
	}
	p, source, err := standingPayment(tx, brand, key)
	switch {
	case err != nil:
		return nil, nil, err
	case source.ID == target.ID:
		return nil, nil, PaymentInSameGroup.With("%s", target.Name)
	case target.Balance.Currency != p.Currency:
		return nil, nil, PaymentInOtherCurrency.With("payment %s is in %s, billing group %s in %s", p.ID, p.Currency, target.Name, target.Balance.Currency)
	}
	u, err := reverse(tx, brand, source, p, cmp.Or(reason, "Payment moved"))
	if err != nil {
		return nil, nil, err
	}
	moved := &ledger.PaymentRecord{Brand: p.Brand, Account: target.Account, Group: target.ID, Currency: p.Currency, MovedFrom: p.ID, PaymentFields: p.PaymentFields}
	moved.TransactionID = "" // the old one's until that says that it has gone
	if err := ledger.Payments.Insert(tx, moved); err != nil {
		return nil, nil, err
	}
	u.Payment.MovedTo = moved.ID
	if err := ledger.Payments.Put(tx, u.Payment); err != nil {
		return nil, nil, err
	}
	moved.TransactionID = p.TransactionID
	if err := takeFee(tx, brand, source, moved); err != nil {
		return nil, nil, err
	}
	if err := capture(tx, brand, target, moved); err != nil {
		return nil, nil, err
	}
	if err := ledger.Payments.Put(tx, moved); err != nil {
		return nil, nil, err
	}
	return moved, u, tell(tx, paymentMoved, target, brand.Key, event.ID(paymentKey.Name, moved.ID), amountOf(moved.Amount),
		event.ID("FROM_BILLING_GROUP_ID", source.ID), event.ID("FROM_PAYMENT_ID", u.Payment.ID))
}

// takeFee gives back what the payment cost where it was booked before.
func takeFee(tx store.Tx, brand *catalogue.Brand, source *customer.BillingGroup, p *ledger.PaymentRecord) error {
	if p.Fee.IsZero() {
		return nil
	}
	return ledger.Post(tx, brand, source, &ledger.Posting{Kind: ledger.Fee, Amount: p.Fee, Text: "Payment fee", Reference: p.PostingReference()})
}
