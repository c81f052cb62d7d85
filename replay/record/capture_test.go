package record

import (
	"errors"
	"io"
	"testing"
)

// TestWhatBrokeOffHasNotEnded: net/http says io.ErrUnexpectedEOF of a request that its
// client broke off, and io.EOF to whoever reads again.
func TestWhatBrokeOffHasNotEnded(t *testing.T) {
	c := &capture{limit: 100, expects: 10}
	c.keep([]byte("<ask>"), nil)
	c.keep(nil, io.ErrUnexpectedEOF)
	c.keep(nil, io.EOF)
	if kept, _, ended, err := c.body(); string(kept) != "<ask>" || ended || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%q, ended %t, %v", kept, ended, err)
	}
}
