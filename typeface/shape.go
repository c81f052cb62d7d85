package typeface

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// cell is what stands in one place of a line: a letter in its shape, or a mark that
// goes with the letter before it.
type cell struct {
	written rune // as the text has it
	shape   rune // what is drawn, by a code of Unicode
	code    rune // of the shape in the font
	width   int  // in units of em
	mark    bool
}

// cells are those of a text on one line: accents are put together with their letters
// where Unicode has both as one, and what only steers how a text is shown is left out.
func (s *Style) cells(text string) []cell {
	all, shaped := make([]cell, 0, len(text)), false
	for _, r := range norm.NFC.String(strings.ToValidUTF8(text, "\uFFFD")) {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			r = ' '
		case r == joiner, r == nonJoiner:
		case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
			continue
		}
		shaped = shaped || r == joiner || r == nonJoiner || unicode.Is(unicode.Arabic, r)
		all = append(all, cell{written: r, shape: r, mark: r >= firstMark && unicode.In(r, unicode.Mn, unicode.Me)})
	}
	if shaped {
		all = s.join(all)
	}
	for n := range all {
		c := &all[n]
		c.code, c.width = s.use(c.written, c.shape)
	}
	return all
}

// firstMark is the first combining one.
const firstMark = '\u0300'

// Letters of Arabic join across these two, or do not.
const (
	nonJoiner = '\u200C'
	joiner    = '\u200D'
	tatweel   = '\u0640'
	lam       = '\u0644'
)

// joining is the shapes of an Arabic letter among Unicode's presentation forms: alone,
// at the end and, where it joins the next one, at the start and in the middle.
type joining struct {
	alone rune
	next  bool
}

// joinings are those of the letters that have such forms, and joined with lam those
// of the alefs, which have two.
var joinings, lamAlefs = func() (map[rune]joining, map[rune]rune) {
	all := map[rune]joining{}
	for _, l := range []struct {
		next    bool
		letters string // a letter, and its first form
	}{
		{true, "ئﺉبﺏتﺕثﺙجﺝحﺡخﺥسﺱشﺵصﺹضﺽطﻁظﻅعﻉغﻍفﻑقﻕكﻙلﻝمﻡنﻥهﻩيﻱٻﭒپﭖڀﭚٺﭞٿﭢٹﭦڤﭪڦﭮڄﭲڃﭶچﭺڇﭾکﮎگﮒڳﮖڱﮚڻﮠہﮦھﮪڭﯓېﯤیﯼ"},
		{false, "آﺁأﺃؤﺅإﺇاﺍةﺓدﺩذﺫرﺭزﺯوﻭىﻯٱﭐڍﮂڌﮄڎﮆڈﮈژﮊڑﮌںﮞۀﮤےﮮۓﮰۇﯗۆﯙۈﯛۋﯞۅﯠۉﯢ"},
	} {
		letters := []rune(l.letters)
		for n := 0; n < len(letters); n += 2 {
			all[letters[n]] = joining{letters[n+1], l.next}
		}
	}
	return all, map[rune]rune{'آ': 'ﻵ', 'أ': 'ﻷ', 'إ': 'ﻹ', 'ا': 'ﻻ'}
}()

// join gives Arabic letters the shapes that they have beside each other, and leaves
// out what is not seen. A form that no font has stays as the letter alone.
func (s *Style) join(all []cell) []cell {
	kept := all[:0:0]
	before := -1 // the letter before in kept, marks passed over; -1 = none that joins
	for n := 0; n < len(all); n++ {
		c := all[n]
		form, arabic := joinings[c.written]
		switch {
		case c.mark:
			kept = append(kept, c)
			continue
		case c.written == joiner, c.written == tatweel:
			s.joinNext(kept, before)
			if c.written == tatweel {
				kept = append(kept, c)
			}
			before = joined
			continue
		case !arabic:
			before = -1
			if c.written != nonJoiner {
				kept = append(kept, c)
			}
			continue
		}
		if alefs, ok := lamAlefs[c.written]; ok && before >= 0 && before == len(kept)-1 && kept[before].written == lam && s.has(alefs) {
			// both are one letter, joined to what is before when the lam was
			end := rune(0)
			if kept[before].shape == joinings[lam].alone+1 {
				end = 1
			}
			kept[before].written, kept[before].shape, before = alefs, alefs+end, -1
			continue
		}
		if s.joinNext(kept, before) && s.has(form.alone+1) {
			c.shape = form.alone + 1
		}
		before = -1
		if form.next {
			before = len(kept)
		}
		kept = append(kept, c)
	}
	return kept
}

// joined stands for a letter before that joins and has one shape only.
const joined = -2

// joinNext gives the letter before the shape that it has when another follows, and
// reports whether it joins that one.
func (s *Style) joinNext(kept []cell, before int) bool {
	if before < 0 {
		return before == joined
	}
	alone := joinings[kept[before].written].alone
	form := alone + 2
	if kept[before].shape == alone+1 {
		form = alone + 3
	}
	if s.has(form) {
		kept[before].shape = form
	}
	return true
}
