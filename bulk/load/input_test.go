package load

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
)

func bytesInput(name string, b []byte) Input {
	return Input{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}
}

func zipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := io.WriteString(w, text)
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstandard(t *testing.T, text string) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll([]byte(text), nil)
}

// rowsOf are the rows of inputs, each as NAME:LINE and what it says, and the batches' sizes.
func rowsOf(t *testing.T, size int, skip int64, inputs ...Input) (rows []string, sizes []int, digest string) {
	t.Helper()
	r := (&running{Job: &Job{Inputs: inputs, Group: size}, zone: time.UTC}).reader()
	if err := r.skip(t.Context(), skip); err != nil {
		t.Fatal(err)
	}
	for {
		b, err := r.batch(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if b == nil {
			return rows, sizes, r.digest()
		}
		sizes = append(sizes, len(b.rows))
		for i, one := range b.rows {
			rows = append(rows, fmt.Sprintf("%d %s:%d %s%s", b.first+int64(i), b.file, one.line, one.text, one.bad))
		}
	}
}

// TestRows: what files are is seen from how they begin, and rows have the numbers of their
// lines.
func TestRows(t *testing.T) {
	t.Parallel()
	const json = "{\"a\":1}\n\n{\"b\":2}\r\n  {\"c\":3}"
	const csv = "FIRST_NAME,LAST_NAME\r\n1,a\n2,\"b\nb\"\n3,c\n4,d\"d\n5\n"
	wantJSON := []string{`1 f:1 {"a":1}`, `2 f:3 {"b":2}`, `3 f:4 {"c":3}`}
	user := func(first, last string) string {
		return fmt.Sprintf(`{"format":"rator-customer/1","account":{},"users":[{"first_name":"%s","last_name":"%s"}]}`, first, last)
	}
	wantCSV := []string{"1 f:2 " + user("1", "a"), "2 f:3 " + user("2", `b\nb`), "3 f:5 " + user("3", "c"), `4 f:6 column 4: bare " in non-quoted-field`,
		`5 f:7 column 1: the row has 1 cells, the header 2; a cell that holds ',' stands in quotes`}
	for _, c := range []struct {
		name string
		in   []byte
		want []string
	}{
		{"lines", []byte(json), wantJSON},
		{"lines behind a byte order mark", []byte("\xef\xbb\xbf" + json), wantJSON},
		{"gzip", zipped(t, json), wantJSON},
		{"zstd", zstandard(t, json), wantJSON},
		{"rows", []byte(csv), wantCSV},
		{"rows in gzip behind a mark", zipped(t, "\xef\xbb\xbf"+csv), wantCSV},
		{"nothing", nil, nil},
		{"white space", []byte(" \n\n"), nil},
		{"a header alone", []byte("FIRST_NAME,LAST_NAME\n"), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			rows, _, digest := rowsOf(t, 2, 0, bytesInput("f", c.in))
			if diff := cmp.Diff(c.want, rows); diff != "" {
				t.Error(diff)
			}
			if sum := sha256.Sum256(c.in); digest != hex.EncodeToString(sum[:]) {
				t.Errorf("digest %s", digest)
			}
			if of, size, err := digestOf(t.Context(), []Input{bytesInput("f", c.in)}); err != nil || of != digest || size != int64(len(c.in)) {
				t.Errorf("digest before: %s of %d bytes, %v", of, size, err)
			}
		})
	}
}

// TestRowsOfFiles: rows are counted over all files, a batch is of one, and what was skipped
// leaves the rest as it was.
func TestRowsOfFiles(t *testing.T) {
	t.Parallel()
	a, b := bytesInput("a", []byte("{1\n{2\n{3\n")), bytesInput("b", []byte("CITY\n4\n5\n"))
	city := func(name string) string {
		return `{"format":"rator-customer/1","account":{},"users":[{"city":"` + name + `"}]}`
	}
	all, sizes, digest := rowsOf(t, 2, 0, a, b)
	if diff := cmp.Diff([]string{"1 a:1 {1", "2 a:2 {2", "3 a:3 {3", "4 b:2 " + city("4"), "5 b:3 " + city("5")}, all); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{2, 1, 2}, sizes); diff != "" {
		t.Error(diff)
	}
	for skip := range all {
		rest, _, again := rowsOf(t, 2, int64(skip), a, b)
		if diff := cmp.Diff(all[skip:], rest); diff != "" || again != digest {
			t.Errorf("after %d, digest %s: %s", skip, again, diff)
		}
	}
}

// TestSpool: what comes once can be read as often as wanted.
func TestSpool(t *testing.T) {
	t.Parallel()
	in, done, err := Spool("standard input", strings.NewReader("{1\n"), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	for range 2 {
		if rows, _, _ := rowsOf(t, 2, 0, in); len(rows) != 1 {
			t.Errorf("%q", rows)
		}
	}
}

// TestInOrder: what is worked on beside each other is taken in order, and the first error in
// that order ends it.
func TestInOrder(t *testing.T) {
	t.Parallel()
	for _, workers := range []int{1, 3} {
		for _, bad := range []int64{0, 7} {
			var n int64
			read := func(context.Context) (*batch, error) {
				if n == 20 {
					return nil, nil
				}
				n++
				return &batch{first: n}, nil
			}
			work := func(_ context.Context, b *batch) (int64, error) {
				if b.first == bad {
					return 0, fmt.Errorf("bad %d", bad)
				}
				return b.first, nil
			}
			var taken []int64
			err := inOrder(t.Context(), workers, read, work, func(_ *batch, made int64) error {
				taken = append(taken, made)
				return nil
			})
			want := 20
			if bad > 0 {
				want = int(bad) - 1
			}
			if len(taken) != want || (err != nil) != (bad > 0) {
				t.Errorf("%d workers, bad %d: %d taken, %v", workers, bad, taken, err)
			}
			for i, one := range taken {
				if one != int64(i+1) {
					t.Errorf("%d workers: %d", workers, taken)
				}
			}
		}
	}
}
