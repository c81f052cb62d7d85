package mask

import (
	"regexp"
	"strings"
	"unicode"
)

// pair is what an object says elsewhere of its members called value: the name of a
// pair, or the path of an operation of a JSON Patch (RFC 6902).
type pair struct {
	named  bool   // it has a name or a path that says what the value is
	secret string // the name of the secret the value is; "" = of none
	card   bool   // the value is a part of a payment card
	values []span
}

// emptyPair is a pair that says nothing, in the memory of one that did.
func emptyPair(p *pair) pair { return pair{values: p.values[:0]} }

// take takes a member whose value is text[start:end); whole is false when it is cut off.
func (p *pair) take(j *jsonText, name string, start, end int, whole bool) {
	switch {
	case strings.EqualFold(name, "value"):
		p.values = append(p.values, span{start, end})
	case !whole || j.text[start] != '"':
	case strings.EqualFold(name, "name"), strings.EqualFold(name, "key"):
		said := unquote(j.text[start+1 : end-1])
		says := j.says(said)
		p.named, p.card = true, p.card || says.card
		if says.secret {
			p.secret = said
		}
	case strings.EqualFold(name, "path"):
		p.takePath(j, unquote(j.text[start+1:end-1]))
	}
}

// takePath takes a JSON Pointer (RFC 6901). The value of a pair, of which it does not
// say the name, may be a secret.
func (p *pair) takePath(j *jsonText, path string) {
	p.named = true
	steps := strings.FieldsFunc(path, func(r rune) bool { return r == '/' || r == '.' })
	for i, step := range steps {
		step = pointerEscapes.Replace(step)
		says := j.says(step)
		p.card = p.card || says.card
		if says.secret || i > 0 && i+1 == len(steps) && strings.EqualFold(step, "value") {
			p.secret = step
		}
	}
}

var pointerEscapes = strings.NewReplacer("~1", "/", "~0", "~")

// hidePair hides the values of an object that are secrets by what it says of them;
// whole is false when the object does not end, and may have gone on to say it.
func (j *jsonText) hidePair(p *pair, at place, whole bool) {
	if len(p.values) == 0 || at.secret != "" {
		return
	}
	hidden := place{depth: at.depth}
	switch {
	case p.secret != "":
		hidden.secret = p.secret
	case !whole && !p.named:
		hidden.secret = wholeKey
	case p.card && !at.card:
		hidden.card = true
	default:
		return
	}
	broken := j.broken
	for _, v := range p.values {
		if v.start < v.end {
			j.value(v.start, hidden)
		}
	}
	j.broken = broken
}

// isCardName reports whether a name is that of a payment card as a whole, whose parts are
// numbers that may look like no card's.
func isCardName(name string) bool {
	const card = "creditCard"
	return strings.EqualFold(name, card) || len(name) > len(card) && !isPlain(name) && strings.EqualFold(plainName(name), card)
}

// isCardPart reports whether a part of a payment card shows more of it than the last four
// digits. When it expires does not.
func isCardPart(text string) bool {
	const shown = 4
	digits := 0
	for _, r := range text {
		if '0' <= r && r <= '9' || r >= 0x80 && unicode.IsDigit(r) {
			digits++
		}
	}
	return digits > shown && !instant.MatchString(text)
}

var instant = regexp.MustCompile(`^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$`)
