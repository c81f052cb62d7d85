package transport

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// ErrTooLong says that a body is longer than it may be once it is unpacked.
var ErrTooLong = errors.New("body is too long once it is unpacked")

// Unpacked is a body of at most longest bytes without the coding that its header
// names. The error is ErrTooLong, a *PackedError with what came before it, or says that
// the coding is not taken.
func Unpacked(h http.Header, body []byte, longest int64) ([]byte, error) {
	coding, ok := CodingOf(h)
	switch {
	case !ok:
		return nil, fmt.Errorf("body is in %s, which is not known here", strings.Join(h["Content-Encoding"], ", "))
	case coding == Identity || len(body) == 0: // an answer to HEAD has no body, and a coding
		return body, nil
	}
	unpacked := coding.Unpack(bytes.NewReader(body))
	defer unpacked.Close()
	plain, err := io.ReadAll(io.LimitReader(unpacked, longest+1))
	if int64(len(plain)) > longest {
		return nil, ErrTooLong
	}
	return plain, err
}
