package billing

import (
	"cmp"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/event"
	"rator/store"
)

// NewReversal is what ReversePayment needs.
type NewReversal struct {
	ledger.PaymentKey
	Reason       string // for people; "" = "Payment reversed"
	ChargeItemID string // of the fee: CHARGE_ITEM_ID, or
	ChargeItem   string // its code; neither = no fee
}

// Undone is what became of a payment that was reversed or refunded.
type Undone struct {
	Payment *ledger.PaymentRecord
	Posting *ledger.Posting   // what takes the money out
	Fee     *ledger.Posting   // or none
	Opened  []*ledger.Invoice // that are owed more than before, oldest first
}

// ReversePayment takes back a payment that was none: a direct debit that bounced,
// a cheque that was not covered. The whole of it is posted against, whatever was
// refunded of it. The invoices that it paid are open again, and dunning goes on
// from where it was, but not before tomorrow; where its money went otherwise, what
// lies unused is taken, then what settled the newest invoices. A fee is a debit
// for a charge item with a price.
//
// Its TRANSACTION_ID stays recorded: a bank's file that comes twice brings no
// reversed payment back. It fails with UNKNOWN_PAYMENT, PAYMENT_NOT_CAPTURED for a
// promise, PAYMENT_REVERSED for one that was reversed or moved, FEE_IS_A_CREDIT, and
// for the fee as AddCharge does.
func ReversePayment(tx store.Tx, brand *catalogue.Brand, n NewReversal) (*Undone, error) {
	p, g, err := standingPayment(tx, brand, n.PaymentKey)
	if err != nil {
		return nil, err
	}
	u, err := reverse(tx, brand, g, p, cmp.Or(n.Reason, "Payment reversed"))
	if err != nil {
		return nil, err
	}
	if n.ChargeItemID != "" || n.ChargeItem != "" {
		if u.Fee, err = reversalFee(tx, brand, g, n); err != nil {
			return nil, err
		}
	}
	return u, tell(tx, paymentReversed, g, brand.Key, event.ID(paymentKey.Name, p.ID), event.ID("REVERSAL_ID", u.Posting.ID), amountOf(u.Posting.Amount),
		event.ID("CHARGE_ID", u.fee()))
}

// fee is the posting of the fee; 0 for none.
func (u *Undone) fee() store.ID {
	if u.Fee == nil {
		return 0
	}
	return u.Fee.ID
}

func reversalFee(tx store.Tx, brand *catalogue.Brand, g *customer.BillingGroup, n NewReversal) (*ledger.Posting, error) {
	fee := NewCharge{Group: g.ID, ChargeItemID: n.ChargeItemID, ChargeItem: n.ChargeItem, Owed: true}
	item, err := fee.item(tx, brand)
	if err != nil {
		return nil, err
	}
	if item.Direction != catalogue.Debit {
		return nil, FeeIsCredit.With("%s", item.Code)
	}
	return fee.add(tx, brand)
}

// standingPayment finds a payment that is captured and not reversed, and its billing group.
func standingPayment(tx store.Tx, brand *catalogue.Brand, k ledger.PaymentKey) (*ledger.PaymentRecord, *customer.BillingGroup, error) {
	p, err := k.Find(tx, brand)
	switch {
	case err != nil:
		return nil, nil, err
	case p.MovedTo != 0:
		return nil, nil, PaymentReversed.With("payment %s was moved: it is payment %s now", p.ID, p.MovedTo)
	case p.Reversal != 0:
		return nil, nil, PaymentReversed.With("payment %s", p.ID)
	case !p.Captured:
		return nil, nil, PaymentNotCaptured.With("payment %s is a promise", p.ID)
	}
	g, err := customer.BillingGroupByID(tx, brand, p.Group)
	return p, g, err
}

// reverse posts against the whole payment and takes its money out of its billing
// group.
func reverse(tx store.Tx, brand *catalogue.Brand, g *customer.BillingGroup, p *ledger.PaymentRecord, text string) (*Undone, error) {
	x := &ledger.Posting{Kind: ledger.Reversal, Amount: p.Amount.Neg(), Text: text, Reference: p.PostingReference(), Payment: p.ID}
	if err := ledger.Post(tx, brand, g, x); err != nil {
		return nil, err
	}
	p.Reversal = x.ID
	return takeOut(tx, brand, p, x)
}

// TakeOut takes the money of a posting out of the billing group: what of the
// payment lies unused, then what of it settled invoices, the last first, then any
// other.
func takeOut(tx store.Tx, brand *catalogue.Brand, p *ledger.PaymentRecord, x *ledger.Posting) (*Undone, error) {
	before, err := openInvoices(tx, p.Group)
	if err != nil {
		return nil, err
	}
	l, err := ledger.Of(tx, p.Account, p.Group)
	if err != nil {
		return nil, err
	}
	left, floor := x.Amount.Neg(), decimal.Min(l.Unused, decimal.Zero)
	unused := decimal.Min(left, p.Unused)
	left, p.Unused = left.Sub(unused), p.Unused.Sub(unused)
	for n := len(p.Settled) - 1; n >= 0 && left.IsPositive(); n-- {
		i, err := ledger.Invoices.Get(tx, p.Settled[n].Invoice)
		if err != nil {
			return nil, err
		}
		part := decimal.Min(left, p.Settled[n].Amount)
		left, p.Settled[n].Amount = left.Sub(part), p.Settled[n].Amount.Sub(part)
		if p.Settled[n].Amount.IsZero() {
			p.Settled = p.Settled[:n]
		}
		if err := l.Reopen(tx, brand, i, part); err != nil {
			return nil, err
		}
	}
	if err := ledger.Payments.Put(tx, p); err != nil {
		return nil, err
	}
	l.Unused = l.Unused.Add(x.Amount)
	if err := l.Refill(tx, brand, floor); err != nil {
		return nil, err
	}
	if err := l.Keep(tx); err != nil {
		return nil, err
	}
	u := &Undone{Posting: x}
	if u.Payment, err = ledger.Payments.Get(tx, p.ID); err != nil { // what was taken out may have changed it again
		return nil, err
	}
	u.Opened, err = before.opened(tx, p.Group)
	return u, err
}

// owing is what each open invoice of a billing group is owed.
type owing map[store.ID]decimal.Decimal

func openInvoices(tx store.Tx, group store.ID) (owing, error) {
	open := owing{}
	for i, err := range ledger.Invoices.All(tx, ledger.ByOpen, group.String()) {
		if err != nil {
			return nil, err
		}
		open[i.ID] = i.Outstanding()
	}
	return open, nil
}

// opened gives the invoices that are owed more now.
func (o owing) opened(tx store.Tx, group store.ID) (more []*ledger.Invoice, err error) {
	for i, err := range ledger.Invoices.All(tx, ledger.ByOpen, group.String()) {
		if err != nil {
			return nil, err
		}
		if i.Outstanding().GreaterThan(o[i.ID]) {
			more = append(more, i)
		}
	}
	return more, nil
}
