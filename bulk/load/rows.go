package load

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"hash/maphash"
	"io"
	"strconv"
	"strings"
	"time"

	"rator/bulk"
)

// row is one customer as it stands in a file.
type row struct {
	line int
	text []byte    // a line of the format
	csv  *bulk.CSV // of which it is a row; nil = the file is of lines
	bad  string    // why it is not even a row
}

// batch are rows that are checked, and written, together. They are of one file.
type batch struct {
	file  string
	first int64 // of the rows of all files, from 1
	rows  []row
	sum   uint64 // of what the rows say: the same in each pass of a process
	read  int64  // bytes of all inputs, once the batch was read
}

const (
	mostLine  = 16 << 20 // bytes of a line
	mostBatch = 4 << 20  // bytes of a batch, but for its last line
)

// rowReader gives the rows of all inputs, in their order, in batches.
type rowReader struct {
	inputs []Input
	size   int // rows of a batch
	lines  bulk.Reader
	zone   *time.Location // of days without a time in CSV

	sum  hash.Hash
	read int64
	rows int64 // given or skipped
	open *source
	name string
	line int // of the open file, read so far
	csv  *bulk.CSV
}

// reader reads all inputs from the begin.
func (r *running) reader() *rowReader {
	return &rowReader{inputs: r.Inputs, size: r.Group, lines: r.lines(), zone: r.zone, sum: sha256.New()}
}

// batchSeed is of the sums of batches.
var batchSeed = maphash.MakeSeed()

// skip leaves out the first rows.
func (r *rowReader) skip(ctx context.Context, rows int64) error {
	for r.rows < rows {
		b, err := r.next(ctx, int(min(rows-r.rows, int64(r.size))))
		if err != nil || b == nil {
			return err
		}
	}
	return nil
}

// batch gives the next rows; nil when there are no more.
func (r *rowReader) batch(ctx context.Context) (*batch, error) { return r.next(ctx, r.size) }

func (r *rowReader) next(ctx context.Context, most int) (*batch, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if r.open == nil {
			if len(r.inputs) == 0 {
				return nil, nil
			}
			if err := r.begin(r.inputs[0]); err != nil {
				return nil, err
			}
			r.inputs = r.inputs[1:]
		}
		b := &batch{file: r.name, first: r.rows + 1}
		var sum maphash.Hash
		sum.SetSeed(batchSeed)
		err := r.fill(b, most, &sum)
		ended := errors.Is(err, io.EOF)
		if ended {
			err = r.open.close()
			r.open = nil
		}
		if err != nil {
			return nil, named(r.name, err)
		}
		r.rows += int64(len(b.rows))
		if b.sum, b.read = sum.Sum64(), r.read; len(b.rows) > 0 {
			return b, nil
		}
	}
}

func (r *rowReader) begin(in Input) (err error) {
	r.name, r.line, r.csv = in.Name, 0, nil
	if r.open, err = in.open(r.sum, &r.read); err == nil && !r.open.isJSON() {
		r.csv, err = bulk.OpenCSV(in.Name, r.open, r.lines, r.zone)
	}
	return err
}

// fill puts rows into a batch until it is full; io.EOF says that the file has no more.
func (r *rowReader) fill(b *batch, most int, sum *maphash.Hash) error {
	for size := 0; len(b.rows) < most && size < mostBatch; {
		one, n, err := r.row()
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		size += n
		b.rows = append(b.rows, one)
		sum.Write(one.text)
		sum.WriteString(one.bad)
		_ = sum.WriteByte('\n')
	}
	return nil
}

// row reads one; without bytes it is none.
func (r *rowReader) row() (one row, size int, err error) {
	if r.csv != nil {
		return r.record()
	}
	r.line++
	one.line = r.line
	for {
		part, err := r.open.ReadSlice('\n')
		one.text = append(one.text, part...)
		switch {
		case len(one.text) > mostLine:
			return one, 0, fmt.Errorf("line %d has more than %d bytes; is it a file of customers, one a line?", r.line, mostLine)
		case err == nil || errors.Is(err, io.EOF) && len(one.text) > 0:
			one.text = bytes.TrimSpace(one.text)
			return one, len(one.text), nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return one, 0, err
		}
	}
}

// record is row of CSV.
func (r *rowReader) record() (one row, size int, err error) {
	one.csv = r.csv
	one.text, one.line, err = r.csv.Line()
	if err == nil || errors.Is(err, io.EOF) {
		r.line = one.line
		return one, max(1, len(one.text)), err
	}
	at, found := strings.CutPrefix(err.Error(), r.name+":")
	if number, text, ok := strings.Cut(at, ":"); found && ok {
		if one.line, err = strconv.Atoi(number); err == nil && one.line > r.line {
			r.line, one.bad = one.line, "column "+text
			return one, 1, nil
		}
	}
	return one, 0, err
}

// digest is what digestOf gives of all that was read.
func (r *rowReader) digest() string { return hex.EncodeToString(r.sum.Sum(nil)) }

// named has an error begin with the name of its file.
func named(file string, err error) error {
	if strings.HasPrefix(err.Error(), file+":") {
		return err
	}
	return fmt.Errorf("%s: %w", file, err)
}

// close gives back what is open.
func (r *rowReader) close() {
	if r.open != nil {
		r.open.file.Close()
		r.open = nil
	}
}
