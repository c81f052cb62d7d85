package component

import (
	"github.com/shopspring/decimal"

	"rator/billing"
	"rator/billing/draft"
	"rator/billing/ledger"
	"rator/customer"
	"rator/failure"
	"rator/workflow/value"
)

// What becomes of the balances of a customer who leaves, once all is billed.
const (
	settleBillNow  = "BILL_NOW"  // they wait to be paid
	settleWriteOff = "WRITE_OFF" // what is owed is given up
	settleRefund   = "REFUND"    // what the customer is owed is given back
)

func init() {
	register(Component{
		Name: "settle_account", Area: accountArea,
		Desc:  "Bill an account without living subscriptions for all that is not billed, today included, and then, as SETTLE says: BILL_NOW = nothing more; WRITE_OFF = write off what each billing group owes; REFUND = record that what it is owed is given back. INVOICES are the INVOICE made, with their numbers and totals.",
		In:    []Param{mandatory("ACCOUNT_ID"), mandatory("SETTLE")},
		Out:   []string{"INVOICES"},
		Fails: []*failure.Code{customer.UnknownAccount, customer.LiveSubscriptions, failure.InvalidRequest, draft.TaxPlaceUnknown, ledger.InvalidAmount, ledger.InvoiceNumberTaken},
		Run:   settleAccount,
	})
}

func settleAccount(c *Call, in value.Tree) (value.Tree, error) {
	id, err := idOf(in, "ACCOUNT_ID")
	if err != nil {
		return nil, err
	}
	how := in.Text("SETTLE")
	switch how {
	case settleBillNow, settleWriteOff, settleRefund:
	default:
		return nil, failure.InvalidRequest.With("SETTLE %.40q is not %s, %s or %s", how, settleBillNow, settleWriteOff, settleRefund)
	}
	made, err := billing.BillNow(c.Tx, c.Brand, id)
	if err != nil {
		return nil, err
	}
	w, err := c.wholeOf(id)
	if err != nil {
		return nil, err
	}
	for _, g := range w.BillingGroups {
		if err := settleGroup(c, g, how); err != nil {
			return nil, err
		}
	}
	var list value.Tree
	for _, i := range made {
		list = append(list, value.Of("INVOICE", append(onlyID(i.ID), value.OfString("INVOICE_NUMBER", i.Number), value.OfMoney("TOTAL_AMOUNT", i.Total))...))
	}
	return value.Tree{value.Of("INVOICES", list...)}, nil
}

// settleGroup leaves what the choice does not settle: whoever closes the account sees it.
func settleGroup(c *Call, g *customer.BillingGroup, how string) (err error) {
	balance := g.Balance.Amount
	switch {
	case how == settleWriteOff && balance.IsNegative():
		_, err = billing.WriteOffDebt(c.Tx, c.Brand, billing.NewWriteOff{Group: g.ID, Reason: "Account closed"})
	case how == settleRefund && balance.GreaterThan(decimal.Zero):
		_, err = billing.RefundPayment(c.Tx, c.Brand, billing.NewRefund{Group: g.ID, Amount: balance, Reason: "Account closed"})
	}
	return err
}
