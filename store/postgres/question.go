package postgres

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"rator/store"
)

// question asks for records of a kind in an order, from a place on. It is a key of maps.
type question struct {
	k     *kind
	sort  sort
	place int    // of the index; of all but scans
	value string // the value found, or the prefix of a range
	from  entry  // after which; its value is of a range only
}

// sort is how records are asked for.
type sort uint8

const (
	find   sort = iota // with a value, by ascending id
	newest             // with a value, by descending id, below from.id
	within             // whose value begins with a prefix, by value and id
	scan               // all, by ascending id
)

// text is the condition and the order of a question, as a statement says them; its values
// are called by the names given, of which a range without an end has no below.
func (q question) text(value, fromValue, fromID, below string) string {
	column := ""
	if q.sort != scan {
		column = q.k.indexes[q.place].column
	}
	switch q.sort {
	case find:
		return fmt.Sprintf("%s=%s and id>%s order by id", column, value, fromID)
	case newest:
		return fmt.Sprintf("%s=%s and id<%s order by id desc", column, value, fromID)
	case scan:
		return fmt.Sprintf("id>%s order by id", fromID)
	}
	if q.ends() {
		return fmt.Sprintf("(%s,id)>(%s,%s) and %s<%s order by %s,id", column, fromValue, fromID, column, below, column)
	}
	return fmt.Sprintf("(%s,id)>(%s,%s) order by %s,id", column, fromValue, fromID, column)
}

// loose says that nobody goes by what is missing from the answer.
func (q question) loose() bool { return q.sort != scan && q.k.indexes[q.place].append }

// ends says whether there are values above all that a range is to find.
func (q question) ends() bool { return q.sort == within && above(q.value) != "" }

// above is the least text that comes after all that begin with prefix; "" = there is none.
func above(prefix string) string {
	r := []rune(prefix)
	for len(r) > 0 {
		last := &r[len(r)-1]
		switch *last {
		case 0x10FFFF:
			r = r[:len(r)-1]
			continue
		case 0xD7FF: // after which come the surrogates, which no text has
			*last = 0xE000
		default:
			*last++
		}
		return string(r)
	}
	return ""
}

// statement asks the database for at most limit.
func (q question) statement(limit int) statement {
	var args []any
	name := func(value any) string {
		args = append(args, value)
		return fmt.Sprintf("$%d", len(args))
	}
	var value, fromValue, below string
	switch q.sort {
	case find, newest:
		value = name(q.value)
	case within:
		fromValue = name(q.from.value)
	}
	fromID := name(int64(q.from.id))
	if q.ends() {
		below = name(above(q.value))
	}
	return statement{sql: "select " + q.k.columns + " from " + q.k.table + " where " + q.text(value, fromValue, fromID, below) + " limit " + name(limit), args: args}
}

// compare says in which order a question has two rows.
func (q question) compare(a, b *row) int {
	switch q.sort {
	case newest:
		return cmp.Compare(b.id, a.id)
	case within:
		return cmp.Or(strings.Compare(a.values[q.place], b.values[q.place]), cmp.Compare(a.id, b.id))
	}
	return cmp.Compare(a.id, b.id)
}

// of are at most limit rows of what a transaction wrote that answer the question.
func (q question) of(w *ownKind, limit int) []*row {
	if w == nil {
		return nil
	}
	var rows []*row
	if q.sort == scan {
		at, _ := slices.BinarySearch(w.ids, q.from.id+1)
		for _, id := range w.ids[at:] {
			if len(rows) == limit {
				break
			}
			rows = append(rows, w.rows[id].row)
		}
		return rows
	}
	entries := w.entries[q.place]
	switch q.sort {
	case newest:
		at, _ := slices.BinarySearchFunc(entries, entry{q.value, q.from.id}, compareEntries)
		for _, e := range slices.Backward(entries[:at]) {
			if len(rows) == limit || e.value != q.value {
				break
			}
			rows = append(rows, w.rows[e.id].row)
		}
		return rows
	case find:
		q.from.value = q.value
	}
	at, _ := slices.BinarySearchFunc(entries, entry{q.from.value, q.from.id + 1}, compareEntries)
	for _, e := range entries[at:] {
		if len(rows) == limit || q.sort == find && e.value != q.value || !strings.HasPrefix(e.value, q.value) {
			break
		}
		rows = append(rows, w.rows[e.id].row)
	}
	return rows
}

// merged lays what a transaction wrote over what the database has.
func (q question) merged(base []*row, w *ownKind, limit int) []*row {
	own := q.of(w, limit)
	var rows []*row
	for len(rows) < limit {
		if len(base) > 0 {
			if _, written := w.get(base[0].id); written {
				base = base[1:]
				continue
			}
		}
		switch {
		case len(own) == 0 && len(base) == 0:
			return rows
		case len(base) == 0 || len(own) > 0 && q.compare(own[0], base[0]) < 0:
			rows, own = append(rows, own[0]), own[1:]
		default:
			rows, base = append(rows, base[0]), base[1:]
		}
	}
	return rows
}

// position is where a range goes on after a row: its value, NUL, and its id in 8 bytes, big
// endian. It is as store/bolt has it: a cursor of a list is of either.
func (q question) position(r *row) []byte {
	return binary.BigEndian.AppendUint64(append([]byte(r.values[q.place]), 0), uint64(r.id))
}

// entryAt reads a position; false for what is none.
func entryAt(position []byte) (entry, bool) {
	end := len(position) - 9
	if end < 0 || position[end] != 0 {
		return entry{}, false
	}
	return entry{string(position[:end]), store.ID(binary.BigEndian.Uint64(position[end+1:]))}, true
}
