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
		Name: "credit_invoice", Area: billingArea,
		Desc: "Take an issued invoice back by a credit note. LINES is a list of ID of its lines, absent for all that are not credited yet; BILL_AGAIN posts what is credited again, for the next invoice. ID and the amounts are the credit note's, INVOICE_ID and OPEN_AMOUNT the invoice's.",
		In:   []Param{text("INVOICE_ID"), text("INVOICE_NUMBER"), below("LINES"), mandatory("REASON"), {Key: "BILL_AGAIN", Type: value.Boolean}},
		Out:  []string{"ID", "INVOICE_NUMBER", "INVOICE_ID", "BILLING_GROUP_ID", "NET_AMOUNT", "TAX_AMOUNT", "TOTAL_AMOUNT", "OPEN_AMOUNT", "BALANCE"},
		Fails: []*failure.Code{ledger.UnknownInvoice, billing.CreditOfCreditNote, billing.LineOfAnotherInvoice, billing.CreditOfTaxLine, billing.AlreadyCredited,
			billing.NothingToCredit, billing.InvoiceWrittenOff, ledger.InvoiceNumberTaken, customer.WrongState},
		Run: creditInvoice,
	})
}

func creditInvoice(c *Call, in value.Tree) (value.Tree, error) {
	n := billing.NewCredit{Number: in.Text("INVOICE_NUMBER"), Reason: in.Text("REASON")}
	var err error
	if n.Invoice, err = idOf(in, "INVOICE_ID"); err != nil {
		return nil, err
	}
	if n.BillAgain, err = value.ParseBoolean(in.Text("BILL_AGAIN")); err != nil {
		return nil, failure.InvalidRequest.With("BILL_AGAIN %v", err)
	}
	for e := range in.Items("LINES").All("ID") {
		id, err := store.ParseID(e.Text)
		if err != nil {
			return nil, failure.InvalidRequest.With("LINES: %v", err)
		}
		n.Lines = append(n.Lines, id)
	}
	note, err := billing.CreditInvoice(c.Tx, c.Brand, n)
	if err != nil {
		return nil, err
	}
	credited, err := ledger.InvoiceByID(c.Tx, c.Brand, note.Credits)
	if err != nil {
		return nil, err
	}
	g, err := customer.BillingGroupByID(c.Tx, c.Brand, note.Group)
	if err != nil {
		return nil, err
	}
	for _, id := range []store.ID{note.ID, credited.ID, g.ID} {
		c.touch(id)
	}
	return append(onlyID(note.ID), value.OfString("INVOICE_NUMBER", note.Number), value.OfString("INVOICE_ID", credited.ID.String()),
		value.OfString("BILLING_GROUP_ID", g.ID.String()), value.OfMoney("NET_AMOUNT", note.Net), value.OfMoney("TAX_AMOUNT", note.Tax),
		value.OfMoney("TOTAL_AMOUNT", note.Total), value.OfMoney("OPEN_AMOUNT", credited.Outstanding()), value.OfMoney("BALANCE", g.Balance.Amount)), nil
}
