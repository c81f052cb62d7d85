package document

import (
	"bytes"
	"fmt"
	"strings"

	"codeberg.org/go-pdf/fpdf"

	"rator/billing/ledger"
	"rator/typeface"
)

// hand is how a text is written: style, size in points, colour.
type hand struct {
	*typeface.Style
	style string // fpdf's name of it
	size  float64
	shade
}

// point is a point in millimetres.
const point = 25.4 / 72

func (p *paper) hand(style string, size float64, c shade) hand {
	if style == "B" {
		return hand{p.Bold, style, size, c}
	}
	return hand{p.Regular, style, size, c}
}

func (h hand) wrap(text string, width float64) []typeface.Line {
	return h.Wrap(text, h.size*point, width)
}

func (h hand) measure(text string) float64 { return h.Measure(text, h.size*point) }

// put draws a line of text in the middle of a height, from x, or up to rightTo from the
// left margin unless that is 0.
func (p *paper) put(h hand, l typeface.Line, x, high, rightTo float64) {
	if l.Codes == "" {
		return
	}
	if rightTo > 0 {
		x = margin + rightTo - l.Width
	}
	y := p.y + high/2 + 0.3*h.size*point
	p.draw(func(pdf *fpdf.Fpdf) { h.text(pdf, x, y, l) })
}

// fontName is the document's font, of both styles.
const fontName = "rator"

func (h hand) text(pdf *fpdf.Fpdf, x, y float64, l typeface.Line) {
	pdf.SetFont(fontName, h.style, h.size)
	pdf.SetTextColor(h.shade[0], h.shade[1], h.shade[2])
	pdf.Text(x, y, l.Codes)
}

func (p *paper) footer() hand { return p.hand("", 8, faint) }

// pdf writes the pages, now that their number is known.
func (p *paper) pdf(i *ledger.Invoice, title string) ([]byte, error) {
	small := p.footer()
	numbers := make([][]typeface.Line, len(p.pages))
	for n := range p.pages {
		numbers[n] = small.wrap(fmt.Sprintf("%s %s · page %d of %d", title, i.Number, n+1, len(p.pages)), width/2-gap)
	}
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(i.Date)
	pdf.SetModificationDate(i.Date)
	pdf.SetProducer("rator", true)
	pdf.SetTitle(property(title+" "+i.Number), true)
	pdf.SetAuthor(property(i.BrandName), true)
	pdf.SetLang("en")
	pdf.AddUTF8FontFromBytes(fontName, "", p.Regular.Font())
	pdf.AddUTF8FontFromBytes(fontName, "B", p.Bold.Font())
	pdf.SetAutoPageBreak(false, 0)
	for n, drawn := range p.pages {
		pdf.AddPage()
		for _, f := range drawn {
			f(pdf)
		}
		pdf.SetDrawColor(hair[0], hair[1], hair[2])
		pdf.Line(margin, p.bottom+5, margin+width, p.bottom+5)
		for k, l := range p.foot {
			small.text(pdf, margin, p.bottom+10.5+float64(k)*lineH, l)
		}
		for k, l := range numbers[n] {
			small.text(pdf, margin+width-l.Width, p.bottom+10.5+float64(k)*lineH, l)
		}
	}
	var b bytes.Buffer
	err := pdf.Output(&b)
	return b.Bytes(), err
}

// property is a text as properties of a PDF can be written here: of two bytes a letter.
func property(s string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xFFFF {
			return '\uFFFD'
		}
		return r
	}, s) // which also makes it well-formed
}
