package component

import (
	"encoding/base64"
	"time"

	"rator/billing"
	"rator/billing/document"
	"rator/billing/ledger"
	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/workflow/value"
)

// A page of a list of money, unless PAGE_SIZE says otherwise, and at most.
const (
	usualPage  = 100
	mostOfPage = 200
)

// paging are the parameters of a list that is answered in pages.
var paging = []Param{text("CURSOR"), {Key: "PAGE_SIZE", Type: value.Long}}

func init() {
	register(Component{
		Name: "invoices", Area: billingArea, Reads: true,
		Desc:  "A page of a billing group's invoices, newest first, as a list of INVOICE. CURSOR is the NEXT_CURSOR of the page before; PAGE_SIZE is 100 unless given, and at most 200.",
		In:    append([]Param{mandatory("BILLING_GROUP_ID")}, paging...),
		Out:   []string{"INVOICES", "NEXT_CURSOR"},
		Fails: []*failure.Code{customer.UnknownBillingGroup},
		Run:   invoicesPage,
	})
	register(Component{
		Name: "invoice_detail_lines", Area: billingArea, Reads: true,
		Desc: "A page of detail lines, billed or not, in order of posting, as a list of INVOICE_DETAIL_LINE: those of all that is named, dated from the day START_DATE to the day END_DATE. CURSOR and PAGE_SIZE are as in invoices.",
		In: append([]Param{text("SUBSCRIPTION_ID"), text("BILLING_GROUP_ID"), text("COST_CENTER_ID"), text("INVOICE_ID"),
			{Key: "START_DATE", Type: value.Date}, {Key: "END_DATE", Type: value.Date}}, paging...),
		Out: []string{"INVOICE_DETAIL_LINES", "NEXT_CURSOR"},
		Fails: []*failure.Code{billing.NothingToListBy, ledger.UnknownInvoice, billing.UnknownCostCenter, customer.UnknownBillingGroup, customer.UnknownSubscription,
			customer.WrongAccount, billing.DateOutOfRange},
		Run: invoiceDetailLines,
	})
	register(Component{
		Name: "invoice_pdf", Area: billingArea, Reads: true,
		Desc:  "An invoice as a PDF document, in base64, with the name it has for people. One of more than 50,000 lines or 3 MB is refused.",
		In:    []Param{mandatory("INVOICE_ID")},
		Out:   []string{"INVOICE_NUMBER", "BILLING_GROUP_ID", "DOCUMENT"},
		Fails: []*failure.Code{ledger.UnknownInvoice, document.TooLong},
		Run:   invoicePDF,
	})
}

func invoicesPage(c *Call, in value.Tree) (value.Tree, error) {
	id, err := billingGroupOf(in)
	if err != nil {
		return nil, err
	}
	of := store.Compose("invoices", id.String())
	before, size, err := c.pageOf(in, of)
	if err != nil {
		return nil, err
	}
	page, next, err := billing.InvoicesBefore(c.Tx, c.Brand, id, before, size)
	if err != nil {
		return nil, err
	}
	c.touch(id)
	views, err := invoiceViews(c, page...)
	if err != nil {
		return nil, err
	}
	list := make(value.Tree, 0, len(page))
	for _, view := range views {
		list = append(list, value.Of("INVOICE", view...))
	}
	return value.Tree{value.Of("INVOICES", list...), c.nextCursor(of, []byte(next.String()))}, nil
}

// pageOf reads where a page of a list begins and how long it may be. The positions in
// these lists are ids, which stay right whatever is added.
func (c *Call) pageOf(in value.Tree, list string) (id store.ID, size int, err error) {
	position, err := c.cursorOf(in, list)
	if err != nil {
		return 0, 0, err
	}
	if id, err = billing.ParseListID(string(position)); err == nil {
		size, err = pageSize(in, usualPage, mostOfPage)
	}
	return id, size, err
}

// invoiceViews have amounts as people read an invoice: above 0 is owed. CREDITS is the
// invoice that a credit note is for, CREDITED_BY are the credit notes of an invoice;
// where there are none, there is no such key.
func invoiceViews(c *Call, all ...*ledger.Invoice) ([]value.Tree, error) {
	notes, err := billing.CreditNotesOf(c.Tx, all...)
	if err != nil {
		return nil, err
	}
	views := make([]value.Tree, len(all))
	for n, i := range all {
		views[n] = invoiceView(i, notes[n])
	}
	return views, nil
}

func invoiceView(i *ledger.Invoice, notes []*ledger.Invoice) value.Tree {
	view := append(identified(i.ID, i), value.OfString("STATUS", string(i.Status())),
		value.OfMoney("NET_AMOUNT", i.Net), value.OfMoney("TAX_AMOUNT", i.Tax), value.OfMoney("TOTAL_AMOUNT", i.Total),
		value.OfMoney("PAID_AMOUNT", i.Settled), value.OfMoney("OPEN_AMOUNT", i.Outstanding()))
	if i.Credits != 0 {
		view = append(view, value.OfString("CREDITS", i.Credits.String()))
	}
	for _, note := range notes {
		view = append(view, value.OfString("CREDITED_BY", note.ID.String()))
	}
	return view
}

func invoiceDetailLines(c *Call, in value.Tree) (value.Tree, error) {
	f := billing.LineFilter{CostCenter: in.Text("COST_CENTER_ID")}
	err := idsOf(in, map[string]*store.ID{"SUBSCRIPTION_ID": &f.Subscription, "BILLING_GROUP_ID": &f.Group, "INVOICE_ID": &f.Invoice})
	if err != nil {
		return nil, err
	}
	if f.Days, err = daysOf(c, in); err != nil {
		return nil, err
	}
	of := store.Compose("invoice_detail_lines", f.CostCenter, f.Subscription.String(), f.Group.String(), f.Invoice.String())
	after, size, err := c.pageOf(in, of)
	if err != nil {
		return nil, err
	}
	lines, next, err := billing.DetailLines(c.Tx, c.Brand, f, after, size)
	if err != nil {
		return nil, err
	}
	for _, id := range []store.ID{f.Invoice, f.Group, f.Subscription} {
		c.touch(id)
	}
	numbers := invoiceNumbers{}
	list := make(value.Tree, 0, len(lines))
	for _, p := range lines {
		line, err := numbers.posting(c, p)
		if err != nil {
			return nil, err
		}
		line = append(line, value.OfMoney("AMOUNT", p.Amount.Neg()), value.OfMoney("TAX_RATE", p.Rate))
		list = append(list, value.Of("INVOICE_DETAIL_LINE", line...))
	}
	return value.Tree{value.Of("INVOICE_DETAIL_LINES", list...), c.nextCursor(of, []byte(next.String()))}, nil
}

// daysOf reads START_DATE and END_DATE: the calendar days that they mean.
func daysOf(c *Call, in value.Tree) (billing.Days, error) {
	d := billing.Days{Zone: c.Brand.Zone()}
	for key, place := range map[string]*time.Time{"START_DATE": &d.First, "END_DATE": &d.Last} {
		t, err := c.dateOf(in, key)
		if err != nil {
			return d, err
		}
		if !t.IsZero() {
			*place = time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
		}
	}
	return d, nil
}

// invoiceNumbers are the numbers of the invoices that a page names.
type invoiceNumbers map[store.ID]string

// posting is a posting's view with the number of the invoice that bills it, but
// without its amount.
func (n invoiceNumbers) posting(c *Call, p *ledger.Posting) (value.Tree, error) {
	if _, known := n[p.Invoice]; !known && p.Invoice != 0 {
		i, err := ledger.InvoiceByID(c.Tx, c.Brand, p.Invoice)
		if err != nil {
			return nil, err
		}
		n[p.Invoice] = i.Number
	}
	return append(identified(p.ID, p), value.OfString("INVOICE_NUMBER", n[p.Invoice])), nil
}

func invoicePDF(c *Call, in value.Tree) (value.Tree, error) {
	id, err := idOf(in, "INVOICE_ID")
	if err != nil {
		return nil, err
	}
	i, err := ledger.InvoiceByID(c.Tx, c.Brand, id)
	if err != nil {
		return nil, err
	}
	document, missing, err := document.PDF(c.Tx, i, c.Fonts)
	if err != nil {
		return nil, err
	}
	if len(missing) > 0 && c.Unprinted != nil {
		c.Unprinted(i.Number, missing)
	}
	c.touch(i.ID)
	return value.Tree{value.OfString("INVOICE_NUMBER", i.Number), value.OfString("BILLING_GROUP_ID", i.Group.String()),
		value.OfString("DOCUMENT", base64.StdEncoding.EncodeToString(document))}, nil
}
