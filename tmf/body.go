package tmf

import (
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/problem"
	"rator/transport"
)

// readDocument reads the body as one JSON document of the types taken, and says
// which type it is. It fails with a *problem.Error, *jsondoc.SyntaxError or *jsondoc.LimitError.
func (x *exchange) readDocument(taken ...string) (media string, doc jsondoc.Value, err error) {
	if media, err = mediaOf(x.r, taken); err != nil {
		x.leave()
		return "", jsondoc.Value{}, err
	}
	text, err := x.readBody()
	if err != nil {
		return "", jsondoc.Value{}, err
	}
	doc, err = jsondoc.Read(strings.TrimPrefix(text, "\uFEFF"), &x.config.Limits)
	if err != nil {
		return "", jsondoc.Value{}, err
	}
	x.posted = doc
	return media, doc, dialect.RefuseUnwritable(doc, "")
}

// boundBody limits how long the connection waits for a body, if there is one. The
// limit stays when nobody reads it: net/http reads on after an answer, to use the
// connection again, and must not wait for a sender that never ends.
func (x *exchange) boundBody() {
	if x.r.ContentLength != 0 {
		// An error means that the connection knows no deadlines, as in tests without
		// a socket.
		_ = http.NewResponseController(x.w).SetReadDeadline(x.config.Now().Add(x.config.BodyTime))
	}
}

// bodyParts are what bodies are read into, part by part: they are short, and a part
// is not.
var bodyParts = sync.Pool{New: func() any { b := make([]byte, 16<<10); return &b }}

// readBody bounds how long a body is, as it arrives and unpacked, and how long it
// takes.
func (x *exchange) readBody() (string, error) {
	most := x.config.Limits.Bytes
	tooLong := problem.BodyTooLong.With("a body has at most %d bytes", most)
	if x.r.ContentLength > int64(most) {
		x.leave()
		return "", tooLong
	}
	var text strings.Builder
	text.Grow(int(max(0, min(x.r.ContentLength, 16<<10)))) // what a header promises may never come
	coding, _ := transport.CodingOf(x.r.Header)            // mediaOf has refused others
	body := coding.Unpack(http.MaxBytesReader(x.w, x.r.Body, int64(most)))
	defer body.Close()
	part := bodyParts.Get().(*[]byte)
	defer bodyParts.Put(part)
	// One byte more than allowed, to see when there is more.
	_, err := io.CopyBuffer(&text, io.LimitReader(body, int64(most)+1), *part)
	var beyond *http.MaxBytesError
	var packed *transport.PackedError
	switch {
	case text.Len() > most:
		err = tooLong
	case err == nil:
		// net/http goes on reading, to see whether the client hangs up.
		_ = http.NewResponseController(x.w).SetReadDeadline(time.Time{})
		x.received(text.String())
		return text.String(), nil
	case errors.As(err, &beyond):
		err = tooLong
	case errors.As(err, &packed):
		err = problem.UnknownValue.With("%s", packed)
	case errors.Is(err, os.ErrDeadlineExceeded):
		err = problem.BodyTooSlow.With("the body did not arrive within %s", x.config.BodyTime)
	default:
		err = problem.UnknownValue.With("the body ended before its end")
	}
	x.leave()
	return "", err
}

// leave closes the connection after the answer, since the rest of the body is
// not read.
func (x *exchange) leave() { x.w.Header().Set("Connection", "close") }
