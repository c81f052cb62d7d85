package billing

import (
	"fmt"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"github.com/shopspring/decimal"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"rator/catalogue"
)

// paper is A4 pages while they are written: the letterhead, a table that goes on
// over pages, sums. What stands there is document's.
type paper struct {
	pdf      *fpdf.Fpdf
	currency string
}

// The page, in millimetres.
const (
	margin   = 20.0
	width    = 170.0
	bottom   = 297.0 - 24 // of what is above the footer
	leading  = 5.0
	rowH     = 6.0
	factW    = 32.0
	factsX   = margin + 88
	dateW    = 24.0
	periodW  = 46.0
	moneyW   = 30.0
	textW    = width - dateW - periodW - moneyW
	fontName = "go"
)

// shade is a colour: red, green and blue.
type shade [3]int

var (
	ink    = shade{33, 37, 41}
	faint  = shade{110, 117, 125}
	ground = shade{241, 244, 247}
	hair   = shade{214, 219, 224}
	accent = shade{31, 78, 121}
)

func newPaper(i *Invoice, title string, pages int) *paper {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(i.Date)
	pdf.SetModificationDate(i.Date)
	pdf.SetProducer("rator", true)
	pdf.SetTitle(title+" "+i.Number, true)
	pdf.SetAuthor(i.BrandName, true)
	pdf.SetLang("en")
	pdf.AddUTF8FontFromBytes(fontName, "", goregular.TTF)
	pdf.AddUTF8FontFromBytes(fontName, "B", gobold.TTF)
	pdf.SetMargins(margin, margin, margin)
	pdf.SetAutoPageBreak(false, 0)
	p := &paper{pdf, i.Currency}
	pdf.SetFooterFunc(func() {
		p.rule(297-19, hair)
		pdf.SetY(297 - 17)
		p.font("", 8, faint)
		pdf.CellFormat(width/2, leading, p.fit(i.BrandName, width/2), "", 0, "", false, 0, "")
		pdf.CellFormat(width/2, leading, fmt.Sprintf("%s %s · page %d of %d", title, i.Number, pdf.PageNo(), pages), "", 0, "R", false, 0, "")
	})
	pdf.AddPage()
	p.font("B", 18, accent)
	pdf.CellFormat(110, 10, p.fit(i.BrandName, 110), "", 0, "", false, 0, "")
	p.font("", 18, faint)
	pdf.CellFormat(60, 10, title, "", 1, "R", false, 0, "")
	p.rule(pdf.GetY()+2, accent)
	return p
}

func (p *paper) font(style string, size float64, c shade) {
	p.pdf.SetFont(fontName, style, size)
	p.pdf.SetTextColor(c[0], c[1], c[2])
}

// rule draws a line over the width of the text.
func (p *paper) rule(y float64, c shade) {
	p.pdf.SetDrawColor(c[0], c[1], c[2])
	p.pdf.Line(margin, y, margin+width, y)
}

// head writes who gets it, and beside that what it is.
func (p *paper) head(receiver []string, facts [][2]string) {
	top := p.pdf.GetY() + 14
	p.pdf.SetY(top)
	p.font("", 10.5, ink)
	for _, l := range receiver {
		p.pdf.CellFormat(80, leading, p.fit(l, 80), "", 1, "", false, 0, "")
	}
	below := p.pdf.GetY()
	p.pdf.SetY(top)
	for _, f := range facts {
		p.pdf.SetX(factsX)
		p.font("", 9, faint)
		p.pdf.CellFormat(factW, leading, f[0], "", 0, "", false, 0, "")
		p.font("", 9, ink)
		p.pdf.CellFormat(0, leading, p.fit(f[1], margin+width-factsX-factW), "", 1, "", false, 0, "")
	}
	p.pdf.SetY(max(below, p.pdf.GetY()) + 8)
}

// highlight writes what people look for first, in a box.
func (p *paper) highlight(what, amount, advice string) {
	p.pdf.SetFillColor(ground[0], ground[1], ground[2])
	y := p.pdf.GetY()
	p.pdf.Rect(margin, y, width, 14, "F")
	p.pdf.SetXY(margin+4, y+2)
	p.font("", 9, faint)
	p.pdf.CellFormat(50, leading, what, "", 2, "", false, 0, "")
	p.font("B", 12, ink)
	p.pdf.CellFormat(50, leading, amount, "", 0, "", false, 0, "")
	p.font("", 9, ink)
	p.pdf.SetXY(margin+50, y)
	p.pdf.CellFormat(width-54, 14, advice, "", 0, "R", false, 0, "")
	p.pdf.SetY(y + 14 + 8)
}

func (p *paper) tableHead() {
	p.font("B", 9, accent)
	p.cells("Date", "Description", "Period", "Amount")
	p.rule(p.pdf.GetY(), accent)
	p.font("", 9, ink)
}

// row writes a line of the table, on the next page when there is no room.
func (p *paper) row(date, text, span, amount string) {
	if p.room(rowH) {
		p.tableHead()
	}
	p.cells(date, p.fit(text, textW), span, amount)
	p.rule(p.pdf.GetY(), hair)
}

func (p *paper) cells(date, text, span, amount string) {
	p.pdf.CellFormat(dateW, rowH, date, "", 0, "", false, 0, "")
	p.pdf.CellFormat(textW, rowH, text, "", 0, "", false, 0, "")
	p.pdf.CellFormat(periodW, rowH, span, "", 0, "", false, 0, "")
	p.pdf.CellFormat(moneyW, rowH, amount, "", 1, "R", false, 0, "")
}

// room begins a new page, and says so, when less than a height is left.
func (p *paper) room(height float64) bool {
	if p.pdf.GetY()+height <= bottom {
		return false
	}
	p.pdf.AddPage()
	return true
}

// sums writes the lines under the table, all on one page.
func (p *paper) sums(all []sum) {
	p.room(min(float64(len(all)+1)*rowH, bottom-margin))
	p.pdf.Ln(3)
	for _, s := range all {
		p.room(rowH)
		p.font("", 9, ink)
		if s.strong {
			p.font("B", 10, ink)
			y := p.pdf.GetY()
			p.pdf.SetDrawColor(faint[0], faint[1], faint[2])
			p.pdf.Line(margin+dateW+textW, y, margin+width, y)
		}
		p.pdf.CellFormat(width-moneyW-4, rowH, p.fit(s.what, width-moneyW), "", 0, "R", false, 0, "")
		p.pdf.CellFormat(moneyW+4, rowH, s.amount, "", 1, "R", false, 0, "")
	}
}

// money writes an amount with all its decimals, thousands apart.
func (p *paper) money(amount decimal.Decimal) string {
	text := amount.Abs().StringFixed(catalogue.MinorUnits(p.currency))
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

// fit makes a text plain and cuts it to a width in the font of the moment.
func (p *paper) fit(text string, width float64) string {
	text = plain(text)
	for runes := []rune(text); p.pdf.GetStringWidth(text) > width-2 && len(runes) > 0; text = string(runes) + "…" {
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
