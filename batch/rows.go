package batch

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"rator/charset"
	"rator/workflow/contract"
	"rator/workflow/script"
	"rator/workflow/value"
)

// row is one run's p.
type row struct {
	number int // from 1
	line   int // where it begins in its file; 0 without one
	values value.Tree
}

// rows are what a script runs for: those of a file, or one of --set alone.
type rows struct {
	file   string // "" for --set alone
	rows   []row
	lists  lists
	digest []byte // of the file
}

// readRows reads a file whole, so that a mistake in it is told before anything
// is called. Each row has the values of set whose keys it does not give.
func readRows(file string, set value.Tree) (rows, error) {
	if file == "" {
		r := rows{rows: []row{{number: 1, values: set}}, lists: lists{}}
		r.lists.repeated(set)
		return r, nil
	}
	read := map[string]func(string, []byte, lists) ([]row, error){".csv": readCSV, ".json": readJSON, ".jsonl": readJSON}[strings.ToLower(filepath.Ext(file))]
	if read == nil {
		return rows{}, misused(fmt.Errorf("--rows %s: the name ends in .csv, .json or .jsonl", file))
	}
	src, err := os.ReadFile(file)
	if err != nil {
		return rows{}, unreachable(err)
	}
	digest := sha256.Sum256(src)
	src = charset.Text(src)
	r := rows{file: file, lists: lists{}, digest: digest[:]}
	if at := invalidText(src); at >= 0 {
		return r, fmt.Errorf("%s:%d: the text is not UTF-8, nor UTF-16 with a byte order mark; save the file as UTF-8", file, lineAt(src, at))
	}
	if r.rows, err = read(file, src, r.lists); err != nil {
		return r, err
	}
	for i := range r.rows {
		one := &r.rows[i]
		one.number = i + 1
		own := one.values
		for _, e := range set {
			if own.Get(e.Key) == nil {
				one.values = append(one.values, e)
			}
		}
		r.lists.repeated(one.values)
	}
	return r, nil
}

// invalidText is where src stops to be a text in UTF-8; -1 when it does not.
func invalidText(src []byte) int {
	for i := 0; i < len(src); {
		c, size := utf8.DecodeRune(src[i:])
		if c == utf8.RuneError && size == 1 || c == 0 {
			return i
		}
		i += size
	}
	return -1
}

func lineAt(src []byte, offset int) int { return 1 + bytes.Count(src[:offset], []byte("\n")) }

// readJSON reads an array of objects, or objects one after the other. An object
// is a complex value, an array a repeated key.
func readJSON(file string, src []byte, found lists) ([]row, error) {
	d := json.NewDecoder(bytes.NewReader(src))
	d.UseNumber()
	at := func() int {
		rest := src[d.InputOffset():]
		return lineAt(src, len(src)-len(bytes.TrimLeft(rest, " \t\r\n,")))
	}
	array := len(bytes.TrimLeft(src, " \t\r\n")) > 0 && bytes.TrimLeft(src, " \t\r\n")[0] == '['
	if array {
		_, _ = d.Token()
	}
	var all []row
	for d.More() {
		one := row{line: at()}
		var err error
		if one.values, err = readObject(d, found, ""); err != nil {
			return nil, fmt.Errorf("%s:%d: row %d: %w", file, max(one.line, at()), len(all)+1, plainEnd(err))
		}
		all = append(all, one)
	}
	if array {
		if _, err := d.Token(); err != nil {
			return nil, fmt.Errorf("%s:%d: after row %d: %w", file, at(), len(all), plainEnd(err))
		}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s:%d: there is more after the rows", file, at())
	}
	return all, nil
}

// plainEnd says EOF in words.
func plainEnd(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the file ends too early")
	}
	return err
}

// maxRowDepth is how deep values may nest (security.md "Limits").
const maxRowDepth = 8

func readObject(d *json.Decoder, found lists, path string) (value.Tree, error) {
	open, err := d.Token()
	if err != nil {
		return nil, err
	}
	if open != json.Delim('{') {
		return nil, fmt.Errorf("a row is an object: {\"KEY\": value}")
	}
	return readKeys(d, found, path)
}

// readKeys reads an object whose brace is read.
func readKeys(d *json.Decoder, found lists, path string) (value.Tree, error) {
	if strings.Count(path, "/") >= maxRowDepth {
		return nil, fmt.Errorf("%s: values nest deeper than %d", path, maxRowDepth)
	}
	var t value.Tree
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		key := name.(string)
		if err := value.CheckKey(key); err != nil {
			return nil, err
		}
		if t.Get(key) != nil {
			return nil, fmt.Errorf("%s is there twice; a list is an array: {%q: […]}", path+key, key)
		}
		if err := readValue(d, found, path, key, &t, false); err != nil {
			return nil, err
		}
	}
	_, err := d.Token()
	return t, err
}

func readValue(d *json.Decoder, found lists, path, key string, t *value.Tree, inList bool) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	below := path + key + "/"
	switch token := token.(type) {
	case json.Delim:
		if token == '{' {
			items, err := readKeys(d, found, below)
			*t = append(*t, value.Of(key, items...))
			return err
		}
		if inList {
			return fmt.Errorf("%s: an array in an array stands for nothing", below)
		}
		found[below] = true
		for d.More() {
			if err := readValue(d, found, path, key, t, true); err != nil {
				return err
			}
		}
		_, err := d.Token()
		return err
	case string:
		*t = append(*t, value.OfString(key, token))
	case bool:
		*t = append(*t, value.OfBoolean(key, token))
	case json.Number:
		entry := value.Entry{Key: key, Type: value.Double, Text: token.String()}
		if _, err := value.ParseDecimal(entry.Text); err != nil {
			return fmt.Errorf("%s: %w", path+key, err)
		}
		if _, err := token.Int64(); err == nil {
			entry.Type = value.Long
		}
		*t = append(*t, entry)
	default:
		*t = append(*t, value.OfNull(key, value.String))
	}
	return nil
}

// lists are the paths, KEY/KEY/, that are lists for the script: those that
// repeat in any row, or are an array in one.
type lists map[string]bool

func (l lists) repeated(t value.Tree) { l.below(t, "") }

func (l lists) below(t value.Tree, path string) {
	seen := map[string]bool{}
	for _, e := range t {
		if seen[e.Key] {
			l[path+e.Key+"/"] = true
		}
		seen[e.Key] = true
		l.below(e.Items, path+e.Key+"/")
	}
}

// declare is what a script must know of p: which keys are lists, and that it may
// have any other.
func (l lists) declare() []*contract.Value {
	if len(l) == 0 {
		return nil
	}
	return l.declareBelow("")
}

func (l lists) declareBelow(path string) []*contract.Value {
	keys := map[string]bool{}
	for list := range l {
		if rest, ok := strings.CutPrefix(list, path); ok && rest != "" {
			key, _, _ := strings.Cut(rest, "/")
			keys[key] = true
		}
	}
	if len(keys) == 0 {
		return nil
	}
	declared := []*contract.Value{{Key: script.AnyKey}}
	for key := range keys {
		v := &contract.Value{Key: key, List: l[path+key+"/"], Values: l.declareBelow(path + key + "/")}
		declared = append(declared, v)
	}
	return declared
}
