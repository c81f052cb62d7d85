package transport_test

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"rator/transport"
)

func TestUnpacked(t *testing.T) {
	const text = "<a>plain</a>"
	packed := func(open func(io.Writer) io.WriteCloser) []byte {
		var b bytes.Buffer
		w := open(&b)
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	gzip := transport.AppendGzip(nil, []byte(text))
	for name, c := range map[string]struct {
		coding string
		body   []byte
	}{
		"identity": {"", []byte(text)},
		"gzip":     {"gzip", gzip},
		"x-gzip":   {"X-GZIP", gzip},
		"zlib":     {"deflate", packed(func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })},
		"flate": {"deflate", packed(func(w io.Writer) io.WriteCloser {
			f, _ := flate.NewWriter(w, flate.BestSpeed)
			return f
		})},
	} {
		got, err := transport.Unpacked(http.Header{"Content-Encoding": {c.coding}}, c.body, int64(len(text)))
		if err != nil || string(got) != text {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	of := func(coding string, body []byte, longest int64) error {
		_, err := transport.Unpacked(http.Header{"Content-Encoding": {coding}}, body, longest)
		return err
	}
	if err := of("gzip", gzip, int64(len(text))-1); !errors.Is(err, transport.ErrTooLong) {
		t.Errorf("too long: %v", err)
	}
	var mistake *transport.PackedError
	if err := of("gzip", []byte(text), 100); !errors.As(err, &mistake) {
		t.Errorf("not packed: %v", err)
	}
	if got, err := transport.Unpacked(http.Header{"Content-Encoding": {"gzip"}}, gzip[:len(gzip)-4], 100); !errors.Is(err, io.ErrUnexpectedEOF) || string(got) != text {
		t.Errorf("cut off: %q, %v", got, err)
	}
	if err := of("br", gzip, 100); err == nil || !strings.Contains(err.Error(), "body is in br, which is not known here") {
		t.Errorf("br: %v", err)
	}
	if err := of("gzip", nil, 100); err != nil {
		t.Errorf("no body: %v", err)
	}
}
