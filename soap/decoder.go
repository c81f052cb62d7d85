package soap

import (
	"fmt"
	"sync"

	"rator/wire"
	"rator/workflow/value"
)

// decoder turns one message into what it says. It walks the elements by
// recursive descent: each method is called when the start tag of its element
// was just read and returns when the end tag is read.
type decoder struct {
	scanner scanner
	version Version

	// pending holds the entries whose parent is still open, the innermost last;
	// arena is where they go, side by side, when it closes.
	pending []value.Entry
	arena   []value.Entry

	// blamed is the fault of a header block: it is answered once the message is read,
	// and with it what the other blocks ask of an answer.
	blamed  *Fault
	stamped bool // a wsu:Timestamp was read
}

var decoders = sync.Pool{New: func() any { return new(decoder) }}

// decode calls read with a decoder at the start of a message.
func decode(message string, media Media, limits *Limits, read func(*decoder) error) error {
	if len(message) > limits.MessageBytes {
		return &LimitError{Limit: limitMessageBytes, Max: limits.MessageBytes}
	}
	text, start, err := toUTF8(message, media.Charset)
	if err != nil {
		return err
	}
	d := decoders.Get().(*decoder)
	defer d.release()
	d.version = media.Version
	if err := d.scanner.reset(text, start, limits); err != nil {
		return err
	}
	return read(d)
}

// release lets go of the message and keeps the room, within reason, for the
// next one.
func (d *decoder) release() {
	const keptEntries = 256
	d.scanner.release()
	clear(d.pending)
	pending := d.pending[:0]
	if cap(pending) > keptEntries {
		pending = nil
	}
	*d = decoder{scanner: d.scanner, pending: pending}
	decoders.Put(d)
}

// envelope reads a whole message. header is called for the Header, body for the
// first element in the Body; what else there may be is skipped.
func (d *decoder) envelope(header, body func() error) error {
	s := &d.scanner
	if _, err := s.next(); err != nil {
		return err
	}
	envelope := s.in
	switch {
	case s.local != wire.Envelope:
		return d.refuse("the root element {%s}%s is not a SOAP Envelope", clip(s.in.uri), clip(s.local))
	case envelope.space == spaceSOAP11:
		d.version = Version11
	case envelope.space == spaceSOAP12:
		d.version = Version12
	default:
		return &Fault{Code: FaultVersionMismatch, Text: fmt.Sprintf(
			"Couldn't create SOAP message. Expecting Envelope in namespace %s or %s, but got %q", wire.NamespaceSOAP11, wire.NamespaceSOAP12, clip(envelope.uri))}
	}
	var headerSeen, bodySeen bool
	err := d.children(func() error {
		switch {
		case s.in == envelope && s.local == wire.Header:
			return d.once(&headerSeen, header)
		case s.in == envelope && s.local == wire.Body:
			return d.once(&bodySeen, func() error { return d.firstChild(body) })
		}
		return s.skip()
	})
	if err != nil {
		return err
	}
	if !bodySeen {
		return &Fault{Code: FaultClient, Text: "the Envelope has no Body"}
	}
	_, err = s.next() // to the end of the message
	return err
}

// children calls read for each element in the open one.
func (d *decoder) children(read func() error) error {
	for {
		switch token, err := d.scanner.next(); {
		case err != nil:
			return err
		case token == tokenEnd:
			return nil
		case token == tokenStart:
			if err := read(); err != nil {
				return err
			}
		}
	}
}

// firstChild calls read for the first element in the open one and skips the others.
func (d *decoder) firstChild(read func() error) error {
	first := true
	return d.children(func() error {
		if first {
			first = false
			return read()
		}
		return d.scanner.skip()
	})
}

// once calls read, and refuses the element when it was there before.
func (d *decoder) once(seen *bool, read func() error) error {
	if *seen {
		return d.refuse("%s is given twice", d.scanner.local)
	}
	*seen = true
	return read()
}

// leaf is the text of the open element; elements says that it holds elements,
// and then there is no text.
func (d *decoder) leaf() (text string, elements bool, err error) {
	for {
		token, err := d.scanner.next()
		switch {
		case err != nil:
			return "", elements, err
		case token == tokenEnd && elements:
			return "", true, nil
		case token == tokenEnd:
			return text, false, nil
		case token == tokenText:
			text = d.scanner.text
		case token == tokenStart:
			elements = true
			if err := d.scanner.skip(); err != nil {
				return "", true, err
			}
		}
	}
}

// textInto gives a reader of the open element that puts its text into text.
func (d *decoder) textInto(text *string) func() error {
	return func() (err error) {
		*text, _, err = d.leaf()
		return err
	}
}

// blame has the request refused for a header block; the first one counts.
func (d *decoder) blame(f *Fault) {
	if d.blamed == nil {
		d.blamed = f
	}
}

// member is the local name of the open element when it can be a member of the
// contract: these are unqualified, and node-soap qualifies them.
func (d *decoder) member() string {
	if in := d.scanner.in.space; in == spaceNone || in == spaceContract {
		return d.scanner.local
	}
	return ""
}

// refuse is an error at the innermost open element.
func (d *decoder) refuse(format string, args ...any) error {
	s := &d.scanner
	return s.syntaxError(s.frames[len(s.frames)-1].offset, format, args...)
}
