package mask

import (
	"strings"
	"sync"

	"rator/card"
	"rator/wire"
)

// document is what a text holds as XML, as far as it can be made out. Element 0
// is the text as a whole.
type document struct {
	text       string
	elements   []element
	attributes []attribute
	pieces     []piece
	open       []int32          // open elements, outermost first
	names      map[string]int32 // how many of a name are open
	hookpoint  string           // what hookpointKey says
	said       map[string]bool  // what named says of a name that was met
	cards      card.Finder
}

type element struct {
	name          string // with prefix
	begin         int    // of its content
	end           int    // of its content
	parent        int32
	attributes    int32 // the first of its own
	attributesEnd int32
	closed        bool   // by its own end tag
	broken        bool   // a tag of it, or in it, is none or is missing
	children      bool   // has elements in it
	words         bool   // has text of its own that is not white space
	keyed         bool   // has a key
	key           string // what its key says
	named         bool   // the key is of an element that is called name
	keyElement    int32
	value         bool // has an element that is called value
	unknown       bool // what its text says is not known
}

type attribute struct {
	name       string
	start, end int // of its value
}

// piece is text of an element, between its tags.
type piece struct {
	start, end int
	owner      int32
	kind       byte // what it begins with: 't' text, 'c' CDATA, '!' a comment, '?' an instruction, 'd' a DOCTYPE
	joined     bool // to the piece of text before it: no tag is between
}

// keptNames is how many names a document that was read remembers for the next.
const keptNames = 512

var documents = sync.Pool{New: func() any { return &document{names: map[string]int32{}, said: map[string]bool{}} }}

// parse reads a text.
func parse(text string) *document {
	d := documents.Get().(*document)
	d.text = text
	d.elements = append(d.elements, element{end: len(text), closed: true})
	d.open = append(d.open, 0)
	d.read()
	for len(d.open) > 1 {
		d.close(len(text), false)
	}
	return d
}

func (d *document) release() {
	const kept = 1 << 14
	if cap(d.elements) > kept || cap(d.pieces) > kept || cap(d.attributes) > kept {
		return
	}
	clear(d.elements)
	clear(d.attributes)
	clear(d.names)
	if len(d.said) > keptNames { // else the next document has the same names, as a rule
		clear(d.said)
	}
	d.cards.Reset("")
	*d = document{
		elements: d.elements[:0], attributes: d.attributes[:0], pieces: d.pieces[:0], open: d.open[:0], names: d.names, said: d.said, cards: d.cards,
	}
	documents.Put(d)
}

func (d *document) top() *element { return &d.elements[d.open[len(d.open)-1]] }

func (d *document) read() {
	t, p := d.text, 0
	joined := false
	for p < len(t) {
		next := strings.IndexByte(t[p:], '<')
		if next < 0 {
			next = len(t) - p
		}
		if next > 0 {
			d.piece('t', p, p+next, joined)
			joined = true
			p += next
			continue
		}
		rest := t[p:]
		switch {
		case strings.HasPrefix(rest, "<!--"):
			end := past(rest, 4, "-->")
			d.piece('!', p+4, p+end.inside, joined)
			p += end.all
		case strings.HasPrefix(rest, "<![CDATA["):
			end := past(rest, 9, "]]>")
			d.piece('c', p+9, p+end.inside, joined)
			joined = true
			p += end.all
		case strings.HasPrefix(rest, "<!"):
			end := doctypeEnd(rest)
			d.piece('d', p+2, p+end, joined)
			p += end
		case strings.HasPrefix(rest, "<?"):
			end := past(rest, 2, "?>")
			d.piece('?', p+2, p+end.inside, joined)
			p += end.all
		case strings.HasPrefix(rest, "</"):
			p = d.endTag(p)
			joined = false
		case len(rest) > 1 && isNameByte(rest[1]):
			p = d.startTag(p)
			joined = false
		default: // a '<' that begins nothing
			d.piece('t', p, p+1, joined)
			joined = true
			p++
		}
	}
}

type ends struct{ inside, all int }

// past finds where what began before from ends: at mark, or with the text.
func past(rest string, from int, mark string) ends {
	i := strings.Index(rest[from:], mark)
	if i < 0 {
		return ends{len(rest), len(rest)}
	}
	return ends{from + i, from + i + len(mark)}
}

// doctypeEnd finds the > that ends a declaration, outside its own subset.
func doctypeEnd(rest string) int {
	depth := 0
	for i := 2; i < len(rest); i++ {
		switch rest[i] {
		case '[':
			depth++
		case ']':
			depth--
		case '"', '\'':
			close := strings.IndexByte(rest[i+1:], rest[i])
			if close < 0 {
				return len(rest)
			}
			i += close + 1
		case '>':
			if depth <= 0 {
				return i
			}
		}
	}
	return len(rest)
}

func (d *document) piece(kind byte, start, end int, joined bool) {
	if start >= end {
		return
	}
	owner := d.open[len(d.open)-1]
	if last := len(d.pieces) - 1; joined && kind == 't' && d.pieces[last].kind == 't' && d.pieces[last].end == start {
		d.pieces[last].end = end // a < that begins nothing is text
	} else {
		d.pieces = append(d.pieces, piece{start: start, end: end, owner: owner, kind: kind, joined: joined})
	}
	if kind == 't' || kind == 'c' {
		if e := &d.elements[owner]; !e.words && !isBlank(d.text[start:end]) {
			e.words = true
		}
	}
}

// close ends the innermost element.
func (d *document) close(end int, closed bool) {
	index := d.open[len(d.open)-1]
	e := &d.elements[index]
	e.end, e.closed = end, closed
	e.broken = e.broken || !closed
	if e.broken {
		d.elements[e.parent].broken = true
	}
	d.open = d.open[:len(d.open)-1]
	d.names[e.name]--
	switch name := local(e.name); {
	case isKeyName(name), isNameName(name):
		parent := &d.elements[e.parent]
		isName := len(name) == 4
		if e.parent == 0 || parent.keyed && !(parent.named && !isName) || !closed && end == len(d.text) {
			return
		}
		parent.keyed, parent.named, parent.keyElement = true, isName, index
		parent.key = d.words(index)
	case name == wire.HookpointKey && d.hookpoint == "":
		d.hookpoint = d.words(index)
	}
}

// words is the text of an element, decoded. Of one in very many pieces the text
// is not known.
func (d *document) words(index int32) string {
	const mostPieces, longest = 64, 1 << 12
	e := &d.elements[index]
	if !e.children && e.end-e.begin < longest {
		raw := d.text[e.begin:e.end]
		if strings.IndexByte(raw, '&') < 0 && strings.IndexByte(raw, '<') < 0 {
			return strings.Trim(raw, " \t\r\n")
		}
	}
	words := ""
	for i, n := len(d.pieces)-1, 0; i >= 0 && d.pieces[i].start >= e.begin; i-- {
		if n++; n > mostPieces || len(words) > longest {
			e.unknown = true
			break
		}
		p := d.pieces[i]
		if p.owner != index || p.kind != 't' && p.kind != 'c' {
			continue
		}
		part := d.text[p.start:p.end]
		if p.kind == 't' {
			var known bool
			part, known = unescape(part)
			e.unknown = e.unknown || !known
		}
		words = part + words
	}
	return strings.Trim(words, " \t\r\n")
}

// named is named, which is asked of the same few names again and again.
func (d *document) named(name string) bool {
	says, met := d.said[name]
	if !met {
		says = named(name)
		d.said[strings.Clone(name)] = says // the name is a part of the text
	}
	return says
}

func isNameByte(c byte) bool {
	return isUpper(c) || isLower(c) || '0' <= c && c <= '9' || c == '_' || c == ':' || c == '-' || c == '.' || c >= 0x80
}

// isKeyName, isNameName and isValueName are asked of every element.
func isKeyName(name string) bool {
	return name == "key" || len(name) >= 3 && len(name) <= 5 && name != "value" && strings.EqualFold(name, "key") // 5: with the sign of kelvin
}

func isNameName(name string) bool { return len(name) == 4 && strings.EqualFold(name, "name") }

func isValueName(name string) bool {
	return name == "value" || len(name) == 5 && strings.EqualFold(name, "value")
}

// isOfValues reports whether a name is one of those that most elements have, which
// say nothing of what is in them.
func isOfValues(name string) bool {
	return name == wire.Value || name == wire.Values || name == wire.Key
}

func isBlank(s string) bool { return skipBlank(s, 0) == len(s) }

func skipBlank(s string, p int) int {
	for p < len(s) && (s[p] == ' ' || s[p] == '\t' || s[p] == '\r' || s[p] == '\n') {
		p++
	}
	return p
}
