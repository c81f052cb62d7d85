package mask

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"rator/card"
)

// jsonText is one pass over a text as JSON, however broken: it hides the value of a
// secret's name, and everything in it when it is an object or an array; what a
// pair or an operation of a JSON Patch names as a secret (pair); payment cards; and
// what every text is looked through for.
type jsonText struct {
	*Masker
	text   string
	depth  int    // messages that this one is the text of
	known  *Known // secrets wherever they stand, nil for none
	edits  []edit
	broken int                 // where the text stops being JSON, len(text) when it is cut off; -1: nowhere
	said   map[string]nameSays // of names that were met
	saidBy *Declared           // and by what
	cards  card.Finder
	pairs  [deepestJSON + 2]pair // of the open objects, by their depth
}

// nameSays is what a name says of what it names, and whether it holds nothing to hide
// itself.
type nameSays struct{ secret, card, plain bool }

// deepestJSON is how deep objects and arrays may be in each other. What is deeper is
// hidden.
const deepestJSON = 64

// scalarEnds are the characters that no number and no word of JSON has in it.
const scalarEnds = "{}[],:\" \t\r\n"

// place is where a value stands.
type place struct {
	name   string // of the member it belongs to
	secret string // the name of the secret it is, or is a part of; "" = of none
	card   bool   // a part of a payment card
	depth  int
}

var jsonTexts = sync.Pool{New: func() any { return &jsonText{said: map[string]nameSays{}} }}

// readJSON looks through a text; release what it gives.
func (m *Masker) readJSON(text string, depth int, known *Known) *jsonText {
	j := jsonTexts.Get().(*jsonText)
	j.text, j.depth, j.known, j.broken = text, depth, known, -1
	if declared := m.declaredNow(); j.Masker != m || j.saidBy != declared || len(j.said) > keptNames {
		clear(j.said)
		j.Masker, j.saidBy = m, declared
	}
	p := len(text) - len(strings.TrimPrefix(text, "\uFEFF"))
	for whole := true; whole; { // there may be several, one on each line
		if p = skipBlank(text, p); p == len(text) {
			break
		}
		p, whole = j.value(p, place{})
	}
	if j.broken >= 0 && j.broken < len(text) {
		j.rest()
	}
	slices.SortStableFunc(j.edits, func(a, b edit) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end)) })
	return j
}

func (j *jsonText) release() {
	clear(j.edits)
	j.cards.Reset("")
	j.text, j.known, j.edits = "", nil, j.edits[:0]
	jsonTexts.Put(j)
}

// json masks a text as JSON.
func (m *Masker) json(text string, depth int) (string, bool) {
	j := m.readJSON(text, depth, nil)
	defer j.release()
	return apply(text, j.edits)
}

// value looks through the value that begins at p and gives where it ends; whole is
// false when the text ends or stops being JSON before.
func (j *jsonText) value(p int, at place) (end int, whole bool) {
	if p == len(j.text) || at.depth > deepestJSON {
		return j.stop(p)
	}
	switch j.text[p] {
	case '{':
		return j.object(p+1, at)
	case '[':
		return j.array(p+1, at)
	case '"':
		return j.string(p+1, at)
	}
	return j.scalar(p, at)
}

// stop notes that the text is no JSON from p on, or from the number on that ends there.
func (j *jsonText) stop(p int) (int, bool) {
	if p < len(j.text) {
		for p > 0 && strings.IndexByte(scalarEnds, j.text[p-1]) < 0 {
			p--
		}
	}
	j.broken = p
	return p, false
}

func (j *jsonText) array(p int, at place) (end int, whole bool) {
	at.depth++
	if p = skipBlank(j.text, p); p < len(j.text) && j.text[p] == ']' {
		return p + 1, true
	}
	for {
		if p, whole = j.value(p, at); !whole {
			return p, false
		}
		var more bool
		if p, more, whole = j.next(p, ']'); !more {
			return p, whole
		}
	}
}

func (j *jsonText) object(p int, at place) (end int, whole bool) {
	at.depth++
	pair := &j.pairs[at.depth]
	*pair = emptyPair(pair)
	if p = skipBlank(j.text, p); p < len(j.text) && j.text[p] == '}' {
		return p + 1, true
	}
	for more := true; more; {
		if p, whole = j.member(p, at, pair); whole {
			p, more, whole = j.next(p, '}')
		} else {
			more = false
		}
	}
	j.hidePair(pair, at, whole)
	return p, whole
}

// next reads a comma, behind which there is more, or what closes an array or object.
func (j *jsonText) next(p int, closing byte) (after int, more, whole bool) {
	switch p = skipBlank(j.text, p); {
	case p < len(j.text) && j.text[p] == closing:
		return p + 1, false, true
	case p < len(j.text) && j.text[p] == ',':
		return skipBlank(j.text, p+1), true, true
	}
	p, whole = j.stop(p)
	return p, false, whole
}

func (j *jsonText) member(p int, at place, pair *pair) (end int, whole bool) {
	if p == len(j.text) || j.text[p] != '"' {
		return j.stop(p)
	}
	nameEnd, closed := stringEnd(j.text, p+1)
	name := unquote(j.text[p+1 : nameEnd])
	says := j.says(name)
	if !says.plain || j.known != nil {
		j.words(p+1, nameEnd)
	}
	if !closed {
		return j.stop(len(j.text))
	}
	if p = skipBlank(j.text, nameEnd+1); p == len(j.text) || j.text[p] != ':' {
		return j.stop(p)
	}
	p = skipBlank(j.text, p+1)
	below := at
	below.name = name
	if says.secret {
		below.secret = name
	}
	below.card = at.card || says.card
	end, whole = j.value(p, below)
	pair.take(j, name, p, end, whole)
	return end, whole
}

// string looks through the string whose content begins at start.
func (j *jsonText) string(start int, at place) (after int, whole bool) {
	end, closed := stringEnd(j.text, start)
	content := j.text[start:end]
	switch {
	case at.secret != "":
		j.hide(start, end, at.secret)
	case !closed: // what is cut off may look like no secret any more
		j.hide(start, end, wholeKey)
	case at.card && isCardPart(unquote(content)) && !j.kept(cardNumberKey):
		j.hide(start, end, cardNumberKey)
	case at.name == "query":
		j.query(start, end)
	default:
		j.words(start, end)
	}
	if !closed {
		return j.stop(len(j.text))
	}
	return end + 1, true
}

// scalar looks through a number or a word.
func (j *jsonText) scalar(p int, at place) (end int, whole bool) {
	end = p
	for end < len(j.text) && strings.IndexByte(scalarEnds, j.text[end]) < 0 {
		end++
	}
	text := j.text[p:end]
	switch {
	case text == "null":
		return end, true
	case text != "true" && text != "false" && strings.Trim(text, "0123456789+-.eE") != "" || text == "":
		return j.stop(p)
	case at.secret != "":
		j.hideScalar(p, end, at.secret)
	case at.card && isCardPart(text) && !j.kept(cardNumberKey), len(j.cardEdits(j.text, p, end, false)) > 0:
		j.hideScalar(p, end, cardNumberKey)
	case end == len(j.text) && at.depth > 0 && isCardPart(text), j.known.has(text): // cut off, perhaps
		j.hideScalar(p, end, wholeKey)
	}
	return end, true
}

// hide takes out the content of a string.
func (j *jsonText) hide(start, end int, key string) {
	if start < end {
		j.edits = append(j.edits, edit{start, end, quote(j.standIn(key, j.text[start:end]))})
	}
}

func (j *jsonText) hideScalar(start, end int, key string) {
	j.edits = append(j.edits, edit{start, end, `"` + quote(j.standIn(key, j.text[start:end])) + `"`})
}

// words looks through a string that is no secret by its name.
func (j *jsonText) words(start, end int) {
	content := j.text[start:end]
	if j.known == nil && isHarmless(content) {
		return
	}
	plain := unquote(content)
	masked := plain
	if looksLikeJSON(plain) || strings.IndexByte(plain, '<') >= 0 {
		masked, _ = j.plain("", "", plain, j.depth+1)
	} else if shape, card := !isHarmlessAddress(plain) && mayHaveShape(plain), j.holdsCard(plain); card {
		masked, _ = apply(plain, j.textEdits(plain))
	} else if shape {
		masked, _ = apply(plain, j.shapeEdits(plain, 0, len(plain), false))
	}
	j.say(start, end, plain, masked)
}

// isHarmless is true for a text in which there is nothing to hide by its looks, as most
// are: no escapes, markup, credentials or addresses that have some, and too few digits
// for a card.
func isHarmless(text string) bool {
	const shortest = 12
	digits := 0
	for i := range len(text) {
		switch c := text[i]; {
		case '0' <= c && c <= '9':
			if digits++; digits == shortest {
				return false
			}
		case c >= utf8.RuneSelf, c == '\\', c == '<', c == '{', c == '[', c == '=', c == '^', c == '@':
			return false
		}
	}
	start := skipBlank(text, 0)
	return (start == len(text) || text[start]|0x20 != 'b') && !mayHoldToken(text) // Bearer, Basic
}

// isHarmlessAddress is true for what begins as a URL and has neither credentials nor
// parameters.
func isHarmlessAddress(text string) bool {
	return strings.HasPrefix(text, "http") && strings.IndexByte(text, '@') < 0 && strings.IndexByte(text, '=') < 0 && strings.IndexByte(text, '^') < 0 && !mayHoldToken(text)
}

// holdsCard reports whether a text holds the number of a payment card, as cardEdits finds
// it, in the memory that there is.
func (j *jsonText) holdsCard(text string) bool {
	const shortest = 12
	digits := 0
	for i := 0; i < len(text) && digits < shortest; i++ {
		if c := text[i]; '0' <= c && c <= '9' || c >= utf8.RuneSelf {
			digits++
		}
	}
	if digits < shortest {
		return false
	}
	j.cards.Reset(text)
	feedText(&j.cards, text, 0, len(text), false, false)
	j.cards.Flush()
	return len(j.cards.Found) > 0
}

// say puts a string in the place of another, without the secrets that are known.
func (j *jsonText) say(start, end int, plain, masked string) {
	if masked = j.without(masked); masked != plain {
		j.edits = append(j.edits, edit{start, end, quote(masked)})
	}
}

// without is a text without the secrets that are known from elsewhere.
func (j *jsonText) without(text string) string {
	if j.known == nil {
		return text
	}
	return j.known.hidden(text, j.standIn(wholeKey, ""))
}

// query looks through a string in the language of queries.
func (j *jsonText) query(start, end int) {
	plain := unquote(j.text[start:end])
	masked, _ := apply(plain, j.queryEdits(plain))
	j.say(start, end, plain, masked)
}

// rest is what stands behind the place where a text stops being JSON. Where anything
// is named like a secret it may hold the secret.
func (j *jsonText) rest() {
	rest := j.text[j.broken:]
	if strings.Contains(rest, `\u`) || strings.Contains(rest, "<") || j.hasSecretWord(j.text) {
		j.edits = append(j.edits, edit{j.broken, len(j.text), j.whole(rest)})
		return
	}
	masked, _ := apply(rest, j.textEdits(rest))
	if masked = j.without(masked); masked != rest {
		j.edits = append(j.edits, edit{j.broken, len(j.text), masked})
	}
}

// hasSecretWord reports whether any word of a text names a secret, a payment card, or
// the value of a pair.
func (j *jsonText) hasSecretWord(text string) bool {
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return r < 0x80 && !isNameByte(byte(r)) }) {
		if says := j.says(word); says.secret || says.card || strings.EqualFold(word, "value") {
			return true
		}
	}
	return false
}

// says is asked of the same few names again and again.
func (j *jsonText) says(name string) nameSays {
	says, met := j.said[name]
	if !met {
		says = nameSays{j.secretName(name), isCardName(name), isHarmless(name)}
		j.said[strings.Clone(name)] = says // the name is a part of the text
	}
	return says
}

// stringEnd is where the string that began before p ends: at its quote, or with
// the text.
func stringEnd(text string, p int) (end int, closed bool) {
	for p < len(text) {
		switch text[p] {
		case '\\':
			p++
		case '"':
			return p, true
		}
		p++
	}
	return len(text), false
}

// unquote resolves the escapes of a string.
func unquote(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch c := s[i]; c {
		case 'b', 'f':
			b.WriteByte(' ') // blank, as far as anybody sees
		case 'n':
			b.WriteByte('\n')
		case 'r':
			b.WriteByte('\r')
		case 't':
			b.WriteByte('\t')
		case 'u':
			r, length := codePoint(s[i:])
			if length == 0 {
				b.WriteByte(c)
				continue
			}
			b.WriteRune(r)
			i += length - 1
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// codePoint reads uXXXX, or the two of a surrogate pair; length is 0 for what is none.
func codePoint(s string) (r rune, length int) {
	unit := func(s string) (rune, bool) {
		if len(s) < 5 || s[0] != 'u' {
			return 0, false
		}
		n, err := strconv.ParseUint(s[1:5], 16, 16)
		return rune(n), err == nil
	}
	r, found := unit(s)
	if !found {
		return 0, 0
	}
	if utf16.IsSurrogate(r) && len(s) > 6 && s[5] == '\\' {
		if low, found := unit(s[6:]); found {
			if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
				return pair, 11
			}
		}
	}
	return r, 5
}

var quoter = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

func quote(s string) string { return quoter.Replace(s) }
