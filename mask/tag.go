package mask

import "strings"

// startTag reads a tag and gives where it ends. A tag without > ends where the
// next one begins.
func (d *document) startTag(p int) int {
	t := d.text
	end := p + 1
	for end < len(t) && isNameByte(t[end]) {
		end++
	}
	parent := d.open[len(d.open)-1]
	d.elements[parent].children = true
	e := element{name: t[p+1 : end], parent: parent, attributes: int32(len(d.attributes))}
	end, empty, broken := d.readAttributes(end)
	e.broken = broken
	e.attributesEnd = int32(len(d.attributes))
	e.begin = end
	if isValueName(local(e.name)) {
		d.elements[parent].value = true
	}
	index := int32(len(d.elements))
	if empty {
		e.end, e.closed = end, true
		d.elements[parent].broken = d.elements[parent].broken || broken
		d.elements = append(d.elements, e)
		return end
	}
	d.elements = append(d.elements, e)
	d.open = append(d.open, index)
	d.names[e.name]++
	return end
}

// readAttributes reads up to the end of the tag.
func (d *document) readAttributes(p int) (end int, empty, broken bool) {
	t := d.text
	for p < len(t) {
		switch c := t[p]; {
		case c == '>':
			return p + 1, false, broken
		case c == '/' && p+1 < len(t) && t[p+1] == '>':
			return p + 2, true, broken
		case c == '<':
			return p, false, true
		case !isNameByte(c):
			broken = broken || !isBlank(t[p:p+1])
			p++
			continue
		}
		start := p
		for p < len(t) && isNameByte(t[p]) {
			p++
		}
		a := attribute{name: t[start:p]}
		after := skipBlank(t, p)
		if after == len(t) || t[after] != '=' {
			broken = true
			continue
		}
		a.start = skipBlank(t, after+1)
		if a.start == len(t) {
			return len(t), false, true
		}
		switch quote := t[a.start]; quote {
		case '"', '\'':
			a.start++
			length := strings.IndexByte(t[a.start:], quote)
			if length < 0 {
				length = len(t) - a.start
			}
			// No value has a < in it: the quote that ends this one is missing. What
			// is secret is hidden up to the next quote even so.
			if bracket := strings.IndexByte(t[a.start:a.start+length], '<'); bracket >= 0 && !d.named(local(a.name)) {
				length = bracket
			}
			a.end = a.start + length
			p = min(a.end+1, len(t))
			if a.end < len(t) && t[a.end] == '<' {
				p = a.end
			}
		default:
			a.end = a.start
			for a.end < len(t) && strings.IndexByte(" \t\r\n<>", t[a.end]) < 0 {
				a.end++
			}
			p = a.end
		}
		d.attributes = append(d.attributes, a)
	}
	return len(t), false, true
}

func (d *document) endTag(p int) int {
	t := d.text
	end := p + 2
	for end < len(t) && isNameByte(t[end]) {
		end++
	}
	name := t[p+2 : end]
	after := skipBlank(t, end)
	if after == len(t) || t[after] != '>' || d.names[name] == 0 {
		d.top().broken = true
	}
	for end < len(t) && t[end] != '>' && t[end] != '<' {
		end++
	}
	if end < len(t) && t[end] == '>' {
		end++
	}
	if d.names[name] == 0 {
		return end
	}
	for d.top().name != name {
		d.close(p, false)
	}
	d.close(p, true)
	return end
}
