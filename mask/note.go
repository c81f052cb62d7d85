package mask

import (
	"cmp"
	"slices"
	"strings"
)

// noteEdits are the edits of a comment: what its author wrote behind the name of a secret,
// as in "password: x" and "token=x", to the end of the line; and what every text is looked
// through for.
func (m *Masker) noteEdits(text string, start, end int) []edit {
	var edits []edit
	for from := start; from < end; {
		stop := end
		if i := strings.IndexAny(text[from:end], "\r\n"); i >= 0 {
			stop = from + i
		}
		if e, ok := m.noted(text, from, stop); ok {
			edits = append(edits, e)
		} else {
			edits = append(edits, m.shapeEdits(text, from, stop, false)...)
		}
		from = stop + 1
	}
	edits = append(edits, m.cardEdits(text, start, end, false)...)
	slices.SortStableFunc(edits, func(a, b edit) int { return cmp.Compare(a.start, b.start) })
	return edits
}

// noted hides what follows the first name of a secret in the line text[start:end).
func (m *Masker) noted(text string, start, end int) (edit, bool) {
	for i := start; i < end; i++ {
		if text[i] != ':' && text[i] != '=' {
			continue
		}
		last := len(strings.TrimRight(text[start:i], " \t\"'")) + start
		first := last
		for first > start && isNameByte(text[first-1]) && text[first-1] != ':' {
			first--
		}
		name := text[first:last]
		from := skipBlank(text[:end], i+1)
		to := from + len(strings.TrimRight(text[from:end], " \t"))
		if from < to && named(name) && !m.kept(name) && !strings.HasPrefix(text[i:], afterScheme) {
			return edit{from, to, m.standIn(name, text[from:to])}, true
		}
	}
	return edit{}, false
}
