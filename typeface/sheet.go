package typeface

import (
	"maps"
	"slices"
)

// Sheet is the letters of one document while it is laid out.
type Sheet struct {
	Regular, Bold *Style
	missing       map[rune]bool
}

// Style is the letters of a document in one style. Its Font has those of the lines
// that Wrap made, and no others.
type Style struct {
	sheet  *Sheet
	chain  *chain
	codes  map[rune]rune    // what a shape stands under in the font
	used   map[rune]*letter // by code
	unused rune             // the next code of those for private use
}

// Sheet begins a document.
func (f *Fonts) Sheet() *Sheet {
	s := &Sheet{missing: map[rune]bool{}}
	s.Regular, s.Bold = s.style(f.regular), s.style(f.bold)
	return s
}

func (s *Sheet) style(c *chain) *Style {
	return &Style{sheet: s, chain: c, codes: map[rune]rune{}, used: map[rune]*letter{}, unused: firstPrivate}
}

// Missing are the letters of the document that no font has, in order.
func (s *Sheet) Missing() []rune { return slices.Sorted(maps.Keys(s.missing)) }

// The codes for private use, for what has no code of its own in two bytes.
const (
	firstPrivate = '\uE000'
	lastPrivate  = '\uF8FF'
)

// use takes a letter, in a shape that has a code of its own, into the font. It gives
// the code it stands under there: the letter's own where that is free, so that whoever
// searches the document, or copies from it, meets the letter that was written.
func (s *Style) use(written, shape rune) (code rune, width int) {
	if code, ok := s.codes[shape]; ok {
		return code, s.used[code].width
	}
	l := s.chain.letter(shape)
	if l.missing {
		s.sheet.missing[written] = true
	}
	code = s.free(written, shape)
	s.codes[shape], s.used[code] = code, l
	return code, l.width
}

func (s *Style) free(candidates ...rune) rune {
	for _, c := range candidates {
		if _, taken := s.used[c]; !taken && c <= 0xFFFD && (c < firstPrivate || c > lastPrivate) {
			return c
		}
	}
	if s.unused < lastPrivate {
		s.unused++
	}
	return s.unused - 1
}

// has reports whether a font draws a rune.
func (s *Style) has(r rune) bool { return !s.chain.letter(r).missing }
