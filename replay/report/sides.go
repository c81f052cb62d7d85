package report

import (
	"fmt"
	"slices"

	"rator/replay"
)

// side is the expected or the live part of a row: the middle is what differs.
type side struct {
	Before, Middle, After string
	Indent                int
	None                  bool
}

// sideRow is a row of two texts side by side.
type sideRow struct {
	Class     string // "", "noise": other texts that do not count, "counts", or "fold"
	Want, Got side
	Note      string // of a fold
}

// sides are two bodies side by side.
type sides struct {
	Rows []sideRow
	Note string // what is left out
}

const (
	sideContext = 3         // rows around one that counts
	maxSideRows = 300       // of an exchange
	maxSideBody = 256 << 10 // bytes of a body
	maxSideText = 600       // characters of a line
)

// sidesOf lays the expected and the live answer side by side, with the rows marked
// that differences are in. nil when they are in none.
func sidesOf(x *replay.Exchange, live []byte) *sides {
	if len(x.Want) == 0 && len(live) == 0 {
		return nil
	}
	s := &sides{}
	want := s.cut(x.Want, "expected")
	live = s.cut(live, "live")
	w, g := layout(want), layout(live)
	rows := align(w, g)
	counts := marked(string(want), w, g, rows, x.Differences)
	if !slices.Contains(counts, true) {
		return nil
	}
	keep := make([]bool, len(rows))
	for i := range rows {
		if counts[i] {
			for j := max(0, i-sideContext); j <= min(len(rows)-1, i+sideContext); j++ {
				keep[j] = true
			}
		}
	}
	folded := 0
	fold := func() {
		if folded > 0 {
			s.Rows = append(s.Rows, sideRow{Class: "fold", Note: "⋯ " + count(folded, "line")})
			folded = 0
		}
	}
	for i, r := range rows {
		if len(s.Rows) >= maxSideRows {
			s.note(fmt.Sprintf("only the first %d lines are shown", maxSideRows))
			folded = 0
			break
		}
		if !keep[i] {
			folded++
			continue
		}
		fold()
		s.Rows = append(s.Rows, rowOf(w, g, r, counts[i]))
	}
	fold()
	return s
}

func (s *sides) cut(body []byte, which string) []byte {
	if len(body) <= maxSideBody {
		return body
	}
	s.note(fmt.Sprintf("the %s answer has %d bytes; what is behind the first %d KiB is left out", which, len(body), maxSideBody>>10))
	return body[:runeStartBytes(body, maxSideBody)]
}

func (s *sides) note(text string) {
	if s.Note != "" {
		s.Note += "; "
	}
	s.Note += text
}

func rowOf(w, g []layoutLine, r aligned, counts bool) sideRow {
	row := sideRow{Want: sideOf(w, r.want), Got: sideOf(g, r.got)}
	same := r.want >= 0 && r.got >= 0 && w[r.want].Plain == g[r.got].Plain
	switch {
	case counts:
		row.Class = "counts"
	case !same:
		row.Class = "noise"
	}
	if r.want >= 0 && r.got >= 0 && !same {
		row.Want.split(&row.Got)
	}
	row.Want.show()
	row.Got.show()
	return row
}

func sideOf(lines []layoutLine, i int) side {
	if i < 0 {
		return side{None: true}
	}
	return side{Before: lines[i].Text, Indent: min(lines[i].Depth, 12)}
}

// split puts what differs into the middles.
func (a *side) split(b *side) {
	x, y := a.Before, b.Before
	n := commonPrefix(x, y)
	m := commonSuffix(x[n:], y[n:])
	a.Before, a.Middle, a.After = x[:n], x[n:len(x)-m], x[len(x)-m:]
	b.Before, b.Middle, b.After = y[:n], y[n:len(y)-m], y[len(y)-m:]
}

// show makes the texts such that they can be seen, and not too long.
func (a *side) show() {
	if runes := len(a.Before); a.Middle != "" && runes > maxSideText {
		a.Before = "…" + a.Before[runeStart(a.Before, runes-maxSideText/4):]
	}
	a.Before, a.Middle, a.After = unfilled(a.Before), unfilled(a.Middle), unfilled(a.After)
	a.Before, a.Middle, a.After = visible(cut(a.Before, maxSideText)), visible(cut(a.Middle, maxSideText)), visible(cut(a.After, maxSideText))
}
