package document

import (
	"codeberg.org/go-pdf/fpdf"

	"rator/typeface"
)

// row is a line of the table; its texts have as many lines as they need.
type row struct {
	cells [4][]typeface.Line // date, description, period, amount
}

func (r *row) lines() int {
	return max(len(r.cells[0]), len(r.cells[1]), len(r.cells[2]), len(r.cells[3]))
}

func (r *row) high() float64 { return rowH + float64(r.lines()-1)*lineH }

// widen makes room for the longest of the amounts.
func (p *paper) widen(amount string) {
	p.moneyW = min(max(p.moneyW, p.body().measure(amount)+gap), width/2)
}

func (p *paper) body() hand { return p.hand("", 9, ink) }

// columns are where the four begin and how wide their texts may be.
func (p *paper) columns() (x, w [4]float64) {
	textW := width - dateW - periodW - p.moneyW
	x = [4]float64{margin, margin + dateW, margin + dateW + textW, margin}
	return x, [4]float64{dateW - gap, textW - gap, periodW - gap, p.moneyW}
}

func (p *paper) newRow(h hand, texts [4]string) *row {
	_, w := p.columns()
	r := &row{}
	for n, text := range texts {
		r.cells[n] = h.wrap(text, w[n])
	}
	return r
}

func (p *paper) tableHead() {
	h := p.hand("B", 9, accent)
	r := p.newRow(h, [4]string{"Date", "Description", "Period", "Amount"})
	p.drawRow(h, r, 0, r.lines())
	p.rule(p.y, margin, accent)
}

// row takes the next row of the table. It is written once the one behind it is known,
// or the sums, which are never on a page without a row.
func (p *paper) row(date, text, span, amount string) {
	p.release(0)
	p.held = p.newRow(p.body(), [4]string{date, text, span, amount})
}

// release writes the row that is held, on the next page when it and what must stay
// with it have no room on this one. Rows are whole, but for those longer than a page.
func (p *paper) release(with float64) {
	r := p.held
	if r == nil {
		return
	}
	p.held = nil
	onePage := p.bottom - margin - rowH
	if r.high()+with > onePage {
		with = 0
	}
	if p.room(min(r.high(), onePage) + with) {
		p.tableHead()
	}
	for from := 0; from < r.lines(); {
		fit := 1 + int(max(0, p.bottom-p.y-rowH)/lineH)
		to := min(r.lines(), from+fit)
		p.drawRow(p.body(), r, from, to)
		if from = to; from < r.lines() {
			p.newPage()
			p.tableHead()
		}
	}
	p.rule(p.y, margin, hair)
}

// drawRow writes some lines of a row.
func (p *paper) drawRow(h hand, r *row, from, to int) {
	x, _ := p.columns()
	top := p.y
	for n, lines := range r.cells {
		rightTo := 0.0
		if n == 3 {
			rightTo = width
		}
		for k := from; k < min(to, len(lines)); k++ {
			p.y = top + float64(k-from)*lineH
			p.put(h, lines[k], x[n], rowH, rightTo)
		}
	}
	p.y = top + rowH + float64(to-from-1)*lineH
}

// sums writes the lines under the table, all on one page with the last of its rows.
func (p *paper) sums(all []sum) {
	type written struct {
		what []typeface.Line
		hand
		sum
	}
	lines, high := make([]written, 0, len(all)), 3.0
	for _, s := range all {
		h := p.body()
		if s.strong {
			h = p.hand("B", 10, ink)
		}
		p.moneyW = max(p.moneyW, h.measure(s.amount))
		w := written{h.wrap(s.what, width-p.moneyW-4-gap), h, s}
		lines, high = append(lines, w), high+rowH+float64(len(w.what)-1)*lineH
	}
	fits := min(high, p.bottom-margin-2*rowH)
	p.release(fits)
	p.room(fits)
	p.y += 3
	for _, l := range lines {
		p.room(rowH + float64(len(l.what)-1)*lineH)
		if l.strong {
			p.rule(p.y, margin+dateW+(width-dateW-periodW-moneyMin), faint)
		}
		for n, text := range l.what {
			p.put(l.hand, text, margin, rowH, width-p.moneyW-4)
			if n < len(l.what)-1 {
				p.y += lineH
			}
		}
		p.put(l.hand, l.hand.wrap(l.amount, width)[0], margin, rowH, width)
		p.y += rowH
	}
}

// rule draws a line from x to the right margin.
func (p *paper) rule(y, x float64, c shade) {
	p.draw(func(pdf *fpdf.Fpdf) {
		pdf.SetDrawColor(c[0], c[1], c[2])
		pdf.Line(x, y, margin+width, y)
	})
}
