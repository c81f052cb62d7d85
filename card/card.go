// Package card knows what looks like the number of a payment card, and how it may
// be kept (security.md, "Card data"): which digits, in which texts, under which
// keys. Every room that takes in, keeps or shows texts asks it; it knows none of
// them, and keeps nothing.
package card

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// Holds reports whether a text holds what looks like the number of a payment card:
// a scheme's first digits, its length, and the Luhn check, wherever in it and
// however its digits are parted (Finder), in digits of any script.
func Holds(text string) bool {
	if !mayHold(text) {
		return false
	}
	if areDigits(text) { // most are, being ids of ours
		var number [longest]byte
		return len(text) <= longest && isNumber(number[:copy(number[:], text)])
	}
	f := finders.Get().(*Finder)
	f.Reset(text)
	f.First = true
	f.feed(text)
	holds := len(f.Found) > 0
	f.Reset("")
	finders.Put(f)
	return holds
}

var finders = sync.Pool{New: func() any { return new(Finder) }}

func areDigits(text string) bool {
	for i := range len(text) {
		if !isDigit(text[i]) {
			return false
		}
	}
	return true
}

// mayHold reports whether a text has as many digits as the shortest number, or
// characters that may be digits of other scripts.
func mayHold(text string) bool {
	if len(text) < shortest {
		return false
	}
	n := 0
	for i := range len(text) {
		if c := text[i]; isDigit(c) || c >= utf8.RuneSelf && (i == 0 || utf8.RuneStart(c)) {
			if n++; n == shortest {
				return true
			}
		}
	}
	return false
}

func (f *Finder) feed(text string) {
	for i := 0; i < len(text); {
		if f.Idle() {
			if i = Skip(text, i, len(text), false); i == len(text) {
				break
			}
		}
		r, n := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(text[i:])
		}
		f.Feed(r, i, i+n)
		i += n
	}
	f.Flush()
}

// HoldsNumeral is Holds for the literal of a number: what stands behind its decimal
// point counts for nothing, or 4.000000000000002 would be one.
func HoldsNumeral(literal string) bool {
	if at := strings.IndexAny(literal, ".,eE"); at >= 0 {
		literal = literal[:at]
	}
	return Holds(literal)
}

// Mask is a text with each card number in it as it may be kept: xxxxxx1234.
func Mask(text string) string {
	for {
		shown := replaced(text, MaskNumber)
		if shown == text {
			return shown
		}
		text = shown // the last digits may make a number with those behind them
	}
}

// replaced is a text with others in the place of its card numbers.
func replaced(text string, by func(number string) string) string {
	if !mayHold(text) {
		return text
	}
	f := Finder{Text: text}
	f.feed(text)
	if len(f.Found) == 0 {
		return text
	}
	var b strings.Builder
	at := 0
	for _, s := range f.Found {
		b.WriteString(text[at:s.Start])
		b.WriteString(by(text[s.Start:s.End]))
		at = s.End
	}
	b.WriteString(text[at:])
	return b.String()
}

// Masked stands for the digits of a card number that are not kept.
const Masked = "xxxxxx"

// lastShown is how many of the last digits are kept.
const lastShown = 4

// MaskNumber is what may be kept of a text that stands where the number of a card
// belongs, whether it looks like one or not: xxxxxx and its last four digits. One
// that shows no more than four is masked already, and stays.
func MaskNumber(number string) string {
	var digits []rune
	for _, c := range number {
		if _, ok := digitOf(c); ok {
			digits = append(digits, c)
		}
	}
	if len(digits) <= lastShown {
		return number
	}
	return Masked + string(digits[len(digits)-lastShown:])
}
