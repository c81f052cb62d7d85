package soap

import "strings"

// token is what the scanner stands on.
type token uint8

const (
	tokenStart token = iota + 1 // a start tag: local, in, attributes
	tokenText                   // all characters up to the next tag: text
	tokenEnd                    // the end of the innermost open element
	tokenDone                   // the end of the message
)

// scanner pulls tokens out of one XML message in UTF-8 and checks in the same
// pass that it is well-formed with regard to namespaces and within the limits
// (soap-interop.md "Strictness"). DOCTYPE and processing instructions are
// refused, so nothing is ever fetched or expanded.
//
// replay/compare reads XML by itself, and not by this scanner with options: what it
// reads is anybody's, in which a DOCTYPE, processing instructions, a prefix declared
// anew and line ends in attributes may stand as they are, and each element and text of
// it has a place. Half of what it has is the tree that it makes, which would
// stay; what would go is as long as the options, and each would be a branch here,
// where every call passes. What XML is, which both must know, stands in wire.
//
// It works over a string: names and texts are parts of the message, which
// nobody can change while they live. Only what holds a reference, a carriage
// return, a comment or CDATA is written anew, into scratch.
type scanner struct {
	message  string
	position int
	limits   *Limits

	frames     []frame // open elements, outermost first
	bindings   []binding
	elements   int
	selfClosed bool // the start tag just given was an empty-element tag
	rootSeen   bool

	// in, local and attributes are those of the last start tag; text is that of
	// the last text.
	in         namespace
	local      string
	attributes []attribute
	text       string

	// scratch only ever grows while a message is read, so the strings taken
	// from it stay as they are.
	scratch strings.Builder
}

// frame is an open element. It holds no pointers: the garbage collector need
// not look at it, and nothing of a message stays in it.
type frame struct {
	offset   int // of its start tag
	nameEnd  int
	bindings int // how many were in scope outside it
	children int
}

// nameOf is the name of an open element as written, with its prefix.
func (s *scanner) nameOf(f *frame) string { return s.message[f.offset+len("<") : f.nameEnd] }

// reset makes the scanner ready for a message, whose XML declaration ends at
// start, and checks its length and characters.
func (s *scanner) reset(message string, start int, limits *Limits) error {
	s.message, s.position, s.limits = message, start, limits
	if len(message) > limits.MessageBytes {
		return &LimitError{Limit: limitMessageBytes, Max: limits.MessageBytes}
	}
	return checkCharacters(message)
}

// release lets go of the message and keeps the room for the next one.
func (s *scanner) release() {
	clear(s.bindings[:cap(s.bindings)])
	clear(s.attributes[:cap(s.attributes)])
	*s = scanner{frames: s.frames[:0], bindings: s.bindings[:0], attributes: s.attributes[:0]}
}

// next reads up to the end of the next token. After an error the scanner is of
// no further use.
func (s *scanner) next() (token, error) {
	if s.selfClosed {
		s.selfClosed = false
		s.closeElement()
		return tokenEnd, nil
	}
	if len(s.frames) == 0 {
		return s.outside()
	}
	m, p := s.message, s.position
	if len(m)-p < 2 {
		return 0, s.unfinished()
	}
	if m[p] == '<' {
		switch m[p+1] {
		case '/':
			return tokenEnd, s.endTag()
		case '?':
			return 0, s.syntaxError(p, "processing instructions are not allowed")
		case '!': // the start of text: a comment or CDATA
		default:
			return tokenStart, s.startTag()
		}
	}
	return tokenText, s.characters()
}

// skip reads up to the end of the element whose start tag was just given.
func (s *scanner) skip() error {
	for depth := len(s.frames); len(s.frames) >= depth; {
		if _, err := s.next(); err != nil {
			return err
		}
	}
	return nil
}

// outside reads what may stand before and after the root element.
func (s *scanner) outside() (token, error) {
	for {
		m, p := s.message, skipSpace(s.message, s.position)
		switch rest := m[p:]; {
		case rest == "" && s.rootSeen:
			return tokenDone, nil
		case rest == "":
			return 0, s.syntaxError(p, "the message has no element")
		case strings.HasPrefix(rest, "<!--"):
			end, err := s.comment(p)
			if err != nil {
				return 0, err
			}
			if end-p > s.limits.TextBytes {
				return 0, s.limitError(limitTextBytes, s.limits.TextBytes, p)
			}
			s.position = end
		case strings.HasPrefix(rest, "<!DOCTYPE"):
			return 0, s.syntaxError(p, "DOCTYPE is not allowed")
		case strings.HasPrefix(rest, "<?"):
			return 0, s.syntaxError(p, "processing instructions are not allowed, and the XML declaration only as the very first thing")
		case s.rootSeen:
			return 0, s.syntaxError(p, "there is something after the end of the root element")
		case rest[0] != '<':
			return 0, s.syntaxError(p, "the message does not begin with an element")
		default:
			s.position, s.rootSeen = p, true
			return tokenStart, s.startTag()
		}
	}
}

func (s *scanner) endTag() error {
	open := &s.frames[len(s.frames)-1]
	m, p, opened := s.message, s.position+len("</"), s.nameOf(open)
	if strings.HasPrefix(m[p:], opened) {
		if end := skipSpace(m, p+len(opened)); end < len(m) && m[end] == '>' {
			s.position = end + 1
			s.closeElement()
			return nil
		}
	}
	end, _, err := s.name(p)
	if err != nil {
		return err
	}
	line, column := place(m, open.offset)
	if name := m[p:end]; name != opened {
		return s.syntaxError(s.position, "</%s> stands where <%s> of %d:%d must be closed", clip(name), clip(opened), line, column)
	}
	return s.syntaxError(s.position, "the end tag </%s> has no '>'", clip(opened))
}

func (s *scanner) closeElement() {
	innermost := len(s.frames) - 1
	s.bindings = s.bindings[:s.frames[innermost].bindings]
	s.frames = s.frames[:innermost]
}

func (s *scanner) unfinished() error {
	open := &s.frames[len(s.frames)-1]
	line, column := place(s.message, open.offset)
	return s.syntaxError(len(s.message), "the message ends inside <%s> of %d:%d", clip(s.nameOf(open)), line, column)
}
