package compare

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"rator/wire"
)

// attribute is one as it is written, its value without references.
type attribute struct {
	name, value string
}

// scan reads the text from its start to its end: markup is told apart and handed
// on. Names and texts are parts of the text wherever nothing in them is a reference.
func (p *parser) scan() error {
	for p.pos < len(p.text) {
		p.at.to(p.text, p.pos)
		rest := p.text[p.pos:]
		var err error
		switch {
		case rest[0] != '<':
			err = p.scanText(rest)
		case strings.HasPrefix(rest, "</"):
			err = p.scanEnd()
		case strings.HasPrefix(rest, "<!--"):
			err = p.skipComment()
		case strings.HasPrefix(rest, "<![CDATA["):
			err = p.scanCDATA()
		case strings.HasPrefix(rest, "<!"):
			err = p.skipDirective()
		case strings.HasPrefix(rest, "<?"):
			err = p.skipInstruction()
		default:
			err = p.scanStart()
		}
		if err != nil {
			return err
		}
	}
	p.at.to(p.text, p.pos)
	return nil
}

// refuseAt is refuse at an offset that lies behind the place.
func (p *parser) refuseAt(offset int, format string, args ...any) error {
	p.at.to(p.text, offset)
	return p.refuse(format, args...)
}

func (p *parser) scanText(rest string) error {
	end := strings.IndexByte(rest, '<')
	if end < 0 {
		end = len(rest)
	}
	if at := strings.Index(rest[:end], "]]>"); at >= 0 {
		return p.refuseAt(p.pos+at, "]]> outside of CDATA")
	}
	text, err := p.unescape(p.pos, p.pos+end)
	if err != nil {
		return err
	}
	p.pos += end
	return p.characters(text)
}

func (p *parser) scanCDATA() error {
	start := p.pos + len("<![CDATA[")
	length := strings.Index(p.text[start:], "]]>")
	if length < 0 {
		return p.refuse("the CDATA section is not closed")
	}
	p.pos = start + length + len("]]>")
	return p.characters(lines(p.text[start : start+length]))
}

func (p *parser) skipComment() error {
	start := p.pos + len("<!--")
	length := strings.Index(p.text[start:], "--")
	if length < 0 || start+length+2 >= len(p.text) {
		return p.refuse("the comment is not closed")
	}
	if p.text[start+length+2] != '>' {
		return p.refuseAt(start+length, "-- in a comment")
	}
	p.pos = start + length + len("-->")
	return nil
}

// skipDirective skips a document type with what is declared in it.
func (p *parser) skipDirective() error {
	if !strings.HasPrefix(p.text[p.pos:], "<!DOCTYPE") || p.root != nil {
		return p.refuse("<! begins neither a comment, CDATA nor, before the first element, a document type")
	}
	depth := 0
	var quote byte
	for at := p.pos; at < len(p.text); at++ {
		switch c := p.text[at]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case strings.HasPrefix(p.text[at:], "<!--"):
			length := strings.Index(p.text[at+len("<!--"):], "-->")
			if length < 0 {
				return p.refuse("the comment is not closed")
			}
			at += len("<!--") + length + len("-->") - 1
		case c == '"' || c == '\'':
			quote = c
		case c == '<':
			depth++
		case c == '>':
			if depth--; depth == 0 {
				p.pos = at + 1
				return nil
			}
		}
	}
	return p.refuse("<! is not closed")
}

func (p *parser) skipInstruction() error {
	end, err := p.scanName(p.pos + len("<?"))
	if err != nil {
		return err
	}
	target := p.text[p.pos+len("<?") : end]
	length := strings.Index(p.text[end:], "?>")
	switch {
	case length < 0:
		return p.refuse("<? is not closed")
	case strings.EqualFold(target, "xml") && (target != "xml" || p.pos > 0):
		return p.refuse("an XML declaration belongs at the start")
	}
	p.pos = end + length + len("?>")
	return nil
}

func (p *parser) scanEnd() error {
	start := p.pos + len("</")
	end, err := p.scanName(start)
	if err != nil {
		return err
	}
	close := p.skipSpace(end)
	if close == len(p.text) || p.text[close] != '>' {
		return p.refuseAt(close, "</%s is not closed", clip(p.text[start:end]))
	}
	p.pos = close + 1
	return p.end(p.text[start:end])
}

func (p *parser) scanStart() error {
	start := p.pos + 1
	end, err := p.scanName(start)
	if err != nil {
		return err
	}
	name := p.text[start:end]
	p.attributes = p.attributes[:0]
	for {
		at := p.skipSpace(end)
		switch {
		case at == len(p.text):
			return p.refuseAt(at, "<%s is not closed", clip(name))
		case p.text[at] == '>':
			p.pos = at + 1
			return p.start(name)
		case strings.HasPrefix(p.text[at:], "/>"):
			p.pos = at + 2
			if err := p.start(name); err != nil {
				return err
			}
			return p.end(name)
		case at == end:
			return p.refuseAt(at, "white space is missing in <%s", clip(name))
		case len(p.attributes) == maxAttributes:
			return p.refuse("an element has more than %d attributes and namespace declarations", maxAttributes)
		}
		if end, err = p.scanAttribute(at); err != nil {
			return err
		}
	}
}

func (p *parser) scanAttribute(at int) (end int, err error) {
	nameEnd, err := p.scanName(at)
	if err != nil {
		return 0, err
	}
	name := p.text[at:nameEnd]
	at = p.skipSpace(nameEnd)
	if at == len(p.text) || p.text[at] != '=' {
		return 0, p.refuseAt(at, "the attribute %s has no value", clip(name))
	}
	at = p.skipSpace(at + 1)
	if at == len(p.text) || p.text[at] != '"' && p.text[at] != '\'' {
		return 0, p.refuseAt(at, "the value of %s is not quoted", clip(name))
	}
	length := strings.IndexByte(p.text[at+1:], p.text[at])
	if length < 0 {
		return 0, p.refuseAt(at, "the value of %s is not closed", clip(name))
	}
	end = at + 1 + length
	if i := strings.IndexByte(p.text[at+1:end], '<'); i >= 0 {
		return 0, p.refuseAt(at+1+i, "< in the value of %s", clip(name))
	}
	// The place stays at the start tag, which is what is shown of its attributes.
	place := p.at
	v, err := p.unescape(at+1, end)
	if err != nil {
		return 0, err
	}
	p.at = place
	p.attributes = append(p.attributes, attribute{name, v})
	return end + 1, nil
}

func (p *parser) skipSpace(at int) int {
	for at < len(p.text) && (p.text[at] == ' ' || p.text[at] == '\n' || p.text[at] == '\t' || p.text[at] == '\r') {
		at++
	}
	return at
}

// scanName gives where a name ends.
func (p *parser) scanName(start int) (end int, err error) {
	at := start
	for at < len(p.text) {
		c := p.text[at]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == ':' || at > start && (c >= '0' && c <= '9' || c == '-' || c == '.') {
			at++
			continue
		}
		if c < utf8.RuneSelf {
			break
		}
		r, size := utf8.DecodeRuneInString(p.text[at:])
		if !wire.IsWideNameStart(r) && (at == start || !wire.IsWideNameRest(r)) {
			break
		}
		at += size
	}
	if at == start {
		return 0, p.refuseAt(start, "a name is missing")
	}
	return at, nil
}

// unescape is a part of the text without references, its lines ended by \n.
func (p *parser) unescape(start, end int) (string, error) {
	text := p.text[start:end]
	at := strings.IndexByte(text, '&')
	if at < 0 {
		return lines(text), nil
	}
	var b strings.Builder
	b.Grow(len(text))
	done := 0
	for at >= 0 {
		b.WriteString(lines(text[done : done+at]))
		done += at
		length := strings.IndexByte(text[done:min(len(text), done+maxReference)], ';')
		if length < 0 {
			return "", p.refuseAt(start+done, "& is no reference; write &amp; for a plain &")
		}
		name := text[done+1 : done+length]
		if !writeReference(&b, name) {
			return "", p.refuseAt(start+done, "&%s; is not known; there are &lt; &gt; &amp; &quot; &apos; and numbers", clip(name))
		}
		done += length + 1
		at = strings.IndexByte(text[done:], '&')
	}
	b.WriteString(lines(text[done:]))
	return b.String(), nil
}

// maxReference is longer than any reference there is.
const maxReference = 64

func writeReference(b *strings.Builder, name string) bool {
	switch name {
	case "lt":
		b.WriteByte('<')
	case "gt":
		b.WriteByte('>')
	case "amp":
		b.WriteByte('&')
	case "quot":
		b.WriteByte('"')
	case "apos":
		b.WriteByte('\'')
	default:
		digits, ok := strings.CutPrefix(name, "#")
		base := 10
		if hex, isHex := strings.CutPrefix(digits, "x"); isHex {
			digits, base = hex, 16
		}
		n, err := strconv.ParseUint(digits, base, 32)
		if !ok || err != nil || !wire.IsCharacter(rune(n)) || n > utf8.MaxRune {
			return false
		}
		b.WriteRune(rune(n))
	}
	return true
}

// lines ends lines by \n (XML 1.0, 2.11).
func lines(text string) string {
	if strings.IndexByte(text, '\r') < 0 {
		return text
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

// checkCharacters finds the first character that XML forbids.
func (p *parser) checkCharacters() error {
	for at := 0; at < len(p.text); {
		c := p.text[at]
		if c >= 0x20 && c < utf8.RuneSelf || c == '\n' || c == '\t' || c == '\r' {
			at++
			continue
		}
		r, size := utf8.DecodeRuneInString(p.text[at:])
		if !wire.IsCharacter(r) {
			return p.refuseAt(at, "the character U+%04X is not allowed in XML", r)
		}
		at += size
	}
	return nil
}
