package document

import (
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/typeface"
)

// paper is A4 pages while they are laid out: how high what stands on them is, and
// what goes on to the next. Texts break into lines and are never cut. What stands
// there is document's, how it becomes a PDF pdf.go's.
type paper struct {
	*typeface.Sheet
	pages    []page
	y        float64 // where the next thing goes
	bottom   float64 // of what is above the footer
	foot     []typeface.Line
	currency string
	moneyW   float64 // of the column of amounts
	held     *row    // the last row of the table so far, which the sums go with
}

// page is what is drawn on one, in order.
type page []func(*fpdf.Fpdf)

// The page, in millimetres.
const (
	height   = 297.0
	margin   = 20.0
	width    = 170.0
	leading  = 5.0
	rowH     = 6.0
	lineH    = 4.2 // of the second line of a row, and more
	factW    = 32.0
	factsX   = margin + 88
	dateW    = 24.0
	periodW  = 46.0
	moneyMin = 30.0
	gap      = 2.0 // between two columns
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

// newPaper has the letterhead on its first page.
func newPaper(fonts *typeface.Fonts, i *ledger.Invoice, title string) *paper {
	p := &paper{Sheet: fonts.Sheet(), currency: i.Currency, moneyW: moneyMin}
	p.foot = p.footer().wrap(i.BrandName, width/2)
	p.bottom = height - 24 - float64(len(p.foot)-1)*lineH
	p.newPage()
	named := p.hand("B", 18, accent)
	top := p.y
	for _, l := range named.wrap(i.BrandName, 110) {
		p.put(named, l, margin, 10, 0)
		p.y += 10
	}
	below := p.y
	p.y = top
	titled := p.hand("", 18, faint)
	for _, l := range titled.wrap(title, width-110) {
		p.put(titled, l, margin, 10, width)
		p.y += 10
	}
	p.y = max(below, p.y)
	p.rule(p.y+2, margin, accent)
	return p
}

func (p *paper) newPage() {
	p.pages, p.y = append(p.pages, nil), margin
}

// draw adds something to the page.
func (p *paper) draw(f func(*fpdf.Fpdf)) {
	last := &p.pages[len(p.pages)-1]
	*last = append(*last, f)
}

// head writes who gets it, and beside that what it is.
func (p *paper) head(receiver []string, facts [][2]string) {
	p.y += 14
	top, name := p.y, p.hand("", 10.5, ink)
	for _, text := range receiver {
		p.lines(name, text, margin, 80, leading)
	}
	below := p.y
	p.y = top
	what, fact := p.hand("", 9, faint), p.hand("", 9, ink)
	for _, f := range facts {
		y := p.y
		p.lines(what, f[0], factsX, factW-gap, leading)
		next := p.y
		p.y = y
		p.lines(fact, f[1], factsX+factW, margin+width-factsX-factW, leading)
		p.y = max(p.y, next)
	}
	p.y = max(below, p.y) + 8
}

// lines writes a text under each other, on the next page when there is no room.
func (p *paper) lines(h hand, text string, x, w, leading float64) {
	for _, l := range h.wrap(text, w) {
		p.room(leading)
		p.put(h, l, x, leading, 0)
		p.y += leading
	}
}

// highlight writes what people look for first, in a box.
func (p *paper) highlight(what, amount, advice string) {
	label, strong, beside := p.hand("", 9, faint), p.hand("B", 12, ink), p.hand("", 9, ink)
	sum := strong.wrap(amount, 1000)[0]
	left := max(50, sum.Width+8)
	said := beside.wrap(advice, width-left-8)
	high := max(14, float64(len(said))*lineH+6)
	p.room(high)
	y := p.y
	p.draw(func(pdf *fpdf.Fpdf) {
		pdf.SetFillColor(ground[0], ground[1], ground[2])
		pdf.Rect(margin, y, width, high, "F")
	})
	p.y += 2
	for _, l := range label.wrap(what, left) {
		p.put(label, l, margin+4, leading, 0)
		p.y += leading
	}
	p.put(strong, sum, margin+4, leading, 0)
	p.y = y + (high-float64(len(said))*lineH)/2
	for _, l := range said {
		p.put(beside, l, margin, lineH, width-4)
		p.y += lineH
	}
	p.y = y + high + 8
}

// room begins a new page, and says so, when less than a height is left.
func (p *paper) room(high float64) bool {
	if p.y+high <= p.bottom {
		return false
	}
	p.newPage()
	return true
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
