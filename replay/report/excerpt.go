package report

import (
	"strings"
	"unicode/utf8"
)

// excerptLine is a line of an expected text.
type excerptLine struct {
	Number int    // in the file
	Text   string // visible, and cut to what is near the place
	Marked bool   // the place is in it
	Caret  int    // characters of Text before the place
}

const (
	excerptAround = 1   // lines above and below the one that counts
	excerptWidth  = 110 // characters of a line
)

// excerpt are three lines of a text, the second of which holds a place; fewer at
// its ends, none when the place is not in it. A message on one long line is laid
// out first, so that its lines are of one element.
func excerpt(text string, line, column int) []excerptLine {
	lines := strings.SplitAfterN(text, "\n", line+excerptAround+1)
	if line < 1 || len(lines) < line || text == "" {
		return nil
	}
	lines = lines[:min(len(lines), line+excerptAround)]
	if utf8.RuneCountInString(lines[line-1]) > excerptWidth {
		if laid := laidExcerpt(text, line, column); laid != nil {
			return laid
		}
	}
	var shown []excerptLine
	for i := max(line-1-excerptAround, 0); i < len(lines); i++ {
		l := excerptLine{Number: i + 1, Marked: i == line-1}
		at := 1
		if l.Marked {
			at = max(column, 1)
		}
		raw := strings.TrimRight(lines[i], "\r\n")
		if raw == "" && i == len(lines)-1 && i > line-1 {
			break
		}
		l.Text, l.Caret = window(raw, at)
		shown = append(shown, l)
	}
	return shown
}

// laidExcerpt is an excerpt of a text laid out; nil when that is too long to do.
func laidExcerpt(text string, line, column int) []excerptLine {
	if len(text) > maxSideBody {
		return nil
	}
	lines := layout([]byte(text))
	if len(lines) < 2 {
		return nil
	}
	offset := offsetOf(text, line, column)
	at := lineAt(lines, offset)
	first, last := max(at-excerptAround, 0), min(at+excerptAround, len(lines)-1)
	margin := lines[first].Depth
	for i := first; i <= last; i++ {
		margin = min(margin, lines[i].Depth)
	}
	var shown []excerptLine
	for i := first; i <= last; i++ {
		l := excerptLine{Number: strings.Count(text[:lines[i].Offset], "\n") + 1, Marked: i == at}
		within := 1
		if l.Marked {
			within = utf8.RuneCountInString(lines[i].Text[:min(max(offset-lines[i].Offset, 0), len(lines[i].Text))]) + 1
		}
		indent := strings.Repeat("  ", lines[i].Depth-margin)
		l.Text, l.Caret = window(lines[i].Text, within)
		l.Text, l.Caret = indent+l.Text, len(indent)+l.Caret
		shown = append(shown, l)
	}
	return shown
}

// window is the part of a line around a column, and how many characters of it are
// before the column. A line that is short enough is there from its begin.
func window(raw string, column int) (text string, before int) {
	at := offsetOf(raw, 1, max(column, 1))
	from, left := at, 0
	keep := excerptWidth / 2
	if utf8.RuneCountInString(raw) <= excerptWidth {
		keep = excerptWidth
	}
	for from > 0 && left < keep {
		_, size := utf8.DecodeLastRuneInString(raw[:from])
		from, left = from-size, left+1
	}
	prefix := ""
	if from > 0 {
		prefix = "…"
	}
	head := prefix + visible(strings.ReplaceAll(unfilled(raw[from:at]), "\t", "  "))
	to, right := at, 0
	for to < len(raw) && left+right < excerptWidth {
		_, size := utf8.DecodeRuneInString(raw[to:])
		to, right = to+size, right+1
	}
	text = head + visible(strings.ReplaceAll(unfilled(raw[at:to]), "\t", "  "))
	if to < len(raw) {
		text += "…"
	}
	return text, utf8.RuneCountInString(head)
}
