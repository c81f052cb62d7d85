package soap

import "strings"

const (
	commentOpen = "<!--"
	cdataOpen   = "<![CDATA["
	cdataClose  = "]]>"
)

// textStops are the bytes at which a text is no longer what it looks like.
var textStops = [256]bool{'<': true, '&': true, '\r': true, ']': true}

// characters reads all characters up to the next tag, across references,
// comments and CDATA sections. A text without any of these is a part of the
// message.
func (s *scanner) characters() error {
	m, start := s.message, s.position
	p := start
	for p < len(m) && !textStops[m[p]] {
		p++
	}
	if p+1 < len(m) && m[p] == '<' && m[p+1] != '!' {
		s.text, s.position = m[start:p], p
		return s.checkText(start)
	}
	return s.mixedCharacters(p)
}

// mixedCharacters goes on at p, where characters met something that cannot be
// taken as it stands, and writes the text to the scratch.
func (s *scanner) mixedCharacters(p int) (err error) {
	m, start, base := s.message, s.position, s.scratch.Len()
	s.scratch.WriteString(m[start:p])
	for {
		plain := p
		for p < len(m) && !textStops[m[p]] {
			p++
		}
		s.scratch.WriteString(m[plain:p])
		if p == len(m) {
			return s.unfinished()
		}
		switch rest := m[p:]; {
		case rest[0] == '&':
			p, err = s.reference(p)
		case rest[0] == '\r':
			p = s.lineEnd(p)
		case rest[0] == ']':
			if strings.HasPrefix(rest, cdataClose) {
				return s.syntaxError(p, "\"]]>\" stands in a text: write ]]&gt;")
			}
			s.scratch.WriteByte(']')
			p++
		case strings.HasPrefix(rest, commentOpen):
			p, err = s.comment(p)
		case strings.HasPrefix(rest, cdataOpen):
			p, err = s.cdata(p)
		case strings.HasPrefix(rest, "<!"):
			err = s.syntaxError(p, "\"<!\" begins neither a comment nor CDATA")
		default:
			s.text, s.position = s.scratch.String()[base:], p
			return s.checkText(start)
		}
		if err != nil {
			return err
		}
		if p-start > s.limits.TextBytes {
			return s.limitError(limitTextBytes, s.limits.TextBytes, start)
		}
	}
}

func (s *scanner) checkText(start int) error {
	if s.position-start > s.limits.TextBytes {
		return s.limitError(limitTextBytes, s.limits.TextBytes, start)
	}
	return nil
}

// lineEnd writes the line feed that every form of line end is (XML 1.0, 2.11)
// and gives the offset behind it.
func (s *scanner) lineEnd(p int) int {
	s.scratch.WriteByte('\n')
	if strings.HasPrefix(s.message[p:], "\r\n") {
		return p + 2
	}
	return p + 1
}

// comment gives the offset behind the comment that begins at p.
func (s *scanner) comment(p int) (int, error) {
	inside := p + len(commentOpen)
	length := strings.Index(s.message[inside:], "--")
	if length < 0 {
		return p, s.syntaxError(p, "the comment has no end")
	}
	end := inside + length + len("--")
	if !strings.HasPrefix(s.message[end:], ">") {
		return p, s.syntaxError(end-2, "\"--\" stands in a comment")
	}
	return end + 1, nil
}

// cdata writes the content of the CDATA section that begins at p to the scratch
// and gives the offset behind it.
func (s *scanner) cdata(p int) (int, error) {
	content, _, closed := strings.Cut(s.message[p+len(cdataOpen):], cdataClose)
	if !closed {
		return p, s.syntaxError(p, "the CDATA section has no end")
	}
	end := p + len(cdataOpen) + len(content) + len(cdataClose)
	for {
		before, after, found := strings.Cut(content, "\r")
		s.scratch.WriteString(before)
		if !found {
			return end, nil
		}
		s.scratch.WriteByte('\n')
		content = strings.TrimPrefix(after, "\n")
	}
}
