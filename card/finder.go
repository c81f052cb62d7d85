package card

import (
	"unicode"
	"unicode/utf8"
)

// Finder finds card numbers in characters that it is fed one by one: runs of
// digits, or as many groups of them as make a number, with what people put between
// groups. Groups are as cards have them printed, or as a break of a line leaves
// them: all of one length but for the last, or of three digits and more, or two of
// any length. So dates and amounts beside each other are none.
//
// The zero Finder is ready, for one text until Reset.
type Finder struct {
	Text  string // that the characters are of: what stands before digits may make them an IBAN
	Found []Span // in order; they do not overlap
	// First has it look no further than for the first.
	First bool

	digits []digit
	gap    gap // since the last digit
}

// Span is a number at Text[Start:End).
type Span struct{ Start, End int }

type digit struct {
	character  byte // in ASCII
	first      bool // of a group
	start, end int
}

// gap is what stands between two digits.
type gap uint8

const (
	none gap = iota
	blank
	mark // and blanks
)

// Reset has the Finder look through another text, in the memory that it has.
func (f *Finder) Reset(text string) {
	*f = Finder{Text: text, Found: f.Found[:0], digits: f.digits[:0]}
}

// Idle reports whether no number has begun.
func (f *Finder) Idle() bool { return len(f.digits) == 0 }

// Skip is where the next character is in text[start:end) that must be fed while the
// Finder is idle: between stand digits only that are no number and that nothing behind
// them goes on with. more says that more may follow behind the end.
func Skip(text string, start, end int, more bool) int {
	for start < end {
		switch c := text[start]; {
		case c >= utf8.RuneSelf || c == '&': // which may begin a reference to a digit
			return start
		case !isDigit(c):
			start++
			continue
		}
		behind := start + 1
		for behind < end && isDigit(text[behind]) {
			behind++
		}
		if behind < end && !isEnd(text[behind]) || behind == end && more {
			return start
		}
		var number [longest]byte
		if n := behind - start; n >= shortest && n <= longest && isNumber(number[:copy(number[:], text[start:behind])]) {
			return start
		}
		start = behind
	}
	return end
}

// isEnd reports whether no number goes on with a character behind digits of it.
func isEnd(c byte) bool {
	r := rune(c)
	return c < utf8.RuneSelf && c != '&' && !isDigit(c) && !isBlank(r) && !isMark(r)
}

// Feed takes the character that stands at [start, end) of the text.
func (f *Finder) Feed(r rune, start, end int) {
	if d, ok := digitOf(r); ok {
		f.digits = append(f.digits, digit{d, len(f.digits) == 0 || f.gap != none, start, end})
		f.gap = none
		return
	}
	if len(f.digits) == 0 {
		return
	}
	switch {
	case isInvisible(r):
	case isBlank(r):
		f.gap = max(f.gap, blank)
	case isMark(r) && f.gap != mark:
		f.gap = mark
	default:
		f.Flush()
	}
}

// Flush looks at what was fed since the last Flush: what comes next is another text.
func (f *Finder) Flush() {
	all := f.digits
	f.digits, f.gap = f.digits[:0], none
	if len(all) < shortest || f.First && len(f.Found) > 0 || isIBAN(f.Text[:all[0].start], all) {
		return
	}
	for i := 0; i < len(all); i++ {
		if !all[i].first {
			continue
		}
		if n := longestAt(all[i:]); n > 0 {
			f.Found = append(f.Found, Span{all[i].start, all[i+n-1].end})
			if f.First {
				return
			}
			i += n - 1
		}
	}
}

// longestAt is how many digits from the first on make a card number, as many as
// possible; 0 when none do.
func longestAt(all []digit) (best int) {
	var number [longest]byte
	var g groups
	for n := 0; n < longest && n < len(all); n++ {
		number[n] = all[n].character
		if all[n].first {
			g.begin()
		}
		g.size++
		end := n+1 == len(all) || all[n+1].first
		if end && n+1 >= shortest && g.likely() && isNumber(number[:n+1]) {
			best = n + 1
		}
	}
	return best
}

// groups are the groups of digits so far.
type groups struct {
	count int
	size  int // of the last
	first int // size of the first
	least int // size of the smallest but the last
	even  bool
}

func (g *groups) begin() {
	switch g.count {
	case 0:
		g.even = true
	case 1:
		g.first, g.least = g.size, g.size
	default:
		g.even = g.even && g.size == g.first
		g.least = min(g.least, g.size)
	}
	g.count++
	g.size = 0
}

func (g *groups) likely() bool {
	return g.count <= 2 || g.least >= 3 || g.even && g.size <= g.first
}

// digitOf is the ASCII digit that a digit of any script stands for.
func digitOf(r rune) (byte, bool) {
	if r < 0x80 {
		return byte(r), '0' <= r && r <= '9'
	}
	if !unicode.Is(unicode.Nd, r) {
		return 0, false
	}
	for _, in := range unicode.Nd.R16 {
		if rune(in.Lo) <= r && r <= rune(in.Hi) {
			return '0' + byte((r-rune(in.Lo))%10), true
		}
	}
	for _, in := range unicode.Nd.R32 {
		if rune(in.Lo) <= r && r <= rune(in.Hi) {
			return '0' + byte((r-rune(in.Lo))%10), true
		}
	}
	return 0, false
}

// isInvisible reports whether nobody sees that something stands there.
func isInvisible(r rune) bool { return r >= 0x80 && unicode.Is(unicode.Cf, r) }

func isBlank(r rune) bool {
	return r == ' ' || r == '\n' || r == '\r' || r == '\t' || r >= 0x80 && unicode.IsSpace(r)
}

// isMark reports whether people part groups of digits with it.
func isMark(r rune) bool {
	switch r {
	case '-', '.', '_', '/', '\u2212', '\u00B7', '\u2022':
		return true
	}
	return r >= 0x80 && unicode.Is(unicode.Pd, r)
}
