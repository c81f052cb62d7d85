package mask

import (
	"unicode/utf8"

	"rator/card"
)

// feedText feeds text[start:end) of what cards looks through, with its references
// resolved where it has any; more says that more of the text may follow.
func feedText(cards *card.Finder, text string, start, end int, references, more bool) {
	for i := start; i < end; {
		if cards.Idle() {
			if i = card.Skip(text, i, end, more); i == end {
				return
			}
		}
		r, n := rune(text[i]), 1
		switch {
		case r == '&' && references:
			r, n, _ = reference(text[i:end])
		case r >= utf8.RuneSelf:
			r, n = utf8.DecodeRuneInString(text[i:end])
		}
		cards.Feed(r, i, i+n)
		i += n
	}
}

// cardEdits are the edits that take card numbers out of a text without markup.
func (m *Masker) cardEdits(text string, start, end int, references bool) []edit {
	if m.kept(cardNumberKey) || end-start < 12 {
		return nil
	}
	cards := card.Finder{Text: text}
	feedText(&cards, text, start, end, references, false)
	cards.Flush()
	return m.hideSpans(text, cards.Found, references)
}

// hideSpans replaces card numbers; escaped says that it is in XML text.
func (m *Masker) hideSpans(text string, spans []card.Span, escaped bool) []edit {
	var edits []edit
	for _, s := range spans {
		standIn := m.standIn(cardNumberKey, text[s.Start:s.End])
		if escaped {
			standIn = escape(standIn)
		}
		edits = append(edits, edit{s.Start, s.End, standIn})
	}
	return edits
}

// span is text[start:end).
type span struct{ start, end int }
