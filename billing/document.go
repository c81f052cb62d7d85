package billing

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/shopspring/decimal"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"rator/catalogue"
	"rator/store"
)

// maxDocumentLines is how many detail lines a document shows: the whole must fit
// into one text of a workflow, in base64. What is left out is said on it, with
// its sum; SOAP_GET_INVOICE_DETAIL_LINES has all.
const maxDocumentLines = 400

// Document is an invoice as a PDF, A4. The same invoice gives the same bytes at
// any time: all that could change is kept with it.
func Document(tx store.Tx, i *Invoice) ([]byte, error) {
	var shown []*Posting
	left, rest := 0, decimal.Zero
	for p, err := range postings.All(tx, byInvoice, i.ID.String()) {
		if err != nil {
			return nil, err
		}
		switch {
		case p.Kind == Tax:
		case len(shown) < maxDocumentLines:
			shown = append(shown, p)
			continue
		default:
			left, rest = left+1, rest.Sub(p.Amount)
		}
	}
	taxes, err := taxLines(tx, i)
	if err != nil {
		return nil, err
	}
	d := newPaper(i)
	d.head()
	d.table(shown)
	if left > 0 {
		d.row("", fmt.Sprintf("%d more lines", left), "", d.money(rest), "")
	}
	d.sums(taxes)
	var b bytes.Buffer
	err = d.pdf.Output(&b)
	return b.Bytes(), err
}

// taxLines gives the taxes of an invoice.
func taxLines(tx store.Tx, i *Invoice) ([]*Posting, error) {
	var taxes []*Posting
	for p, err := range postings.All(tx, byInvoice, i.ID.String()) {
		if err != nil {
			return nil, err
		}
		if p.Kind == Tax {
			taxes = append(taxes, p)
		}
	}
	return taxes, nil
}

// paper is a document while it is written.
type paper struct {
	pdf *fpdf.Fpdf
	i   *Invoice
}

// The page, in millimetres.
const (
	margin   = 20.0
	width    = 170.0
	leading  = 5.0
	dateW    = 24.0
	periodW  = 44.0
	moneyW   = 30.0
	textW    = width - dateW - periodW - moneyW
	fontName = "go"
)

func newPaper(i *Invoice) *paper {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(i.Date)
	pdf.SetModificationDate(i.Date)
	pdf.SetProducer("rator", true)
	pdf.SetTitle(i.title(), true)
	pdf.SetAuthor(i.BrandName, true)
	pdf.AddUTF8FontFromBytes(fontName, "", goregular.TTF)
	pdf.AddUTF8FontFromBytes(fontName, "B", gobold.TTF)
	pdf.SetMargins(margin, margin, margin)
	pdf.SetAutoPageBreak(true, margin)
	d := &paper{pdf, i}
	pdf.SetFooterFunc(func() {
		pdf.SetY(-15)
		d.font("", 8)
		pdf.CellFormat(0, leading, fmt.Sprintf("%s · %s · page %d", i.BrandName, i.Number, pdf.PageNo()), "", 0, "C", false, 0, "")
	})
	pdf.AddPage()
	return d
}

func (i *Invoice) title() string {
	if i.Total.IsNegative() {
		return "Credit note " + i.Number
	}
	return "Invoice " + i.Number
}

func (d *paper) font(style string, size float64) { d.pdf.SetFont(fontName, style, size) }

// head writes brand, receiver, and what the invoice is.
func (d *paper) head() {
	d.font("B", 16)
	d.pdf.CellFormat(0, 9, plain(d.i.BrandName), "", 1, "", false, 0, "")
	d.pdf.Ln(8)
	top := d.pdf.GetY()
	d.font("", 10)
	for _, line := range d.i.Receiver {
		d.pdf.CellFormat(90, leading, d.fit(plain(line), 90), "", 1, "", false, 0, "")
	}
	bottom := d.pdf.GetY()
	d.pdf.SetY(top)
	last := d.i.Until.AddDate(0, 0, -1)
	for _, fact := range [][2]string{
		{"Customer number", d.i.CustomerNumber}, {"Billing group", d.i.GroupName}, {"Date", day(d.i.Date)},
		{"Period", day(d.i.From) + " to " + day(last)}, {"Due date", day(d.i.DueDate)}, {"Currency", d.i.Currency},
	} {
		d.pdf.SetX(margin + 95)
		d.pdf.CellFormat(32, leading, fact[0], "", 0, "", false, 0, "")
		d.pdf.CellFormat(0, leading, d.fit(plain(fact[1]), 43), "", 1, "", false, 0, "")
	}
	d.pdf.SetY(max(bottom, d.pdf.GetY()) + 10)
	d.font("B", 14)
	d.pdf.CellFormat(0, 8, d.i.title(), "", 1, "", false, 0, "")
	d.pdf.Ln(3)
}

func (d *paper) table(lines []*Posting) {
	d.font("B", 9)
	d.row("Date", "Description", "Period", "Amount", "B")
	d.font("", 9)
	for _, p := range lines {
		span := ""
		if !p.From.IsZero() {
			span = day(p.From) + " – " + day(p.Until.AddDate(0, 0, -1))
		}
		d.row(day(p.Date), plain(p.Text), span, d.money(p.Amount.Neg()), "")
	}
}

func (d *paper) row(date, text, span, amount, border string) {
	d.pdf.CellFormat(dateW, leading, date, border, 0, "", false, 0, "")
	d.pdf.CellFormat(textW, leading, d.fit(text, textW), border, 0, "", false, 0, "")
	d.pdf.CellFormat(periodW, leading, span, border, 0, "", false, 0, "")
	d.pdf.CellFormat(moneyW, leading, amount, border, 1, "R", false, 0, "")
}

// sums writes net, taxes, total, and what is to be paid with what was owed before.
func (d *paper) sums(taxes []*Posting) {
	d.row("", "", "", "", "T")
	sum := func(style, what string, amount decimal.Decimal) {
		d.font(style, 9)
		d.pdf.CellFormat(width-moneyW, leading, what, "", 0, "R", false, 0, "")
		d.pdf.CellFormat(moneyW, leading, d.money(amount), "", 1, "R", false, 0, "")
	}
	sum("", "Net", d.i.Net)
	for _, t := range taxes {
		sum("", fmt.Sprintf("%s %s %%", plain(t.Text), t.Rate), t.Amount.Neg())
	}
	sum("B", "Total", d.i.Total)
	if before := d.i.Carried.Neg(); !before.IsZero() {
		sum("", "Brought forward", before)
		sum("B", "To be paid, "+d.i.Currency, decimal.Max(d.i.Total.Add(before), decimal.Zero))
	}
	d.pdf.Ln(6)
	d.font("", 9)
	d.pdf.MultiCell(0, leading, fmt.Sprintf("Please name %s with your payment by %s.", d.i.Number, d.i.DueDate.Format(time.DateOnly)), "", "", false)
}

// money writes an amount with all its decimals, thousands apart.
func (d *paper) money(amount decimal.Decimal) string {
	text := amount.Abs().StringFixed(catalogue.MinorUnits(d.i.Currency))
	whole, cents, _ := strings.Cut(text, ".")
	for n := len(whole) - 3; n > 0; n -= 3 {
		whole = whole[:n] + " " + whole[n:]
	}
	if cents != "" {
		whole += "." + cents
	}
	if amount.IsNegative() {
		whole = "-" + whole
	}
	return whole
}

// fit cuts a text to a width in the font of the moment.
func (d *paper) fit(text string, width float64) string {
	for runes := []rune(text); d.pdf.GetStringWidth(text) > width-2 && len(runes) > 0; text = string(runes) + "…" {
		runes = runes[:len(runes)-1]
	}
	return text
}

// plain is a text on one line, without what no font has.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > 0xFFFF {
			return ' '
		}
		return r
	}, s)
}
