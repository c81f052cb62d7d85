package billing

import (
	"cmp"

	"github.com/shopspring/decimal"

	"rator/billing/draft"
	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/event"
	"rator/failure"
	"rator/store"
)

// NewRefund is what RefundPayment needs.
type NewRefund struct {
	ledger.PaymentKey          // what is given back; or, with none,
	Group             store.ID // whose credit is
	Amount            decimal.Decimal
	Reference         string // what the money went out by
	Reason            string // for people; "" = "Refund"
}

// RefundPayment records money that was given back: a posting without tax, on a
// closed account too.
//
// Of a payment no more can be given back than was paid, less what was given back
// before (REFUND_BEYOND_PAYMENT), nor more than there is to take
// (REFUND_BEYOND_CREDIT): what of it lies unused goes first, then the invoices that it
// paid are open again, the last first, as ReversePayment does it. Without a payment
// it is a credit balance that is given back: never more than lies unused, nor more
// than would be left if all were billed tonight (REFUND_BEYOND_CREDIT). Of a prepaid
// billing group it is never more than the balance.
//
// It fails with UNKNOWN_PAYMENT, PAYMENT_NOT_CAPTURED and PAYMENT_REVERSED too, and with
// WRONG_ACCOUNT where the payment is of another billing group than the one named.
func RefundPayment(tx store.Tx, brand *catalogue.Brand, n NewRefund) (*Undone, error) {
	switch named := n.PaymentKey != (ledger.PaymentKey{}); {
	case !named && n.Group == 0:
		return nil, failure.InvalidRequest.With("PAYMENT_ID, TRANSACTION_ID or BILLING_GROUP_ID is missing")
	case !named:
		return n.refundCredit(tx, brand)
	}
	p, g, err := standingPayment(tx, brand, n.PaymentKey)
	if err != nil {
		return nil, err
	}
	if n.Group != 0 && n.Group != g.ID {
		return nil, customer.WrongAccount.With("payment %s is not of billing group %s", p.ID, n.Group)
	}
	if err := checkPositive("AMOUNT", n.Amount, g.Balance.Currency); err != nil {
		return nil, err
	}
	before, err := refundedBefore(tx, p)
	if err != nil {
		return nil, err
	}
	if left := p.Amount.Sub(before); n.Amount.GreaterThan(left) {
		return nil, RefundBeyondPayment.With("%s is left of %s", left, p.Amount)
	}
	there, err := moneyThere(tx, g)
	if err != nil {
		return nil, err
	}
	if n.Amount.GreaterThan(there) {
		return nil, RefundBeyondCredit.With("%s is there to be given back", there)
	}
	x := n.posting()
	x.Payment = p.ID
	if err := ledger.Post(tx, brand, g, x); err != nil {
		return nil, err
	}
	p.Refunded = p.Refunded.Add(n.Amount)
	u, err := takeOut(tx, brand, p, x)
	if err != nil {
		return nil, err
	}
	return u, tellRefund(tx, brand, g, p.ID, x)
}

// tellRefund tells of a refund of a payment; 0 for none.
func tellRefund(tx store.Tx, brand *catalogue.Brand, g *customer.BillingGroup, payment store.ID, x *ledger.Posting) error {
	return tell(tx, paymentRefunded, g, brand.Key, event.ID(paymentKey.Name, payment), event.ID("REFUND_ID", x.ID), amountOf(x.Amount))
}

// refundedBefore is what was given back of a payment, also where it was before it was moved.
func refundedBefore(tx store.Tx, p *ledger.PaymentRecord) (decimal.Decimal, error) {
	sum := p.Refunded
	for id := p.MovedFrom; id != 0; {
		from, err := ledger.Payments.Get(tx, id)
		if err != nil {
			return sum, err
		}
		sum, id = sum.Add(from.Refunded), from.MovedFrom
	}
	return sum, nil
}

func (n *NewRefund) posting() *ledger.Posting {
	return &ledger.Posting{Kind: ledger.Refund, Amount: n.Amount.Neg(), Text: cmp.Or(n.Reason, "Refund"), Reference: n.Reference}
}

// moneyThere is what can be taken out of a billing group without leaving a debt
// that no invoice asks for; of a prepaid one its balance.
func moneyThere(tx store.Tx, g *customer.BillingGroup) (decimal.Decimal, error) {
	l, err := ledger.Of(tx, g.Account, g.ID)
	if err != nil {
		return decimal.Zero, err
	}
	there := decimal.Max(l.Unused, decimal.Zero)
	for i, err := range ledger.Invoices.All(tx, ledger.ByGroup, g.ID.String()) {
		if err != nil {
			return there, err
		}
		there = there.Add(decimal.Max(i.Settled.Sub(i.Covered), decimal.Zero))
	}
	if g.Type != catalogue.PostPaid {
		there = decimal.Min(there, g.Balance.Amount)
	}
	return decimal.Max(there, decimal.Zero), nil
}

// refundCredit gives a credit balance back, or a part of it.
func (n *NewRefund) refundCredit(tx store.Tx, brand *catalogue.Brand) (*Undone, error) {
	g, err := customer.BillingGroupByID(tx, brand, n.Group)
	if err != nil {
		return nil, err
	}
	if err := checkPositive("AMOUNT", n.Amount, g.Balance.Currency); err != nil {
		return nil, err
	}
	l, err := ledger.Of(tx, g.Account, g.ID)
	if err != nil {
		return nil, err
	}
	there, err := draft.FreeCredit(tx, brand, g, l)
	if err != nil {
		return nil, err
	}
	if n.Amount.GreaterThan(there) {
		return nil, RefundBeyondCredit.With("%s is there to be given back", there)
	}
	x := n.posting()
	if err := ledger.Post(tx, brand, g, x); err != nil {
		return nil, err
	}
	l.Unused = l.Unused.Sub(n.Amount)
	err = l.Draw(tx, func(p *ledger.PaymentRecord, used decimal.Decimal) { p.Refunded = p.Refunded.Add(used) })
	if err != nil {
		return nil, err
	}
	if err := l.Keep(tx); err != nil {
		return nil, err
	}
	return &Undone{Posting: x}, tellRefund(tx, brand, g, 0, x)
}
