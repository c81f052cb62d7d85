package billing

import (
	"bytes"
	"fmt"

	"github.com/shopspring/decimal"

	"rator/store"
)

// maxDocumentLines is how many detail lines a document shows: the whole must fit
// into one text of a workflow, in base64. What is left out is said on it, with
// its sum; SOAP_GET_INVOICE_DETAIL_LINES has all.
const maxDocumentLines = 400

// document is what stands on an invoice's pages.
type document struct {
	*Invoice
	lines []*Posting
	left  int             // lines that are not shown
	rest  decimal.Decimal // and their sum
	taxes []*Posting
}

// Document is an invoice as a PDF, A4, in English. The same invoice gives the
// same bytes at any time: all that could change is kept with it.
func Document(tx store.Tx, i *Invoice) ([]byte, error) {
	d := &document{Invoice: i}
	for p, err := range postings.All(tx, byInvoice, i.ID.String()) {
		switch {
		case err != nil:
			return nil, err
		case p.Kind == Tax:
			d.taxes = append(d.taxes, p)
		case len(d.lines) < maxDocumentLines:
			d.lines = append(d.lines, p)
		default:
			d.left, d.rest = d.left+1, d.rest.Sub(p.Amount)
		}
	}
	paper := d.write(1)
	if n := paper.pdf.PageCount(); n > 1 {
		paper = d.write(n)
	}
	var b bytes.Buffer
	err := paper.pdf.Output(&b)
	return b.Bytes(), err
}

// write fills paper of a known number of pages.
func (d *document) write(pages int) *paper {
	p := newPaper(d.Invoice, d.title(), pages)
	p.head(d.Receiver, d.facts())
	p.highlight("To be paid, "+d.Currency, p.money(d.toPay()), d.advice())
	p.tableHead()
	for _, l := range d.lines {
		span := ""
		if !l.From.IsZero() {
			span = day(l.From) + " – " + day(l.Until.AddDate(0, 0, -1))
		}
		p.row(day(l.day()), l.Text, span, p.money(l.Amount.Neg()))
	}
	if d.left > 0 {
		p.row("", fmt.Sprintf("%d more lines", d.left), "", p.money(d.rest))
	}
	p.sums(d.sums(p))
	return p
}

func (d *document) title() string {
	if d.Total.IsNegative() {
		return "Credit note"
	}
	return "Invoice"
}

func (d *document) facts() [][2]string {
	return [][2]string{
		{d.title() + " number", d.Number}, {"Date", day(d.Date)}, {"Due date", day(d.DueDate)},
		{"Period", day(d.From) + " – " + day(d.Until.AddDate(0, 0, -1))}, {"Customer number", d.CustomerNumber}, {"Billing group", d.GroupName},
	}
}

// toPay is the total with what was owed, or paid too much, before.
func (d *document) toPay() decimal.Decimal {
	return decimal.Max(d.Total.Sub(d.Carried), decimal.Zero)
}

func (d *document) advice() string {
	switch {
	case d.toPay().IsPositive():
		return fmt.Sprintf("by %s. Please name %s with your payment.", day(d.DueDate), d.Number)
	case d.Total.IsNegative():
		return "The amount is credited to your account."
	}
	return "Nothing is to be paid."
}

// sum is a line under the table.
type sum struct {
	what   string
	amount string
	strong bool // and a rule above
}

func (d *document) sums(p *paper) []sum {
	all := []sum{{"Net", p.money(d.Net), false}}
	for _, t := range d.taxes {
		all = append(all, sum{fmt.Sprintf("%s, %s %%", plain(t.Text), t.Rate), p.money(t.Amount.Neg()), false})
	}
	all = append(all, sum{"Total", p.money(d.Total), true})
	switch {
	case d.Carried.IsNegative():
		all = append(all, sum{"Owed from before", p.money(d.Carried.Neg()), false})
	case d.Carried.IsPositive():
		all = append(all, sum{"Paid in advance", p.money(d.Carried.Neg()), false})
	}
	return append(all, sum{"To be paid, " + d.Currency, p.money(d.toPay()), true})
}
