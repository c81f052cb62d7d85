package batch

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"rator/batch/table"
	"rator/workflow/value"
)

// readCSV reads a file with a header, whose cells are paths as in rator call. An
// empty cell is an absent key.
func readCSV(file string, src []byte, found lists) ([]row, error) {
	t, err := table.Open(file, bytes.NewReader(src))
	if err != nil {
		return nil, err
	}
	paths, err := headerOf(t, found)
	if err != nil {
		return nil, err
	}
	var all []row
	for {
		read, err := t.Next()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		one := row{line: read.Line}
		for i, text := range read.Cells {
			if text == "" {
				continue
			}
			if err := value.Assign(&one.values, paths[i], text); err != nil {
				return nil, fmt.Errorf("%s: %s: %w", t.At(i), t.Names[i], err)
			}
		}
		if len(one.values) > 0 { // spreadsheets leave rows without any value
			all = append(all, one)
		}
	}
}

// headerOf are the paths of the columns. It finds every name that no key can have, in a
// file without rows too.
func headerOf(t *table.Table, found lists) (paths [][]string, err error) {
	h := header{}
	for i, name := range t.Names {
		path := strings.Split(name, ".")
		if err := h.add(path, found); err != nil {
			return nil, fmt.Errorf("%s: column %d, %q: %w", t.At(i), i+1, name, err)
		}
		paths = append(paths, path)
	}
	return paths, nil
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
