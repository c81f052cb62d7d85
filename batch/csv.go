package batch

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"rator/workflow/value"
)

// table is a CSV file that is being read, row by row.
type table struct {
	file   string
	reader *csv.Reader
	header [][]string // the path of each column
	names  []string
}

// readCSV reads a file with a header, whose cells are paths as in rator call. An
// empty cell is an absent key.
func readCSV(file string, src []byte, found lists) ([]row, error) {
	src, comma, err := delimiter(file, src)
	if err != nil {
		return nil, err
	}
	t := table{file: file, reader: csv.NewReader(bytes.NewReader(src))}
	t.reader.Comma = comma
	if err := t.readHeader(found); err != nil {
		return nil, err
	}
	var all []row
	for {
		one, err := t.row()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		if len(one.values) > 0 { // spreadsheets leave rows without any value
			all = append(all, one)
		}
	}
}

// delimiter is what separates the cells: what the spreadsheet says in a first line
// such as sep=; (which is left out of text), else the first of , ; and tab which the
// header holds outside of quotes.
func delimiter(file string, src []byte) (text []byte, comma rune, err error) {
	line, rest, _ := bytes.Cut(src, []byte("\n"))
	line = bytes.TrimSuffix(line, []byte("\r"))
	if said, ok := bytes.CutPrefix(line, []byte("sep=")); ok {
		comma, size := utf8.DecodeRune(said)
		if size != len(said) || strings.ContainsRune("\"\r\ufffd", comma) {
			return nil, 0, fmt.Errorf("%s:1:5: %q separates no cells; write sep=; or leave the line out", file, said)
		}
		return append([]byte("\n"), rest...), comma, nil // an empty line is skipped, and counts
	}
	quoted := false
	for _, c := range src {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == ',' || c == ';' || c == '\t':
			return src, rune(c), nil
		case c == '\n':
			return src, ',', nil
		}
	}
	return src, ',', nil
}

// readHeader finds every name that no key can have, in a file without rows too.
func (t *table) readHeader(found lists) (err error) {
	t.names, err = t.reader.Read()
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: the file is empty; its first line names the keys", t.file)
	}
	if err != nil {
		return t.broken(err)
	}
	for n := len(t.names); n > 1 && t.names[n-1] == ""; n-- { // a spreadsheet's empty columns at the end
		t.names = t.names[:n-1]
	}
	h := header{}
	for i, name := range t.names {
		path := strings.Split(name, ".")
		if err := h.add(path, found); err != nil {
			line, column := t.reader.FieldPos(i)
			return fmt.Errorf("%s:%d:%d: column %d, %q: %w", t.file, line, column, i+1, name, err)
		}
		t.header = append(t.header, path)
	}
	return nil
}

func (t *table) broken(err error) error {
	var at *csv.ParseError
	if errors.As(err, &at) {
		return fmt.Errorf("%s:%d:%d: %w", t.file, at.Line, at.Column, at.Err)
	}
	return fmt.Errorf("%s: %w", t.file, err)
}

func (t *table) row() (one row, err error) {
	cells, err := t.reader.Read()
	if errors.Is(err, io.EOF) {
		return one, err
	}
	if errors.Is(err, csv.ErrFieldCount) {
		line, column := t.reader.FieldPos(0)
		return one, fmt.Errorf("%s:%d:%d: the row has %d cells, the header %d; a cell that holds %q stands in quotes", t.file, line, column, len(cells), t.reader.FieldsPerRecord, t.reader.Comma)
	}
	if err != nil {
		return one, t.broken(err)
	}
	one.line, _ = t.reader.FieldPos(0)
	for i, text := range cells {
		if text == "" {
			continue
		}
		if i >= len(t.header) {
			line, column := t.reader.FieldPos(i)
			return one, fmt.Errorf("%s:%d:%d: there is a value in column %d, which has no key in the header", t.file, line, column, i+1)
		}
		if err := value.Assign(&one.values, t.header[i], text); err != nil {
			line, column := t.reader.FieldPos(i)
			return one, fmt.Errorf("%s:%d:%d: %s: %w", t.file, line, column, t.names[i], err)
		}
	}
	return one, nil
}

// header is what the names of the columns before stand for, by path: a plain value,
// or what has other keys below it.
type header map[string]bool

// add takes the path of a column, or says why it stands for no key beside the others.
// A numbered item makes its key a list.
func (h header) add(path []string, found lists) error {
	at, list := "", ""
	for i, part := range path {
		key, item, err := value.ListItem(part)
		if err != nil {
			return err
		}
		list += key + "/"
		if item > 0 {
			found[list] = true
		}
		at += fmt.Sprintf("/%s[%d]", key, max(item, 1))
		plain := i == len(path)-1
		switch was, met := h[at]; {
		case met && was != plain:
			return fmt.Errorf("%s is a value of its own in one column, and has keys below it in another", part)
		case met && plain:
			return fmt.Errorf("the key is there twice; the items of a list are %s[1], %s[2]", key, key)
		}
		h[at] = plain
	}
	return nil
}
