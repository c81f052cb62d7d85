package component

import (
	"strings"

	"rator/billing"
	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/workflow/value"
)

// paymentKey are the parameters that name a payment.
var paymentKey = []Param{text("PAYMENT_ID"), text("TRANSACTION_ID")}

func init() {
	register(Component{
		Name: "reverse_payment", Area: billingArea,
		Desc: "Post against a payment that was none, named by PAYMENT_ID, its own or that of its PAYMENT transaction, or by TRANSACTION_ID. INVOICES are those that are open again. CHARGE_ITEM_ID is what the customer is charged for it, at its price: a debit; CHARGE_ID is that charge.",
		In:   append(paymentKey[:2:2], text("REASON"), text("CHARGE_ITEM_ID"), text("CHARGE_ITEM")),
		Out:  []string{"ID", "PAYMENT_ID", "BILLING_GROUP_ID", "AMOUNT", "BALANCE", "INVOICES", "CHARGE_ID"},
		Fails: []*failure.Code{ledger.UnknownPayment, billing.PaymentNotCaptured, billing.PaymentReversed, catalogue.UnknownChargeItem, catalogue.NoLongerSold,
			billing.FeeIsCredit, ledger.InvalidAmount, customer.WrongState},
		Run: reversePayment,
	})
	register(Component{
		Name: "move_payment", Area: billingArea,
		Desc: "Take a payment, named as in reverse_payment, to the billing group that it is for: reversed where it was, recorded there. PAYMENT_ID is the new payment's, FROM_PAYMENT_ID the old one's; AMOUNT and BALANCE are of the new one, FROM_BALANCE and INVOICES of where it was.",
		In:   append(paymentKey[:2:2], mandatory("BILLING_GROUP_ID"), text("REASON")),
		Out:  []string{"PAYMENT_ID", "AMOUNT", "BALANCE", "FROM_PAYMENT_ID", "FROM_BILLING_GROUP_ID", "FROM_BALANCE", "INVOICES"},
		Fails: []*failure.Code{customer.UnknownBillingGroup, ledger.UnknownPayment, billing.PaymentNotCaptured, billing.PaymentReversed, billing.PaymentInSameGroup,
			billing.PaymentInOtherCurrency},
		Run: movePayment,
	})
	register(Component{
		Name: "refund_payment", Area: billingArea,
		Desc: "Record money that was given back: of a payment, named as in reverse_payment, or without one of the credit balance of BILLING_GROUP_ID. PAYMENT_ID is empty for the latter.",
		In:   append(paymentKey[:2:2], text("BILLING_GROUP_ID"), amount("AMOUNT"), text("REFERENCE"), text("REASON")),
		Out:  []string{"ID", "PAYMENT_ID", "BILLING_GROUP_ID", "AMOUNT", "BALANCE", "INVOICES"},
		Fails: []*failure.Code{customer.UnknownBillingGroup, ledger.UnknownPayment, billing.PaymentNotCaptured, billing.PaymentReversed, customer.WrongAccount,
			ledger.InvalidAmount, billing.AmountBeyondLimit, billing.RefundBeyondPayment, billing.RefundBeyondCredit},
		Run: refundPayment,
	})
}

// paymentKeyOf reads what names a payment.
func (c *Call) paymentKeyOf(in value.Tree) (k ledger.PaymentKey, err error) {
	k.TransactionID = in.Text("TRANSACTION_ID")
	k.EarlierID = strings.TrimSpace(c.Clear[k.TransactionID])
	k.TransactionID = strings.TrimSpace(k.TransactionID)
	k.ID, err = idOf(in, "PAYMENT_ID")
	return k, err
}

func reversePayment(c *Call, in value.Tree) (value.Tree, error) {
	n := billing.NewReversal{Reason: in.Text("REASON"), ChargeItemID: in.Text("CHARGE_ITEM_ID"), ChargeItem: in.Text("CHARGE_ITEM")}
	var err error
	if n.PaymentKey, err = c.paymentKeyOf(in); err != nil {
		return nil, err
	}
	u, err := billing.ReversePayment(c.Tx, c.Brand, n)
	if err != nil {
		return nil, err
	}
	answer, err := undone(c, u)
	charge := store.ID(0)
	if u.Fee != nil {
		charge = u.Fee.ID
	}
	return append(answer, value.OfString("CHARGE_ID", charge.String())), err
}

func movePayment(c *Call, in value.Tree) (value.Tree, error) {
	to, err := billingGroupOf(in)
	if err != nil {
		return nil, err
	}
	key, err := c.paymentKeyOf(in)
	if err != nil {
		return nil, err
	}
	p, u, err := billing.MovePayment(c.Tx, c.Brand, key, to, in.Text("REASON"))
	if err != nil {
		return nil, err
	}
	g, err := customer.BillingGroupByID(c.Tx, c.Brand, to)
	if err != nil {
		return nil, err
	}
	from, err := customer.BillingGroupByID(c.Tx, c.Brand, u.Posting.Group)
	if err != nil {
		return nil, err
	}
	for _, id := range []store.ID{g.ID, p.ID, from.ID, u.Payment.ID} {
		c.touch(id)
	}
	return value.Tree{value.OfString("PAYMENT_ID", p.ID.String()), value.OfMoney("AMOUNT", p.Amount), value.OfMoney("BALANCE", g.Balance.Amount),
		value.OfString("FROM_PAYMENT_ID", u.Payment.ID.String()), value.OfString("FROM_BILLING_GROUP_ID", from.ID.String()),
		value.OfMoney("FROM_BALANCE", from.Balance.Amount), openedView(u)}, nil
}

func refundPayment(c *Call, in value.Tree) (value.Tree, error) {
	n := billing.NewRefund{Reference: in.Text("REFERENCE"), Reason: in.Text("REASON")}
	var err error
	if n.PaymentKey, err = c.paymentKeyOf(in); err != nil {
		return nil, err
	}
	if n.Group, err = idOf(in, "BILLING_GROUP_ID"); err != nil {
		return nil, err
	}
	d, err := moneyOf(in, "AMOUNT")
	if err == nil && d == nil {
		err = ledger.InvalidAmount.With("AMOUNT is missing")
	}
	if err != nil {
		return nil, err
	}
	n.Amount = *d
	u, err := billing.RefundPayment(c.Tx, c.Brand, n)
	if err != nil {
		return nil, err
	}
	return undone(c, u)
}

// undone answers what became of a payment, with the balance that is left.
func undone(c *Call, u *billing.Undone) (value.Tree, error) {
	g, err := customer.BillingGroupByID(c.Tx, c.Brand, u.Posting.Group)
	if err != nil {
		return nil, err
	}
	payment := store.ID(0)
	if u.Payment != nil {
		payment = u.Payment.ID
	}
	c.touch(g.ID)
	c.touch(payment)
	return append(onlyID(u.Posting.ID), value.OfString("PAYMENT_ID", payment.String()), value.OfString("BILLING_GROUP_ID", g.ID.String()),
		value.OfMoney("AMOUNT", u.Posting.Amount), value.OfMoney("BALANCE", g.Balance.Amount), openedView(u)), nil
}

// openedView lists the invoices that are open again, or owed more.
func openedView(u *billing.Undone) value.Entry {
	list := make(value.Tree, 0, len(u.Opened))
	for _, i := range u.Opened {
		list = append(list, value.Of("INVOICE", append(onlyID(i.ID), value.OfString("INVOICE_NUMBER", i.Number), value.OfString("STATUS", string(i.Status())),
			value.OfMoney("OPEN_AMOUNT", i.Outstanding()), value.OfString("DUNNING_STATE", string(i.Dunning)))...))
	}
	return value.Of("INVOICES", list...)
}
