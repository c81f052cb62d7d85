package soap

import (
	"encoding/base64"
	"net/url"
	"strings"
)

// namespaceInclude is that of xop:Include (XOP, 2.1).
const namespaceInclude = "http://www.w3.org/2004/08/xop/include"

// include gives the envelope, which is in UTF-8 and whose XML declaration ends at
// start, with each xop:Include replaced by the part it names. The declaration, which
// may name another charset, becomes white space, so that every place before the
// first Include stays where it was.
func include(envelope string, start int, parts []part, limits *Limits) (string, error) {
	d := decoders.Get().(*decoder)
	defer d.release()
	s := &d.scanner
	if err := s.reset(envelope, start, limits); err != nil {
		return "", err
	}
	to := append(make([]byte, 0, len(envelope)), strings.Repeat(" ", start)...)
	written := start
	for {
		token, err := s.next()
		switch {
		case err != nil:
			return "", err
		case token == tokenDone:
			return string(append(to, envelope[written:]...)), nil
		case token != tokenStart || s.local != "Include" || s.in.uri != namespaceInclude:
			continue
		}
		from, href := s.frames[len(s.frames)-1].offset, s.plainAttribute("href")
		if err := s.skip(); err != nil {
			return "", err
		}
		to = append(to, envelope[written:from]...)
		written = s.position
		if to, err = appendPart(to, href, parts); err != nil {
			return "", err
		}
		if len(to)+len(envelope)-written > limits.MessageBytes {
			return "", &LimitError{Limit: limitMessageBytes, Max: limits.MessageBytes}
		}
	}
}

// plainAttribute is the value of an attribute without a namespace, "" when the
// open element has none of that name.
func (s *scanner) plainAttribute(name string) string {
	for i := range s.attributes {
		if a := &s.attributes[i]; a.prefix == "" && a.local == name {
			return a.value
		}
	}
	return ""
}

// appendPart appends the content of the part that a cid: URL names (RFC 2392):
// a text as it is, anything else as base64.
func appendPart(to []byte, href string, parts []part) ([]byte, error) {
	const scheme = "cid:"
	named := trimSpace(href)
	if len(named) <= len(scheme) || !strings.EqualFold(named[:len(scheme)], scheme) {
		return to, messageError("xop:Include has the href %q: it must name a part, as cid:CONTENT-ID", clip(href))
	}
	id, err := url.PathUnescape(named[len(scheme):])
	if err != nil {
		return to, messageError("xop:Include has the href %q, whose escapes cannot be read", clip(href))
	}
	p := partNamed(parts, id)
	if p == nil {
		return to, messageError("xop:Include names the part <%s>, and no part of the message has that Content-ID", clip(id))
	}
	if p.kind != "" && !strings.HasPrefix(p.kind, "text/") {
		return base64.StdEncoding.AppendEncode(to, []byte(p.content)), nil
	}
	text, _, err := toUTF8(p.content, p.charset)
	if err == nil {
		err = checkCharacters(text)
	}
	if err != nil {
		return to, messageError("%s cannot be the text of a value: %s", p, err)
	}
	return appendText(to, text), nil
}
