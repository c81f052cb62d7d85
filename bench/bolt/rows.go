package main

import (
	_ "embed"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// recorded is what one sign-up of commit 5f5fc56 writes, a row a line: bucket, key and
// value, the last two as quoted in Go, with marks where each sign-up has its own. It does
// not change, so that what is compared with it can.
//
//go:embed signup.tsv
var recorded string

// What a sign-up takes of each number that goes on, and how the numbers are written.
const (
	idsEach    = 7
	eventsEach = 3
	firstID    = 202611300730010009
)

// row is one that is put into a bucket; key and value are rendered for each sign-up.
type row struct {
	bucket     []byte
	key, value pattern
}

// pattern is bytes with marks in them.
type pattern []part

// part is a text as it is, or the mark of a number: {id+2} and {event+1} are eight bytes,
// {ID+2} the same id in its 18 digits, {customer} six digits, {user} eight.
type part struct {
	text string
	mark string
	plus int64
}

// frozenRows are the rows of a sign-up in the order of the recording.
func frozenRows() (rows []row, err error) {
	for line := range strings.Lines(recorded) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(fields) != 3 {
			return nil, fmt.Errorf("a row has bucket, key and value: %q", line)
		}
		key, err := parsePattern(fields[1])
		if err != nil {
			return nil, err
		}
		value, err := parsePattern(fields[2])
		if err != nil {
			return nil, err
		}
		rows = append(rows, row{[]byte(fields[0]), key, value})
	}
	return rows, nil
}

// sixRows are the puts of six records of 200 bytes, what a sign-up was taken for before
// its rows were counted.
func sixRows() (rows []row, err error) {
	for i := range int64(6) {
		rows = append(rows, row{[]byte("kind"), pattern{{mark: "ID", plus: i}}, pattern{{text: strings.Repeat("x", 200)}}})
	}
	return rows, nil
}

// parsePattern reads a quoted text with marks. JSON in it has braces too, which are none.
func parsePattern(quoted string) (p pattern, err error) {
	text, err := strconv.Unquote(quoted)
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, quoted)
	}
	for {
		at, mark := nextMark(text)
		if mark == "" {
			return append(p, part{text: text}), nil
		}
		name, plus, _ := strings.Cut(strings.Trim(mark, "{}"), "+")
		n, _ := strconv.ParseInt(plus, 10, 64) // nextMark saw digits, or nothing
		p = append(p, part{text: text[:at]}, part{mark: name, plus: n})
		text = text[at+len(mark):]
	}
}

// nextMark finds the first mark, "" when there is none.
func nextMark(text string) (at int, mark string) {
	found := marks.FindStringIndex(text)
	if found == nil {
		return 0, ""
	}
	return found[0], text[found[0]:found[1]]
}

// appendTo renders the pattern for the nth sign-up, counted from 0.
func (p pattern) appendTo(b []byte, n int64) []byte {
	for _, x := range p {
		switch x.mark {
		case "":
			b = append(b, x.text...)
		case "id":
			b = binary.BigEndian.AppendUint64(b, uint64(firstID+n*idsEach+x.plus))
		case "ID":
			b = strconv.AppendInt(b, firstID+n*idsEach+x.plus, 10)
		case "event":
			b = binary.BigEndian.AppendUint64(b, uint64(1+n*eventsEach+x.plus))
		case "customer":
			b = strconv.AppendInt(b, 100_002+n, 10)
		case "user":
			b = fmt.Appendf(b, "%08d", n)
		}
	}
	return b
}
