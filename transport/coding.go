package transport

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
)

// Coding is how a body is packed: a content coding of RFC 9110.
type Coding string

// The codings that are taken.
const (
	Identity Coding = ""
	Gzip     Coding = "gzip"
	Deflate  Coding = "deflate" // zlib's form, or bare as some clients send it
)

// TakenCodings is the Accept-Encoding of an answer to a coding that is not taken.
const TakenCodings = "gzip, deflate, identity"

// CodingOf is the coding a Content-Encoding names. It is false for one that is
// not taken, and for several: what unpacks into something packed could cost more
// than any limit on the result says.
func CodingOf(h http.Header) (Coding, bool) {
	coding := Identity
	for _, line := range h["Content-Encoding"] {
		for name := range strings.SplitSeq(line, ",") {
			var is Coding
			switch strings.ToLower(strings.TrimSpace(name)) {
			case "", "identity":
				continue
			case "gzip", "x-gzip":
				is = Gzip
			case "deflate", "x-deflate":
				is = Deflate
			}
			if is == Identity || coding != Identity {
				return Identity, false
			}
			coding = is
		}
	}
	return coding, true
}

// PackedError says that a body is not what its coding says.
type PackedError struct {
	Coding Coding
	Cause  error
}

// Error says what is wrong and what to mend.
func (e *PackedError) Error() string {
	if errors.Is(e.Cause, io.ErrUnexpectedEOF) {
		return fmt.Sprintf("the %s body ends before its end: send it whole", e.Coding)
	}
	return fmt.Sprintf("the body is not %s as its Content-Encoding says: %s", e.Coding, e.Cause)
}

func (e *PackedError) Unwrap() error { return e.Cause }

// Unpack reads a body that is packed in a coding; Close gives its room back and
// leaves the body open. What is read must be bounded by the reader, for it may be
// a thousand times what arrives; the body must be bounded as well. The error is a
// *PackedError, or what reading the body failed with.
func (c Coding) Unpack(body io.Reader) io.ReadCloser {
	if c == Identity {
		return io.NopCloser(body)
	}
	u := unpackers.Get().(*unpacker)
	u.coding, u.body.from = c, body
	u.packed.Reset(&u.body)
	return u
}

var unpackers = sync.Pool{New: func() any { return &unpacker{packed: bufio.NewReader(nil)} }}

// unpacker keeps what the libraries need for a body, which is much, for the next.
type unpacker struct {
	coding Coding
	body   failing
	packed *bufio.Reader // over body; a ByteReader, so that nothing is read ahead of the end
	plain  io.Reader     // nil until the first Read
	gzip   *gzip.Reader
	zlib   io.ReadCloser
	flate  io.ReadCloser
}

// failing remembers how reading failed, to tell it from a body that is wrong.
type failing struct {
	from io.Reader
	err  error
}

func (f *failing) Read(p []byte) (int, error) {
	n, err := f.from.Read(p)
	if err != nil && err != io.EOF {
		f.err = err
	}
	return n, err
}

func (u *unpacker) Read(p []byte) (int, error) {
	if u.plain == nil {
		if err := u.open(); err != nil {
			return 0, u.mistake(err)
		}
	}
	n, err := u.plain.Read(p)
	if err == io.EOF {
		if _, more := u.packed.ReadByte(); more == nil {
			err = errors.New("something follows its end")
		}
	}
	return n, u.mistake(err)
}

func (u *unpacker) mistake(err error) error {
	switch {
	case err == nil, err == io.EOF:
		return err
	case u.body.err != nil:
		return u.body.err
	}
	return &PackedError{u.coding, err}
}

// open reads how the packed body begins.
func (u *unpacker) open() (err error) {
	begin, err := u.packed.Peek(2)
	switch {
	case len(begin) < 2 && err == io.EOF:
		return io.ErrUnexpectedEOF
	case len(begin) < 2:
		return err
	case u.coding == Gzip:
		u.plain, err = u.openGzip()
	case begin[0]&0x0F == 8 && (int(begin[0])<<8|int(begin[1]))%31 == 0: // RFC 1950, 2.2
		u.plain, err = u.openZlib()
	default:
		u.plain, err = u.openFlate()
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return err
}

func (u *unpacker) openGzip() (r io.Reader, err error) {
	if u.gzip == nil {
		u.gzip = new(gzip.Reader)
	}
	return u.gzip, u.gzip.Reset(u.packed)
}

func (u *unpacker) openZlib() (r io.Reader, err error) {
	if u.zlib == nil {
		u.zlib, err = zlib.NewReader(u.packed)
	} else {
		err = u.zlib.(zlib.Resetter).Reset(u.packed, nil)
	}
	return u.zlib, err
}

func (u *unpacker) openFlate() (r io.Reader, err error) {
	if u.flate == nil {
		u.flate = flate.NewReader(u.packed)
	} else {
		err = u.flate.(flate.Resetter).Reset(u.packed, nil)
	}
	return u.flate, err
}

func (u *unpacker) Close() error {
	u.plain, u.body = nil, failing{}
	u.packed.Reset(nil)
	unpackers.Put(u)
	return nil
}
