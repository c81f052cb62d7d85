package postgres

import (
	"cmp"
	"slices"
	"strings"

	"rator/store"
)

// own is what a transaction wrote to records, over what it found in the database. A
// savepoint is a length of the log, to which everything can be undone.
type own struct {
	kinds map[*kind]*ownKind
	log   []undo
}

// ownKind is what was written to a kind.
type ownKind struct {
	rows    map[store.ID]change
	ids     []store.ID // of the rows that are there, in order
	entries [][]entry  // their places in each index, in order
	hides   int        // rows of the database that are changed or gone
	grows   int64      // by how many records
}

// change is what a record became.
type change struct {
	row    *row // nil = it is gone
	before *row // what the database has; nil = nothing
}

// entry is a record's place in an index.
type entry struct {
	value string
	id    store.ID
}

func compareEntries(a, b entry) int {
	return cmp.Or(strings.Compare(a.value, b.value), cmp.Compare(a.id, b.id))
}

// undo is what a record was before it was written once more.
type undo struct {
	k     *kind
	id    store.ID
	was   change
	known bool // false: it had not been written
}

func newOwn() *own { return &own{kinds: map[*kind]*ownKind{}} }

// of is what was written to a kind; it may be asked for nothing.
func (o *own) of(k *kind) *ownKind {
	if o == nil {
		return nil
	}
	return o.kinds[k]
}

// get is what a record became; false where it was not written.
func (w *ownKind) get(id store.ID) (change, bool) {
	if w == nil {
		return change{}, false
	}
	c, known := w.rows[id]
	return c, known
}

// set writes a record.
func (o *own) set(k *kind, id store.ID, c change) {
	w := o.kinds[k]
	if w == nil {
		w = &ownKind{rows: map[store.ID]change{}, entries: make([][]entry, len(k.indexes))}
		o.kinds[k] = w
	}
	was, known := w.rows[id]
	o.log = append(o.log, undo{k, id, was, known})
	w.put(id, was, known, c, true)
}

// undo undoes what was written since the log was so long.
func (o *own) undo(length int) {
	for _, u := range slices.Backward(o.log[length:]) {
		w := o.kinds[u.k]
		w.put(u.id, w.rows[u.id], true, u.was, u.known)
	}
	clear(o.log[length:])
	o.log = o.log[:length]
}

func (w *ownKind) put(id store.ID, was change, known bool, c change, keep bool) {
	if known {
		w.count(was, -1)
		w.drop(was.row)
	}
	if !keep {
		delete(w.rows, id)
		return
	}
	w.rows[id] = c
	w.count(c, 1)
	w.add(c.row)
}

func (w *ownKind) count(c change, by int) {
	switch {
	case c.before == nil && c.row != nil:
		w.grows += int64(by)
	case c.before != nil && c.row == nil:
		w.grows -= int64(by)
	}
	if c.before != nil {
		w.hides += by
	}
}

func (w *ownKind) add(r *row) {
	if r == nil {
		return
	}
	at, _ := slices.BinarySearch(w.ids, r.id)
	w.ids = slices.Insert(w.ids, at, r.id)
	for i, value := range r.values {
		if value != "" {
			e := entry{value, r.id}
			at, _ := slices.BinarySearchFunc(w.entries[i], e, compareEntries)
			w.entries[i] = slices.Insert(w.entries[i], at, e)
		}
	}
}

func (w *ownKind) drop(r *row) {
	if r == nil {
		return
	}
	if at, there := slices.BinarySearch(w.ids, r.id); there {
		w.ids = slices.Delete(w.ids, at, at+1)
	}
	for i, value := range r.values {
		if at, there := slices.BinarySearchFunc(w.entries[i], entry{value, r.id}, compareEntries); there {
			w.entries[i] = slices.Delete(w.entries[i], at, at+1)
		}
	}
}

// holder is the other record than id that has a value in an index; 0 = none.
func (w *ownKind) holder(place int, value string, id store.ID) store.ID {
	if w == nil {
		return 0
	}
	at, _ := slices.BinarySearchFunc(w.entries[place], entry{value, 0}, compareEntries)
	for _, e := range w.entries[place][at:] {
		if e.value != value {
			break
		}
		if e.id != id {
			return e.id
		}
	}
	return 0
}
