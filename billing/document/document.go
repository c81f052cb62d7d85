// Package document prints an invoice or a credit note as a PDF: what stands on its pages,
// how a page is laid out, how the file is written. What is on the invoice is the ledger's.
package document

import (
	"fmt"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/failure"
	"rator/store"
	"rator/typeface"
)

// document is what stands on an invoice's pages.
type document struct {
	*ledger.Invoice
	lines []*ledger.Posting
	taxes []*ledger.Posting
	of    *ledger.Invoice // that a credit note is for, or nil
}

// The longest document: in base64 it must fit into what a workflow may use, 4 MiB,
// and be made within the time of a call. Of postings with short texts, 50,000 make
// 2 MB.
const (
	maxDocumentLines = 50_000
	maxDocumentBytes = 3_000_000
)

// TooLong is what Document fails with for an invoice that no answer carries.
// No document is ever cut.
var TooLong = failure.Declare(449, "DOCUMENT_TOO_LONG", failure.Conflict, failure.Text{
	"EN": "the invoice is too long for one document", "DK": "fakturaen er for lang til ét dokument", "SE": "fakturan är för lång för ett dokument",
	"NO": "fakturaen er for lang for ett dokument", "FR": "la facture est trop longue pour un seul document", "DE": "die Rechnung ist zu lang für ein Dokument"})

// PDF is an invoice as a PDF, A4, in English: every line, on as many pages as
// they need. The same invoice with the same fonts gives the same bytes at any time:
// all that could change is kept with it. missing are the letters that no font has,
// in order, which are drawn as their codes; nil fonts are those of the binary. It
// fails with TooLong.
func PDF(tx store.Tx, i *ledger.Invoice, fonts *typeface.Fonts) (pdf []byte, missing []rune, err error) {
	return within(tx, i, fonts, maxDocumentLines, maxDocumentBytes)
}

func within(tx store.Tx, i *ledger.Invoice, fonts *typeface.Fonts, mostLines, mostBytes int) (pdf []byte, missing []rune, err error) {
	const mend = "SOAP_GET_INVOICE_DETAIL_LINES has them all, in pages"
	d := &document{Invoice: i}
	if i.Credits != 0 {
		if d.of, err = ledger.Invoices.Get(tx, i.Credits); err != nil {
			return nil, nil, err
		}
	}
	for p, err := range ledger.Postings.All(tx, ledger.ByInvoice, i.ID.String()) {
		switch {
		case err != nil:
			return nil, nil, err
		case p.Kind == ledger.Tax:
			d.taxes = append(d.taxes, p)
		case len(d.lines) == mostLines:
			return nil, nil, TooLong.With("invoice %s has more than %d lines; %s", i.Number, mostLines, mend)
		default:
			d.lines = append(d.lines, p)
		}
	}
	if fonts == nil {
		fonts = typeface.BuiltIn()
	}
	paper := d.write(fonts)
	pdf, err = paper.pdf(i, d.title())
	if err == nil && len(pdf) > mostBytes {
		return nil, nil, TooLong.With("the document of invoice %s has %d bytes, more than %d, for its %d lines; %s", i.Number, len(pdf), mostBytes, len(d.lines), mend)
	}
	return pdf, paper.Missing(), err
}

// write fills paper.
func (d *document) write(fonts *typeface.Fonts) *paper {
	p := newPaper(fonts, d.Invoice, d.title())
	p.head(d.Receiver, d.facts())
	p.highlight("To be paid, "+d.Currency, p.money(d.toPay()), d.advice())
	amounts := make([]string, len(d.lines))
	for n, l := range d.lines {
		amounts[n] = p.money(l.Amount.Neg())
		p.widen(amounts[n])
	}
	p.tableHead()
	for n, l := range d.lines {
		span := ""
		if !l.From.IsZero() {
			span = period.Format(l.From) + " – " + period.Format(l.Until.AddDate(0, 0, -1))
		}
		p.row(period.Format(l.EffectiveDay()), l.Text, span, amounts[n])
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
	facts := [][2]string{
		{d.title() + " number", d.Number}, {"Date", period.Format(d.Date)}, {"Due date", period.Format(d.DueDate)},
		{"Period", period.Format(d.From) + " – " + period.Format(d.Until.AddDate(0, 0, -1))}, {"Customer number", d.CustomerNumber}, {"Billing group", d.GroupName},
	}
	if d.of == nil {
		return facts
	}
	facts[2] = [2]string{"For invoice", d.of.Number + " of " + period.Format(d.of.Date)} // it is credited at once
	if d.Reason != "" {
		facts = append(facts, [2]string{"Reason", d.Reason})
	}
	return facts
}

// toPay is the total with what was owed, or paid too much, before.
func (d *document) toPay() decimal.Decimal {
	return decimal.Max(d.Total.Sub(d.Carried), decimal.Zero)
}

func (d *document) advice() string {
	switch {
	case d.toPay().IsPositive():
		return fmt.Sprintf("by %s. Please name %s with your payment.", period.Format(d.DueDate), d.Number)
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
		all = append(all, sum{fmt.Sprintf("%s, %s %%", t.Text, t.Rate), p.money(t.Amount.Neg()), false})
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
