package component

import (
	"rator/billing"
	"rator/billing/ledger"
	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/workflow/value"
)

func init() {
	register(Component{
		Name: "write_off", Area: billingArea,
		Desc:  "Give up a debt that nobody will pay: open invoices, the oldest first, or the one that INVOICE_ID names. Without AMOUNT all that is owed. No tax comes on top; TAX_AMOUNT is the tax in it where the brand says write_off_taxed, else 0.",
		In:    []Param{mandatory("BILLING_GROUP_ID"), text("INVOICE_ID"), text("AMOUNT"), text("REASON")},
		Out:   []string{"ID", "AMOUNT", "TAX_AMOUNT", "BALANCE"},
		Fails: []*failure.Code{customer.UnknownBillingGroup, ledger.UnknownInvoice, ledger.InvalidAmount, billing.AmountBeyondLimit, billing.WriteOffBeyondDebt},
		Run:   writeOff,
	})
	register(Component{
		Name: "transfer_balance", Area: billingArea,
		Desc: "Move money that lies unused in one billing group to another of the same account and currency, where it pays open invoices. ID is the posting that it left by, TO_ID the one that it came in by.",
		In:   []Param{mandatory("BILLING_GROUP_ID"), mandatory("TO_BILLING_GROUP_ID"), amount("AMOUNT"), text("REASON")},
		Out:  []string{"ID", "TO_ID", "AMOUNT", "BALANCE", "TO_BALANCE"},
		Fails: []*failure.Code{customer.UnknownBillingGroup, billing.TransferToItself, billing.TransferAcrossCustomers, billing.TransferAcrossCurrencies,
			ledger.InvalidAmount, billing.AmountBeyondLimit, billing.TransferBeyondBalance},
		Run: transferBalance,
	})
}

func writeOff(c *Call, in value.Tree) (value.Tree, error) {
	n := billing.NewWriteOff{Reason: in.Text("REASON")}
	err := idsOf(in, map[string]*store.ID{"BILLING_GROUP_ID": &n.Group, "INVOICE_ID": &n.Invoice})
	if err == nil {
		n.Amount, err = moneyOf(in, "AMOUNT")
	}
	if err != nil {
		return nil, err
	}
	w, err := billing.WriteOffDebt(c.Tx, c.Brand, n)
	if err != nil {
		return nil, err
	}
	g, err := customer.BillingGroupByID(c.Tx, c.Brand, n.Group)
	if err != nil {
		return nil, err
	}
	c.touch(g.ID)
	c.touch(n.Invoice)
	return append(onlyID(w.Postings[0].ID), value.OfMoney("AMOUNT", w.Amount), value.OfMoney("TAX_AMOUNT", w.Tax), value.OfMoney("BALANCE", g.Balance.Amount)), nil
}

func transferBalance(c *Call, in value.Tree) (value.Tree, error) {
	n := billing.NewTransfer{Reason: in.Text("REASON")}
	if err := idsOf(in, map[string]*store.ID{"BILLING_GROUP_ID": &n.From, "TO_BILLING_GROUP_ID": &n.To}); err != nil {
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
	x, err := billing.TransferBalance(c.Tx, c.Brand, n)
	if err != nil {
		return nil, err
	}
	answer := append(onlyID(x.Out.ID), value.OfString("TO_ID", x.In.ID.String()), value.OfMoney("AMOUNT", x.In.Amount))
	for key, id := range map[string]store.ID{"BALANCE": n.From, "TO_BALANCE": n.To} {
		g, err := customer.BillingGroupByID(c.Tx, c.Brand, id)
		if err != nil {
			return nil, err
		}
		c.touch(g.ID)
		answer = append(answer, value.OfMoney(key, g.Balance.Amount))
	}
	return answer, nil
}
