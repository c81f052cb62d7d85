package load

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"

	"github.com/klauspost/compress/zstd"
)

// Input is one file of customers: NDJSON or CSV, as it is or packed by gzip or zstd, which
// its first bytes say.
type Input struct {
	Name string // as mistakes name it
	// Open reads it from its begin, as often as asked, the same bytes each time.
	Open func() (io.ReadCloser, error)
}

// FileInput is the file of that name.
func FileInput(name string) Input {
	return Input{Name: name, Open: func() (io.ReadCloser, error) { return os.Open(name) }}
}

// Spool keeps what comes from a reader in a temporary file in dir, which nobody else sees
// and which is gone when done is called or the process ends.
func Spool(name string, from io.Reader, dir string) (in Input, done func(), err error) {
	f, err := temporary(dir)
	if err != nil {
		return Input{}, nil, err
	}
	size, err := io.Copy(f, from)
	if err != nil {
		f.Close()
		return Input{}, nil, fmt.Errorf("%s: %w", name, err)
	}
	open := func() (io.ReadCloser, error) { return io.NopCloser(io.NewSectionReader(f, 0, size)), nil }
	return Input{Name: name, Open: open}, func() { f.Close() }, nil
}

// temporary makes a file without a name.
func temporary(dir string) (*os.File, error) {
	f, err := os.CreateTemp(dir, ".rator-load-*")
	if err != nil {
		return nil, err
	}
	return f, os.Remove(f.Name())
}

// digestOf is the SHA-256 of all bytes of the inputs, in their order, and how many those are.
func digestOf(ctx context.Context, inputs []Input) (digest string, size int64, err error) {
	sum := sha256.New()
	for _, in := range inputs {
		r, err := in.Open()
		if err != nil {
			return "", 0, err
		}
		n, err := io.Copy(sum, &endingReader{ctx, r})
		if err = errors.Join(err, r.Close()); err != nil {
			return "", 0, fmt.Errorf("%s: %w", in.Name, err)
		}
		size += n
	}
	return hex.EncodeToString(sum.Sum(nil)), size, nil
}

// endingReader ends with its context.
type endingReader struct {
	ctx context.Context
	io.Reader
}

func (r *endingReader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(b)
}

// source reads the bytes of an input, unpacked, and counts and sums them as they are.
type source struct {
	*bufio.Reader
	file io.ReadCloser
	raw  *countedReader
}

// countedReader sums up what is read of all inputs.
type countedReader struct {
	io.Reader
	sum  hash.Hash
	read *int64
}

func (c *countedReader) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	*c.read += int64(n)
	c.sum.Write(b[:n])
	return n, err
}

var byteOrderMark = []byte("\xef\xbb\xbf")

const readAhead = 256 << 10 // bytes

func (in Input) open(sum hash.Hash, read *int64) (*source, error) {
	file, err := in.Open()
	if err != nil {
		return nil, err
	}
	s := &source{file: file, raw: &countedReader{file, sum, read}}
	s.Reader = bufio.NewReaderSize(s.raw, readAhead)
	if err := s.unpack(); err != nil {
		file.Close()
		return nil, fmt.Errorf("%s: %w", in.Name, err)
	}
	if start, _ := s.Peek(len(byteOrderMark)); bytes.Equal(start, byteOrderMark) {
		_, _ = s.Discard(len(byteOrderMark))
	}
	return s, nil
}

func (s *source) unpack() error {
	start, _ := s.Peek(4)
	switch {
	case bytes.HasPrefix(start, []byte("\x1f\x8b")):
		r, err := gzip.NewReader(s.Reader)
		if err != nil {
			return err
		}
		s.Reader = bufio.NewReaderSize(r, readAhead)
	case bytes.HasPrefix(start, []byte("\x28\xb5\x2f\xfd")):
		r, err := zstd.NewReader(s.Reader, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return err
		}
		s.Reader = bufio.NewReaderSize(r.IOReadCloser(), readAhead)
	}
	return nil
}

// isJSON says whether an object of JSON is what it begins with; else it is CSV.
func (s *source) isJSON() bool {
	for n := 1; n <= readAhead; n++ {
		start, err := s.Peek(n)
		if err != nil {
			return true // nothing but white space: no lines of either
		}
		if c := start[n-1]; c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return c == '{'
		}
	}
	return true
}

// close reads what is left, so that the sum is of all of it.
func (s *source) close() error {
	_, err := io.Copy(io.Discard, s.raw)
	return errors.Join(err, s.file.Close())
}
