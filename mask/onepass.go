package mask

import (
	"strings"
	"sync"

	"rator/card"
	"rator/wire"
)

// onePass masks a document while it is read, and holds no more of it than the
// elements that are open. What is secret is decided by the functions of the full pass.
// It does so for documents as most are: whole, each key before what it is the key of,
// without comments, CDATA and declarations. Of any other ok is false, and nothing is
// said.
func (m *Masker) onePass(hookpoint, text string, depth int) (masked string, changed, ok bool) {
	s := scans.Get().(*scan)
	defer s.release()
	if !s.reads(m, hookpoint, text, depth) {
		return "", false, false
	}
	masked, changed = s.hiding.masked()
	return masked, changed, true
}

// appendOnePass appends what onePass gives, without making a text of it first.
func (m *Masker) appendOnePass(to []byte, hookpoint, text string) (masked []byte, ok bool) {
	s := scans.Get().(*scan)
	defer s.release()
	if !s.reads(m, hookpoint, text, 0) {
		return to, false
	}
	s.sort()
	return appendApplied(to, text, s.edits), true
}

// reads reads a text and finds the edits; false where the full pass is needed.
func (s *scan) reads(m *Masker, hookpoint, text string, depth int) bool {
	s.Masker, s.document, s.depth, s.fates = m, &s.read, depth, s.decided[:]
	s.text, s.elements = text, s.opened[:]
	s.cards.Reset(text)
	s.elements[0] = element{end: len(text), closed: true}
	s.findHookpoint()
	s.begin(hookpoint)
	if !s.all() {
		return false
	}
	s.found()
	return true
}

// deepestOpen is how many elements may be in each other in one pass.
const deepestOpen = 48

// scan is one pass. An element's index is how deep it is: elements and fates have the
// open ones only.
type scan struct {
	hiding
	read    document
	opened  [deepestOpen + 2]element // one more for the key of the innermost
	decided [deepestOpen + 2]fate
	top     int32
	deepest int32

	hookpointAt int  // where the text of hookpointKey begins; 0 = there is none
	hookpointOK bool // it is the first that there is

	plain     [12]plainRest // that were met: as many types of values as request and answer name
	nextPlain int
}

// plainRest is what follows the name of a start tag, with nothing to hide in it.
type plainRest struct {
	text  string
	empty bool
}

var scans = sync.Pool{New: func() any { return &scan{read: document{said: map[string]bool{}}} }}

func (s *scan) release() {
	clear(s.opened[:s.deepest+2])
	clear(s.decided[:s.deepest+2])
	clear(s.attributes[:cap(s.attributes)])
	clear(s.edits)
	if len(s.said) > keptNames {
		clear(s.said)
	}
	s.cards.Reset("")
	s.read = document{said: s.said, attributes: s.attributes[:0], cards: s.cards}
	s.hiding = hiding{edits: s.edits[:0], covered: s.covered[:0]}
	s.top, s.deepest, s.hookpointAt, s.hookpointOK = 0, 0, 0, false
	scans.Put(s)
}

// findHookpoint looks ahead for what hookpointKey says.
func (s *scan) findHookpoint() {
	at := strings.Index(s.text, wire.HookpointKey)
	if at < 0 {
		return
	}
	tag := strings.IndexByte(s.text[at:], '>')
	if tag < 0 {
		return
	}
	at += tag + 1
	if end, plain := s.leaf(at); plain {
		s.hookpoint, s.hookpointAt = strings.Trim(s.text[at:end], " \t\r\n"), at
	}
}

// leaf finds the end tag behind a text that begins at p; plain is false when another
// tag comes first, or the text has references or is long.
func (s *scan) leaf(p int) (end int, plain bool) {
	const longest = 1 << 12 // as for document.words
	n := strings.IndexByte(s.text[p:], '<')
	if n < 0 || n >= longest || !strings.HasPrefix(s.text[p+n:], "</") {
		return p, false
	}
	return p + n, strings.IndexByte(s.text[p:p+n], '&') < 0
}

// all reads the text. It is false where the full pass is needed.
func (s *scan) all() bool {
	t := s.text
	p, ok := declarationEnd(t), true
	for p < len(t) {
		switch {
		case t[p] != '<':
			p = s.piece(p, &s.fates[s.top])
		case p+1 < len(t) && t[p+1] == '/':
			name := s.elements[s.top].name
			if s.top == 0 || !s.atEnd(p, name) {
				return false
			}
			s.top--
			p += len("</>") + len(name)
		case p+1 < len(t) && kinds[t[p+1]]&ofName != 0:
			if p, ok = s.tag(p); !ok {
				return false
			}
		default:
			return false
		}
	}
	return s.top == 0 && s.hookpointOK == (s.hookpoint != "")
}

// declarationEnd is where the usual XML declaration ends that a text begins with, else
// 0.
func declarationEnd(text string) int {
	for _, declaration := range [...]string{
		`<?xml version="1.0" encoding="UTF-8"?>`, `<?xml version="1.0" encoding="utf-8"?>`, `<?xml version='1.0' encoding='UTF-8'?>`, `<?xml version='1.0' encoding='utf-8'?>`,
		`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`, `<?xml version="1.0" encoding="UTF-8" standalone="no"?>`, `<?xml version="1.0"?>`,
	} {
		if strings.HasPrefix(text, declaration) {
			return len(declaration)
		}
	}
	return 0
}

// piece looks through the text that begins at p, of an element with a fate, and gives
// where it ends.
func (s *scan) piece(p int, f *fate) (end int) {
	t := s.text
	var odd byte
	digits := 0
	for end = p; end < len(t); end++ {
		kind := kinds[t[end]]
		if kind&opening != 0 {
			break
		}
		odd |= kind
		digits += int(kind & digit1)
	}
	switch text := t[p:end]; {
	case f.keySecret && !isBlank(text):
	case odd&special == 0 && isHarmlessASCII(text, digits):
		return end
	}
	s.words(p, end, false, f)
	s.cards.Flush()
	return end
}

// isHarmlessASCII is isHarmless for a text of XML without special characters (kinds)
// that has so many digits.
func isHarmlessASCII(text string, digits int) bool {
	const shortest = 12
	if digits >= shortest {
		return digits == len(text) && !card.Holds(text) // an id of ours, as a rule
	}
	start := skipBlank(text, 0)
	return (start == len(text) || text[start]|0x20 != 'b') && !mayHoldToken(text) // Bearer, Basic
}

// Kinds of bytes, as bits.
const (
	digit1  = 1 << iota // a digit; 1, so that they can be counted
	ofName              // may be in a name
	opening             // <
	special             // where text holds it, it may be a secret by its looks: see isHarmless
)

var kinds = func() (kinds [256]byte) {
	for i := range kinds {
		c := byte(i)
		if '0' <= c && c <= '9' {
			kinds[i] |= digit1
		}
		if isNameByte(c) {
			kinds[i] |= ofName
		}
		if c >= 0x80 || strings.IndexByte(`&{[=^@`, c) >= 0 {
			kinds[i] |= special
		}
	}
	kinds['<'] |= opening
	return kinds
}()
