package typeface

import "unicode"

// Line is a line of a text, ready to be drawn: codes of the style's font from left
// to right.
type Line struct {
	Codes string
	Width float64 // at the size that was asked for, in its unit
}

// Wrap breaks a text into lines of a width at most, at spaces and hyphens and between
// ideographs, and a word that is longer than a line inside. Nothing is left out but
// the spaces at the ends of lines; a letter wider than the width has a line of its
// own. There is always a line. Size is the height of a line's letters, in the unit of
// width.
func (s *Style) Wrap(text string, size, width float64) []Line {
	all := s.cells(text)
	of, base := levels(all)
	fits := width / size * em
	var lines []Line
	for from := 0; from < len(all); {
		to, next := breakAt(all, from, int(fits))
		line, deep := all[from:to], of[from:to]
		for n := len(line) - 1; n >= 0 && line[n].written == ' '; n-- {
			deep[n] = base // L1
		}
		lines = append(lines, s.line(s.ordered(line, deep), size))
		from = next
	}
	if len(lines) == 0 {
		lines = []Line{{}}
	}
	return lines
}

// Measure is how wide a text is on one line.
func (s *Style) Measure(text string, size float64) float64 {
	return s.line(s.cells(text), size).Width
}

func (s *Style) line(cells []cell, size float64) Line {
	codes, width := make([]rune, len(cells)), 0
	for n, c := range cells {
		codes[n], width = c.code, width+c.width
	}
	return Line{string(codes), float64(width) * size / em}
}

// breakAt is where a line that begins at from ends, without the spaces behind it, and
// where the next one begins.
func breakAt(all []cell, from, fits int) (to, next int) {
	width, last := 0, 0
	for to = from; to < len(all); to++ {
		width += all[to].width
		if width > fits && all[to].written != ' ' && to > from && !all[to].mark {
			break
		}
		if to+1 < len(all) && mayBreak(all[to], all[to+1]) {
			last = to + 1
		}
	}
	if to < len(all) && last > from {
		to = last
	}
	for next = to; next < len(all) && all[next].written == ' '; next++ {
	}
	for to > from+1 && all[to-1].written == ' ' {
		to--
	}
	return to, next
}

func mayBreak(a, b cell) bool {
	if b.mark || b.written == ' ' {
		return false
	}
	return a.written == ' ' || a.written == '-' && unicode.IsLetter(b.written) || ideograph(a.written) && unicode.IsLetter(b.written) || unicode.IsLetter(a.written) && ideograph(b.written)
}

func ideograph(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}
