package postgres

import (
	"encoding/binary"
	"hash/fnv"
	"maps"
	"slices"

	"rator/store"
)

// What is read and written is locked by advisory locks of the transaction at its end, all of
// them in one order, so that nobody waits for who waits for him. A lock has a number, the
// hash of what it is of: two things of one number only wait for each other.

// locks are numbers, and whether nobody else may have the lock.
type locks struct {
	schema string
	of     map[int64]bool
}

// mostLocks is how many locks of records and values a transaction takes, before it takes
// whole kinds instead: a server has room for some thousands.
const mostLocks = 500

func (l *locks) take(exclusive bool, parts ...string) {
	n := lockNumber(append([]string{l.schema}, parts...)...)
	l.of[n] = l.of[n] || exclusive
}

func lockNumber(parts ...string) int64 {
	h := fnv.New64a()
	for _, part := range parts {
		_, _ = h.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(part))), part...)) // a hash takes all
	}
	return int64(h.Sum64())
}

// record locks a record, by the number that a statement has too: that of the kind's records,
// and the id.
func (l *locks) record(exclusive bool, k *kind, id store.ID) {
	n := lockNumber(l.schema, "record", k.name) ^ int64(id)
	l.of[n] = l.of[n] || exclusive
}

func (l *locks) value(exclusive bool, k *kind, place int, value string) {
	l.take(exclusive, "value", k.name, k.indexes[place].name, value)
}

// kind locks a kind: shared for who has locks of its records and values, exclusive for who
// has none, or read what any record changes.
func (l *locks) kind(exclusive bool, k *kind) { l.take(exclusive, "kind", k.name) }

// statement takes them.
func (l *locks) statement() statement {
	numbers := slices.Sorted(maps.Keys(l.of))
	exclusive := make([]bool, len(numbers))
	for i, n := range numbers {
		exclusive[i] = l.of[n]
	}
	return statement{sql: "select case when x then pg_advisory_xact_lock(n) else pg_advisory_xact_lock_shared(n) end from unnest($1::bigint[],$2::bool[]) l(n,x)",
		args: []any{numbers, exclusive}}
}

// locks are those of what the transaction read and wrote.
func (t *tx) locks() *locks {
	l := &locks{schema: t.db.schema.name, of: map[int64]bool{}}
	kinds := map[*kind]bool{}
	touched := func(k *kind, whole bool) { kinds[k] = kinds[k] || whole }
	for key := range t.base.known {
		touched(key.k, false)
		l.record(false, key.k, key.id)
	}
	for q := range t.base.found {
		if q.loose() {
			touched(q.k, false)
			continue
		}
		whole := q.sort == within || q.sort == scan || q.k.indexes[q.place].common
		if touched(q.k, whole); !whole {
			l.value(false, q.k, q.place, q.value)
		}
	}
	for k := range t.base.counts {
		touched(k, true)
	}
	for k := range t.base.copied {
		touched(k, false)
	}
	for k, w := range t.own.kinds {
		touched(k, k.stable)
		for id, c := range w.rows {
			t.lockChange(l, k, id, c)
		}
	}
	if whole := len(l.of) > mostLocks; whole {
		clear(l.of)
		for k := range kinds {
			kinds[k] = true
		}
	}
	for k, whole := range kinds {
		l.kind(whole, k)
	}
	return l
}

// lockChange locks a record that is written, and the values that it gets or leaves, but not
// what nobody else can know.
func (t *tx) lockChange(l *locks, k *kind, id store.ID, c change) {
	if c.row == nil && c.before == nil {
		return
	}
	if !t.fresh[id] {
		l.record(true, k, id)
	}
	for place := range k.indexes {
		var old, new string
		if c.before != nil {
			old = c.before.values[place]
		}
		if c.row != nil {
			new = c.row.values[place]
		}
		if x := k.indexes[place]; old == new || x.append || x.common {
			continue
		}
		for _, value := range []string{old, new} {
			if value != "" && !t.names(value) {
				l.value(true, k, place, value)
			}
		}
	}
}
