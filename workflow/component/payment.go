package component

import (
	"strings"

	"github.com/shopspring/decimal"

	"rator/billing"
	"rator/billing/ledger"
	"rator/customer"
	"rator/failure"
	"rator/workflow/value"
)

func init() {
	register(Component{
		Name: "save_payment", Area: billingArea,
		Desc: "Record a payment that was made elsewhere; one that is captured is posted and settles the open invoice whose number PAYMENT_REFERENCE is, then the oldest. CAPTURED absent, true, 1 and Y mean captured; false, 0, N and the empty string, which is PHP's false, do not. TRANSACTION_ID of the answer is the one that came, or one that the payment got: rator- and its id.",
		In: []Param{mandatory("BILLING_GROUP_ID"), amount("AMOUNT"), amount("FEE_AMOUNT"), {Key: "PAYMENT_DATE", Type: value.Date}, text("CAPTURED"),
			text("PAYMENT_REFERENCE"), text("TRANSACTION_ID"), text("TRANSACTION_NUMBER"), text("CHANNEL")},
		Out:   []string{"ID", "TRANSACTION_ID", "CAPTURED", "BALANCE"},
		Fails: []*failure.Code{customer.UnknownBillingGroup, ledger.InvalidAmount, billing.AmountBeyondLimit, billing.DateOutOfRange, ledger.TransactionRecorded},
		Run:   savePayment,
	})
	register(Component{
		Name: "billing_group_of_reference", Area: billingArea, Reads: true,
		Desc:  "Find the billing group that a payment's reference means: its id, one of its invoice numbers, its NAME when that begins with the customer number, or the number of a customer who has no other.",
		In:    []Param{mandatory("REFERENCE")},
		Out:   []string{"ID"},
		Fails: []*failure.Code{billing.UnknownPaymentReference, billing.AmbiguousPaymentReference},
		Run:   billingGroupOfReference,
	})
}

func savePayment(c *Call, in value.Tree) (value.Tree, error) {
	id, err := billingGroupOf(in)
	if err != nil {
		return nil, err
	}
	var f ledger.PaymentFields
	if err := fill(&f, in); err != nil {
		return nil, err
	}
	f.EarlierID = strings.TrimSpace(c.Clear[f.TransactionID])
	f.TransactionID = strings.TrimSpace(f.TransactionID) // the same one, however the XML was laid out
	for key, place := range map[string]*decimal.Decimal{"AMOUNT": &f.Amount, "FEE_AMOUNT": &f.Fee} {
		d, err := moneyOf(in, key)
		if err != nil {
			return nil, err
		}
		if d != nil {
			*place = *d
		}
	}
	if f.Date, err = c.dateOf(in, "PAYMENT_DATE"); err != nil {
		return nil, err
	}
	f.Date = f.Date.UTC()
	if f.Captured, err = captured(in); err != nil {
		return nil, err
	}
	p, err := billing.SavePayment(c.Tx, c.Brand, id, f)
	if err != nil {
		return nil, err
	}
	g, err := customer.BillingGroupByID(c.Tx, c.Brand, id)
	if err != nil {
		return nil, err
	}
	c.touch(id)
	c.touch(p.ID)
	return append(onlyID(p.ID), value.OfString("TRANSACTION_ID", p.TransactionID), value.OfBoolean("CAPTURED", p.Captured), value.OfMoney("BALANCE", g.Balance.Amount)), nil
}

// captured reads PAYMENT_CAPTURED in each form it is sent (rator-api.md 3.2).
func captured(in value.Tree) (bool, error) {
	e := in.Get("CAPTURED")
	if e == nil || e.Null {
		return true, nil
	}
	switch strings.ToUpper(strings.TrimSpace(e.Text)) {
	case "", "N":
		return false, nil
	case "Y":
		return true, nil
	}
	b, err := value.ParseBoolean(e.Text)
	if err != nil {
		return false, failure.InvalidRequest.With("PAYMENT_CAPTURED %v", err)
	}
	return b, nil
}

func billingGroupOfReference(c *Call, in value.Tree) (value.Tree, error) {
	id, err := billing.GroupByReference(c.Tx, c.Brand, in.Text("REFERENCE"))
	if err != nil {
		return nil, err
	}
	c.touch(id)
	return onlyID(id), nil
}
