package soap

import (
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"rator/transport"
)

// chunks are what bodies are read through.
var chunks = sync.Pool{New: func() any { return new([16 << 10]byte) }}

// boundBody limits how long the connection waits for the body. The limit stays
// when the body is refused: net/http reads on after an answer, to reuse the
// connection, and must not wait for a sender that never ends.
func (x *exchange) boundBody() {
	// An error means that the connection knows no deadlines, as in tests without
	// a socket.
	_ = http.NewResponseController(x.w).SetReadDeadline(x.options.Now().Add(x.options.BodyTime))
}

// unbound ends the limit once the body is there: net/http goes on reading to see
// whether the client hangs up during the call.
func (x *exchange) unbound() {
	_ = http.NewResponseController(x.w).SetReadDeadline(time.Time{})
}

// readBody reads the body, unpacked, into a string, which is the message's own
// from then on. Its length, as it arrives and unpacked, and the time it takes are
// limited: the room grows with what arrives and not with what a header promises.
func (x *exchange) readBody() (string, error) {
	limit := x.options.Limits.MessageBytes
	if x.r.ContentLength > int64(limit) {
		x.w.Header().Set("Connection", "close")
		return "", &LimitError{Limit: limitMessageBytes, Max: limit}
	}
	chunk := chunks.Get().(*[16 << 10]byte)
	defer chunks.Put(chunk)
	var text strings.Builder
	text.Grow(int(max(0, min(x.r.ContentLength, int64(len(chunk))))))
	body := http.MaxBytesReader(x.w, x.r.Body, int64(limit))
	if x.coding != transport.Identity {
		body = x.coding.Unpack(body)
		defer body.Close()
	}
	for {
		n, err := body.Read(chunk[:])
		if text.Len()+n > limit {
			return "", x.bodyError(&http.MaxBytesError{Limit: int64(limit)})
		}
		text.Write(chunk[:n])
		switch {
		case err == io.EOF:
			x.unbound()
			return text.String(), nil
		case err != nil:
			return "", x.bodyError(err)
		}
	}
}

func (x *exchange) bodyError(err error) error {
	x.w.Header().Set("Connection", "close")
	var tooLong *http.MaxBytesError
	var packed *transport.PackedError
	switch {
	case errors.As(err, &tooLong):
		return &LimitError{Limit: limitMessageBytes, Max: x.options.Limits.MessageBytes}
	case errors.As(err, &packed):
		return packed
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &LimitError{Limit: limitBodyTime, Max: int(x.options.BodyTime.Milliseconds())}
	}
	return &SyntaxError{Message: "the body ended before its end"}
}
