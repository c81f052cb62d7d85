package tmf

import "net/http"

// What a list holds before it writes.
const (
	heldBytes  = 1 << 20  // before the header: a shorter list can still become an error
	chunkBytes = 64 << 10 // after it
)

// listWriter writes the array of a list. It holds it back as long as it is short.
type listWriter struct {
	*exchange
	page   page
	total  int // matches
	length int // items that were taken
	buffer []byte
}

// add takes the next item of the page.
func (l *listWriter) add(doc Value) {
	l.length++
	if l.r.Method == http.MethodHead {
		return
	}
	separator := byte(',')
	if l.length == 1 {
		separator = '['
	}
	l.buffer = doc.Append(append(l.buffer, separator))
	switch {
	case l.started && len(l.buffer) >= chunkBytes:
		l.extend()
		l.flush()
	case !l.started && len(l.buffer) >= heldBytes:
		l.start(l.page.length(l.total))
		l.extend()
		l.flush()
	}
}

// start writes the header for an answer of so many items.
func (l *listWriter) start(length int) {
	header := l.w.Header()
	header.Set("Content-Type", l.dialect.MediaType)
	status := l.page.headers(header, l.dialect, length, l.total)
	address := l.show.origin + l.show.base + "/" + l.show.name + withoutPaging(l.r.URL.RawQuery)
	if links := l.page.links(address, l.total); links != "" {
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
func (l *listWriter) flush() {
	if _, err := l.w.Write(l.buffer); err != nil {
		panic(http.ErrAbortHandler) // the client is gone
	}
	l.buffer = l.buffer[:0]
}

// end writes the rest; length counts for a list that was not started yet.
func (l *listWriter) end(length int) error {
	if !l.started {
		l.start(length)
	}
	if l.r.Method == http.MethodHead {
		return nil
	}
	if l.length == 0 {
		l.buffer = append(l.buffer, '[')
	}
	l.buffer = append(l.buffer, ']')
	l.flush()
	return nil
}
