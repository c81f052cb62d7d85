// Package table reads CSV files as spreadsheets write them: with what separates the cells
// found out, a header, and rows with the lines they begin on. It knows nothing of what the
// columns mean.
package table

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Table is a CSV file that is being read, row by row.
type Table struct {
	// Names are those of the columns, without the empty ones at the end that a spreadsheet
	// leaves.
	Names  []string
	file   string
	reader *csv.Reader
}

// Row is a row of a Table: its cells, of which those beyond the header are empty.
type Row struct {
	Line  int // that it begins on
	Cells []string
}

// longestHeader is how many bytes of a file are looked at for what separates its cells.
const longestHeader = 64 << 10

// Open reads the header of a file, whose name is for messages.
func Open(file string, src io.Reader) (*Table, error) {
	in := bufio.NewReaderSize(src, longestHeader)
	begin, err := in.Peek(longestHeader)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	said, comma, err := delimiter(file, begin)
	if err != nil {
		return nil, err
	}
	if _, err := in.Discard(said); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	t := &Table{file: file, reader: csv.NewReader(io.MultiReader(strings.NewReader(strings.Repeat("\n", min(said, 1))), in))}
	t.reader.Comma = comma
	t.Names, err = t.reader.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: the file is empty; its first line names the keys", file)
	}
	if err != nil {
		return nil, t.broken(err)
	}
	for n := len(t.Names); n > 1 && t.Names[n-1] == ""; n-- {
		t.Names = t.Names[:n-1]
	}
	return t, nil
}

// At is the place of a cell of what was read last, as messages begin.
func (t *Table) At(cell int) string {
	line, column := t.reader.FieldPos(cell)
	return fmt.Sprintf("%s:%d:%d", t.file, line, column)
}

// Next reads a row; io.EOF after the last.
func (t *Table) Next() (Row, error) {
	cells, err := t.reader.Read()
	if errors.Is(err, io.EOF) {
		return Row{}, err
	}
	if errors.Is(err, csv.ErrFieldCount) {
		return Row{}, fmt.Errorf("%s: the row has %d cells, the header %d; a cell that holds %q stands in quotes", t.At(0), len(cells), t.reader.FieldsPerRecord, t.reader.Comma)
	}
	if err != nil {
		return Row{}, t.broken(err)
	}
	for i := len(t.Names); i < len(cells); i++ {
		if cells[i] != "" {
			return Row{}, fmt.Errorf("%s: there is a value in column %d, which has no key in the header", t.At(i), i+1)
		}
	}
	line, _ := t.reader.FieldPos(0)
	return Row{line, cells[:len(t.Names)]}, nil
}

func (t *Table) broken(err error) error {
	var at *csv.ParseError
	if errors.As(err, &at) {
		return fmt.Errorf("%s:%d:%d: %w", t.file, at.Line, at.Column, at.Err)
	}
	return fmt.Errorf("%s: %w", t.file, err)
}

// delimiter is what separates the cells: what the spreadsheet says in a first line
// such as sep=; (of which said is how long it is, with its end), else the first of , ; and
// tab which the header holds outside of quotes.
func delimiter(file string, src []byte) (said int, comma rune, err error) {
	line, _, ended := bytes.Cut(src, []byte("\n"))
	length := len(line)
	if ended {
		length++
	}
	line = bytes.TrimSuffix(line, []byte("\r"))
	if by, ok := bytes.CutPrefix(line, []byte("sep=")); ok {
		comma, size := utf8.DecodeRune(by)
		if size != len(by) || strings.ContainsRune("\"\r\ufffd", comma) {
			return 0, 0, fmt.Errorf("%s:1:5: %q separates no cells; write sep=; or leave the line out", file, by)
		}
		return length, comma, nil // an empty line takes its place, which is skipped, and counts
	}
	quoted := false
	for _, c := range src {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == ',' || c == ';' || c == '\t':
			return 0, rune(c), nil
		case c == '\n':
			return 0, ',', nil
		}
	}
	return 0, ',', nil
}
