package tmf

import (
	"errors"
	"net/http"

	"rator/tmf/jsondoc"
	"rator/tmf/query"
)

// What a list holds before it writes.
const (
	wholeBytes = 2 << 20  // of one that is one look
	heldBytes  = 1 << 20  // before the header: a shorter list can still become an error
	chunkBytes = 64 << 10 // after it
)

// errTooMuch says that a list is longer than what may be held of it.
var errTooMuch = errors.New("tmf: the list is too long to be held")

// errHungUp says that nobody waits for the answer any more.
var errHungUp = errors.New("tmf: the client is gone")

// listWriter writes the array of a list. It holds it back as long as it is short.
type listWriter struct {
	*exchange
	page     query.Page
	total    int // matches
	length   int // items that were taken
	promised int // items, for the header of one that was not started while it was filled
	buffer   []byte
	// pause is done while a part is written, by Unit.Pause; nil: nothing is written
	// until end.
	pause func(func() error) error
}

// add takes the next item of the page.
func (l *listWriter) add(doc jsondoc.Value) error {
	l.length++
	separator := byte(',')
	if l.length == 1 {
		separator = '['
	}
	l.buffer = doc.Append(append(l.buffer, separator))
	switch {
	case l.pause == nil && len(l.buffer) >= wholeBytes:
		return errTooMuch
	case l.pause == nil:
	case l.started && len(l.buffer) >= chunkBytes, !l.started && len(l.buffer) >= heldBytes:
		return l.pause(func() error {
			if !l.started {
				l.start(l.page.Length(l.total))
			}
			l.extend()
			return l.flush()
		})
	}
	return nil
}

// start writes the header for an answer of so many items.
func (l *listWriter) start(length int) {
	header := l.w.Header()
	header.Set("Content-Type", l.dialect.MediaType)
	status := l.page.Headers(header, l.dialect, length, l.total)
	address := l.show.Origin + l.show.Base + "/" + l.show.Name + query.WithoutPaging(l.r.URL.RawQuery)
	if links := l.page.Links(address, l.total); links != "" {
		header.Set("Link", links)
	}
	l.started = true
	l.w.WriteHeader(status)
}

// extend gives the client of a long list time for one more part. An error means
// that the connection knows no deadlines.
func (l *listWriter) extend() {
	_ = http.NewResponseController(l.w).SetWriteDeadline(l.config.Now().Add(l.config.WriteTime))
}

// flush writes what is held.
func (l *listWriter) flush() error {
	if _, err := l.w.Write(l.buffer); err != nil {
		return errHungUp
	}
	l.buffer = l.buffer[:0]
	return nil
}

// end writes the rest.
func (l *listWriter) end() error {
	if !l.started {
		l.start(l.promised)
	}
	if l.r.Method == http.MethodHead {
		return nil
	}
	if l.length == 0 {
		l.buffer = append(l.buffer, '[')
	}
	l.buffer = append(l.buffer, ']')
	return l.flush()
}
