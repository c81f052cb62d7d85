package mask

import (
	"strings"

	"rator/customer"
)

// cards finds card numbers in characters it is fed one by one: a run of digits
// with single spaces, dots or dashes between them, or as many groups of it as
// make a card number (customer.HoldsCardNumber has the rule).
type cards struct {
	text   string // that the characters are of
	digits []digit
	parted bool // the last character was a separator
	found  []span
}

type digit struct {
	character  byte
	first      bool // of a group
	start, end int
}

type span struct{ start, end int }

// feed takes the character that stands at [start, end) of the text.
func (c *cards) feed(r rune, start, end int) {
	switch {
	case '0' <= r && r <= '9':
		c.digits = append(c.digits, digit{byte(r), len(c.digits) == 0 || c.parted, start, end})
		c.parted = false
	case (r == ' ' || r == '.' || r == '-' || r == '\u00A0') && len(c.digits) > 0 && !c.parted:
		c.parted = true
	case len(c.digits) > 0:
		c.flush()
	}
}

// flush looks at the digits there are.
func (c *cards) flush() {
	const shortest, longest = 12, 19
	all := c.digits
	c.digits, c.parted = c.digits[:0], false
	if len(all) < shortest || isIBAN(c.text[:all[0].start], all) {
		return
	}
	var number [longest]byte
	for i := 0; i < len(all); i++ {
		if !all[i].first {
			continue
		}
		best := 0
		for n := 0; n < longest && i+n < len(all); n++ {
			number[n] = all[i+n].character
			if last := i+n+1 == len(all) || all[i+n+1].first; n+1 >= shortest && last && customer.HoldsCardNumber(string(number[:n+1])) {
				best = n + 1
			}
		}
		if best > 0 {
			c.found = append(c.found, span{all[i].start, all[i+best-1].end})
			i += best - 1
		}
	}
}

// isIBAN reports whether the digits are the rest of a bank account's number that
// begins with the country before them: a checked number of another kind, which
// has a card's prefix by chance (ISO 13616).
func isIBAN(before string, digits []digit) bool {
	n := len(before)
	if n < 2 || !isUpper(before[n-1]) || !isUpper(before[n-2]) || n > 2 && (isUpper(before[n-3]) || isLower(before[n-3])) || len(digits) > 32 {
		return false
	}
	remainder := 0
	add := func(n int) { remainder = (remainder*10 + n) % 97 }
	for _, d := range digits[2:] {
		add(int(d.character - '0'))
	}
	for _, c := range before[n-2:] {
		add(int(c-'A'+10) / 10)
		add(int(c-'A'+10) % 10)
	}
	for _, d := range digits[:2] {
		add(int(d.character - '0'))
	}
	return remainder == 1
}

// feedText takes text[start:end), with its references resolved where it has any.
func (c *cards) feedText(text string, start, end int, references bool) {
	for i := start; i < end; {
		b := text[i]
		if len(c.digits) == 0 { // nothing begins before a digit or a reference
			skip := strings.IndexAny(text[i:end], "0123456789&")
			if skip < 0 {
				return
			}
			i += skip
			b = text[i]
		}
		switch {
		case b == '&' && references:
			r, length, _ := reference(text[i:end])
			c.feed(r, i, i+length)
			i += length
		case b == 0xC2 && i+1 < end && text[i+1] == 0xA0:
			c.feed('\u00A0', i, i+2)
			i += 2
		default:
			c.feed(rune(b), i, i+1)
			i++
		}
	}
}

// cardEdits are the edits that take card numbers out of a text without markup.
func (m *Masker) cardEdits(text string, start, end int, references bool) []edit {
	if m.kept(CardNumber) || end-start < 12 {
		return nil
	}
	c := cards{text: text}
	c.feedText(text, start, end, references)
	c.flush()
	return m.hideSpans(text, c.found, references)
}

// hideSpans replaces card numbers; escaped says that it is in XML text.
func (m *Masker) hideSpans(text string, spans []span, escaped bool) []edit {
	var edits []edit
	for _, s := range spans {
		standIn := m.standIn(CardNumber, text[s.start:s.end])
		if escaped {
			standIn = escape(standIn)
		}
		edits = append(edits, edit{s.start, s.end, standIn})
	}
	return edits
}
