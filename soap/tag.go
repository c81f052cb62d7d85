package soap

// attribute is an attribute of a start tag, namespace declarations excepted.
type attribute struct {
	prefix, local string
	value         string
	in            namespace // none when it has no prefix
	offset        int
}

// startTag reads the start tag at the position. Names are resolved when all of
// its attributes are read: Axis 1.4 writes xsi:type before the declarations it
// needs.
func (s *scanner) startTag() error {
	m, start := s.message, s.position
	p, colon, err := s.name(start + 1)
	if err != nil {
		return err
	}
	if err := s.openElement(start, p); err != nil {
		return err
	}
	s.attributes = s.attributes[:0]
	for {
		next := skipSpace(m, p)
		switch {
		case next == len(m):
			return s.unfinished()
		case m[next] == '>':
			s.position = next + 1
			return s.resolve(colon)
		case m[next] == '/':
			if next+1 == len(m) || m[next+1] != '>' {
				return s.syntaxError(next, "'/' in a tag is not followed by '>'")
			}
			s.position, s.selfClosed = next+2, true
			return s.resolve(colon)
		case next == p:
			return s.syntaxError(p, "white space is missing before an attribute")
		}
		if p, err = s.attribute(next); err != nil {
			return err
		}
	}
}

// openElement counts an element, whose start tag is at offset, and makes it the
// innermost one.
func (s *scanner) openElement(offset, nameEnd int) error {
	if s.elements++; s.elements > s.limits.Elements {
		return s.limitError(limitElements, s.limits.Elements, offset)
	}
	depth := len(s.frames)
	if depth == s.limits.Depth {
		return s.limitError(limitDepth, s.limits.Depth, offset)
	}
	if depth > 0 {
		parent := &s.frames[depth-1]
		if parent.children++; parent.children > s.limits.Children {
			return s.limitError(limitChildren, s.limits.Children, offset)
		}
	}
	s.frames = append(s.frames, frame{offset: offset, nameEnd: nameEnd, bindings: len(s.bindings)})
	return nil
}

// attribute reads the attribute or namespace declaration at p and gives the
// offset behind it.
func (s *scanner) attribute(p int) (int, error) {
	m, start := s.message, p
	p, colon, err := s.name(start)
	if err != nil {
		return p, err
	}
	name := attribute{local: m[start:p], offset: start}
	if colon > 0 {
		name.prefix, name.local = m[start:colon], m[colon+1:p]
	}
	if p = skipSpace(m, p); p == len(m) || m[p] != '=' {
		return p, s.syntaxError(start, "attribute %q has no value", clip(name.local))
	}
	if p = skipSpace(m, p+1); p == len(m) || m[p] != '"' && m[p] != '\'' {
		return p, s.syntaxError(start, "the value of attribute %q is not quoted", clip(name.local))
	}
	name.value, p, err = s.attributeValue(p)
	switch {
	case err != nil:
		return p, err
	case name.prefix == "xmlns":
		return p, s.declare(name.local, name.value, start)
	case colon == 0 && name.local == "xmlns":
		return p, s.declare("", name.value, start)
	case len(s.attributes) == s.limits.Attributes:
		return p, s.limitError(limitAttributes, s.limits.Attributes, start)
	}
	s.attributes = append(s.attributes, name)
	return p, nil
}

// valueStops are the bytes at which an attribute value ends or is no longer
// what it looks like.
var valueStops = [256]bool{'"': true, '\'': true, '<': true, '&': true, '\t': true, '\n': true, '\r': true}

// attributeValue reads the value whose opening quote is at p and gives the
// offset behind the closing one. White space becomes blanks (XML 1.0, 3.3.3).
func (s *scanner) attributeValue(p int) (string, int, error) {
	m, quote := s.message, s.message[p]
	start, base := p+1, -1
	written := start // what lies before it is in the scratch, if anything is
	for p = start; ; {
		for p < len(m) && !valueStops[m[p]] {
			p++
		}
		switch {
		case p-start > s.limits.AttributeBytes:
			return "", p, s.limitError(limitAttributeBytes, s.limits.AttributeBytes, start)
		case p == len(m):
			return "", p, s.unfinished()
		case m[p] == quote && base < 0:
			return m[start:p], p + 1, nil
		case m[p] == quote:
			s.scratch.WriteString(m[written:p])
			return s.scratch.String()[base:], p + 1, nil
		case m[p] == '"', m[p] == '\'':
			p++
			continue
		case m[p] == '<':
			return "", p, s.syntaxError(p, "'<' stands in an attribute value: write &lt;")
		}
		if base < 0 {
			base = s.scratch.Len()
		}
		s.scratch.WriteString(m[written:p])
		var err error
		if p, err = s.replaced(p); err != nil {
			return "", p, err
		}
		written = p
	}
}

// replaced writes what the reference or white space at p stands for in an
// attribute value, and gives the offset behind it.
func (s *scanner) replaced(p int) (int, error) {
	if s.message[p] == '&' {
		return s.reference(p)
	}
	s.scratch.WriteByte(' ')
	if s.message[p] == '\r' && p+1 < len(s.message) && s.message[p+1] == '\n' {
		return p + 2, nil
	}
	return p + 1, nil
}

// resolve gives the element and its attributes their namespaces, and finds
// attributes given twice. colon is where the element's prefix ends, 0 when it
// has none.
func (s *scanner) resolve(colon int) error {
	open := &s.frames[len(s.frames)-1]
	prefix := ""
	s.local = s.nameOf(open)
	if colon > 0 {
		prefix, s.local = s.message[open.offset+len("<"):colon], s.message[colon+1:open.nameEnd]
	}
	var declared bool
	if s.in, declared = s.lookup(prefix); !declared {
		return s.syntaxError(open.offset, "prefix %q is not declared", clip(prefix))
	}
	for i := range s.attributes {
		a := &s.attributes[i]
		if a.prefix != "" {
			if a.in, declared = s.lookup(a.prefix); !declared {
				return s.syntaxError(a.offset, "prefix %q is not declared", clip(a.prefix))
			}
		}
		for j := range i {
			if b := &s.attributes[j]; b.local == a.local && b.in == a.in {
				return s.syntaxError(a.offset, "attribute %q is given twice", clip(a.local))
			}
		}
	}
	return nil
}
