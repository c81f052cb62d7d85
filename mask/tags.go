package mask

import (
	"strings"

	"rator/wire"
)

// tag reads the start tag at p, and the key behind it where there is one, decides for
// its element, and gives where what is to be read next begins.
func (s *scan) tag(p int) (next int, ok bool) {
	t := s.text
	end, colon := s.nameEnd(p)
	i := s.top + 1
	if end == len(t) || int(i) > deepestOpen {
		return 0, false
	}
	s.deepest = max(s.deepest, i)
	name := t[colon+1 : end]
	e, parent := &s.elements[i], &s.elements[s.top]
	*e = element{name: t[p+1 : end], parent: s.top, closed: true}
	s.attributes = s.attributes[:0]
	begin, empty, ok := s.rest(e, end)
	if !ok || !s.pair(parent, name, empty) {
		return 0, false
	}
	e.begin, e.end = begin, begin
	leaf, keyAt := true, 0
	if !empty {
		if leaf, keyAt, ok = s.content(e, i); !ok {
			return 0, false
		}
	}
	if name == wire.HookpointKey && !s.hookpointOK {
		if s.hookpointOK = e.begin == s.hookpointAt && !empty; !s.hookpointOK {
			return 0, false
		}
	}
	f := &s.fates[i]
	*f = fate{}
	if up := &s.fates[s.top]; !up.secret && !up.keySecret && !up.typed && !e.keyed && e.attributes == e.attributesEnd && isOfValues(name) {
		f.values, f.label = up.values, up.label // element would decide nothing else
	} else if s.element(i); f.secret && !leaf {
		return 0, false
	}
	parent.keyElement = -1
	switch {
	case empty:
		return begin, true
	case f.done:
		begin = e.end
	case e.keyed:
		begin = s.piece(keyAt, &fate{}) + len("</>") + len(s.elements[e.keyElement].name)
		e.keyElement = -1 // it was read; no other is it
	}
	s.top = i
	return begin, true
}

// nameEnd is where the name ends of a tag at p, and its last colon; p for none.
func (s *scan) nameEnd(p int) (end, colon int) {
	end, colon = p+1, p
	for ; end < len(s.text) && kinds[s.text[end]]&ofName != 0; end++ {
		if s.text[end] == ':' {
			colon = end
		}
	}
	return end, colon
}

// pair notes what an element called name means to its parent: the name of a pair, or
// its value. It is false for keys that are not the first that their parents have in
// them, for empty ones, and for pairs by name.
func (s *scan) pair(parent *element, name string, empty bool) bool {
	switch {
	case s.top == 0:
	case isKeyName(name):
		return parent.keyed && !parent.named // the second of two means nothing
	case isNameName(name):
		if parent.value || empty {
			return false
		}
		if !parent.keyed {
			parent.keyed, parent.named, parent.keyElement = true, true, s.top+1
		}
	case isValueName(name):
		parent.value = true
		return !parent.named
	}
	return true
}

// rest reads what follows the name of a tag. It leaves out attributes that are plain.
func (s *scan) rest(e *element, p int) (end int, empty, ok bool) {
	if s.text[p] == '>' {
		return p + 1, false, true
	}
	for i := range s.plain {
		if r := &s.plain[i]; r.text != "" && strings.HasPrefix(s.text[p:], r.text) {
			return p + len(r.text), r.empty, true
		}
	}
	first := len(s.attributes)
	end, empty, broken := s.readAttributes(p)
	if broken {
		return 0, false, false
	}
	if s.arePlain(s.attributes[first:]) {
		s.attributes = s.attributes[:first]
		if end-p <= longestPlain {
			s.plain[s.nextPlain] = plainRest{strings.Clone(s.text[p:end]), empty}
			s.nextPlain = (s.nextPlain + 1) % len(s.plain)
		}
	}
	e.attributes, e.attributesEnd = int32(first), int32(len(s.attributes))
	return end, empty, true
}

// longestPlain is how long the rest of a tag may be that is remembered.
const longestPlain = 256

// arePlain reports whether there is nothing to hide in attributes, whatever is in their
// element, and nothing that they say of it.
func (s *scan) arePlain(attributes []attribute) bool {
	for _, a := range attributes {
		name, value := local(a.name), s.text[a.start:a.end]
		switch {
		case strings.HasPrefix(a.name, "xmlns"):
		case a.name == "id", isNaming(a.name), !isHarmlessAttribute(name), s.named(name), !isHarmless(value), strings.IndexByte(value, '&') >= 0:
			return false
		}
	}
	return true
}

// content looks at what an element begins with: its key, which it notes, with where the
// text of that begins, or the end of an element that has none in it. It is not ok where
// a key is not plain.
func (s *scan) content(e *element, i int32) (leaf bool, keyAt int, ok bool) {
	t := s.text
	p := skipBlank(t, e.begin)
	if p+1 < len(t) && t[p] == '<' && kinds[t[p+1]]&ofName != 0 {
		keyAt, ok = s.key(e, i, p)
		return false, keyAt, ok
	}
	n := strings.IndexByte(t[p:], '<')
	if n < 0 || p+n+1 == len(t) {
		return false, 0, false
	}
	if t[p+n+1] == '/' {
		e.end = p + n
		return true, 0, true
	}
	return false, 0, true
}

// key notes what the element that begins at p says if it is the key of e, and gives
// where its text begins.
func (s *scan) key(e *element, i int32, p int) (at int, ok bool) {
	t := s.text
	end, colon := s.nameEnd(p)
	if !isKeyName(t[colon+1 : end]) {
		return 0, true
	}
	if end == len(t) {
		return 0, false
	}
	key := &s.elements[i+1]
	*key = element{name: t[p+1 : end]}
	at, empty, ok := s.rest(key, end)
	if !ok || empty || key.attributes != key.attributesEnd {
		return 0, false
	}
	stop, plain := s.leaf(at)
	if !plain || !s.atEnd(stop, key.name) {
		return 0, false
	}
	e.keyed, e.keyElement, e.key = true, i+1, strings.Trim(t[at:stop], " \t\r\n")
	return at, true
}

// atEnd reports whether the end tag of an element is at p.
func (s *scan) atEnd(p int, name string) bool {
	end := p + len("</") + len(name)
	return end < len(s.text) && s.text[end] == '>' && s.text[p+2:end] == name
}
