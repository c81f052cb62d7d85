package bolt

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"go.etcd.io/bbolt"

	"rator/store"
)

// verification is one reading of all rows.
type verification struct {
	ctx     context.Context
	tally   *tally // of all rows, read already; nil = none were
	rows    *fileRows
	report  func(error)
	records int64
	damaged map[store.ID]bool // records of the kind at hand that were reported
}

// run goes through what a transaction sees, but for what adds up.
func (v *verification) run(tx *bbolt.Tx) error {
	v.rows = newFileRows(tx)
	l, err := readLayout(tx)
	if err != nil {
		v.report(err)
		return nil
	}
	v.buckets(l)
	for _, k := range l.kinds {
		kind := k.kind()
		if t := v.tally.of(kind); t != nil && t.addsUp(v.rows) {
			v.records += t.count.Load()
			continue
		}
		if err := v.kind(kind); err != nil {
			return err
		}
		if err := v.entries(k, kind); err != nil {
			return err
		}
	}
	if v.tally == nil || !v.tally.events.addsUp(v.rows) {
		if err := v.events(); err != nil {
			return err
		}
	}
	return v.counters(l)
}

// each gives every row of a bucket until the context ends.
func (v *verification) each(bucket string, fn func(key, value []byte)) error {
	for c, n := v.rows.seek(bucket, nil), 0; ; n++ {
		if n%1024 == 0 && v.ctx.Err() != nil {
			return v.ctx.Err()
		}
		key, value := c.next()
		if key == nil {
			return nil
		}
		fn(key, value)
	}
}

func (v *verification) buckets(l layout) {
	names := l.buckets()
	for c, name := v.rows.tx.Cursor(), []byte(nil); ; {
		if name == nil {
			name, _ = c.First()
		} else {
			name, _ = c.Next()
		}
		if name == nil {
			return
		}
		if !slices.Contains(names, string(name)) {
			v.report(fmt.Errorf("bucket %q belongs to nothing", name))
		}
	}
}

// kind checks that every record is whole and in its indexes, and their number.
func (v *verification) kind(k *kind) error {
	var count int64
	v.damaged = map[store.ID]bool{}
	err := v.each(k.bucket, func(key, row []byte) {
		count++
		r, entries, err := k.decodeEntries(key, row)
		if err != nil {
			v.damaged[idOf(key)] = true
			v.report(err)
			return
		}
		for _, e := range entries {
			ix, err := k.index(e.index)
			if err == nil && v.rows.get(k.entries, ix.entry(e.value, r.ID)) == nil {
				err = fmt.Errorf("index %s lacks it", e.index)
			}
			if err != nil {
				v.report(k.bad(key, err))
			}
		}
	})
	v.records += count
	if err == nil {
		v.equal(k.counter, count)
	}
	return err
}

// entries checks that every entry of a kind's indexes has its record, and that of a
// unique index no value is there twice.
func (v *verification) entries(l kindLayout, k *kind) error {
	t := &tx{rows: v.rows}
	var last []byte // with the index's place
	return v.each(k.entries, func(key, row []byte) {
		if int(key[0]) >= len(l.Indexes) {
			v.report(fmt.Errorf("store: kind %s: damaged entry %x", k.name, key))
			return
		}
		name := l.Indexes[key[0]].Name
		if _, err := t.follow(k, name, key); err != nil {
			if !v.damaged[idOf(key)] {
				v.report(err)
			}
			return
		}
		value, id, _ := splitEntry(key)
		if !bytes.Equal(row, present) {
			v.report(k.bad(id, fmt.Errorf("damaged entry in index %s", name)))
		}
		value = key[:1+len(value)]
		if l.Indexes[key[0]].Unique && bytes.Equal(value, last) {
			v.report(k.bad(id, fmt.Errorf("another has the same value in the unique index %s", name)))
		}
		last = value
	})
}

// events checks that every event is whole and in its account's place, and that none is
// missing between the oldest and the newest.
func (v *verification) events() error {
	var places int64
	newest, err := v.rows.sum(eventsGoneCounter)
	if err != nil {
		return nil // it is told with the counters
	}
	err = v.each(eventBucket, func(key, row []byte) {
		e, err := readEvent(key, row)
		switch {
		case err != nil:
		case e.Cursor != newest+1:
			err = fmt.Errorf("store: event %d comes where %d should", e.Cursor, newest+1)
		case e.Account != 0 && v.rows.get(eventAccountBucket, accountKey(e.Account, e.Cursor)) == nil:
			err = fmt.Errorf("store: event %d: the index of its account lacks it", e.Cursor)
		}
		if e.Account != 0 {
			places++
		}
		newest = e.Cursor
		if err != nil {
			v.report(err)
		}
	})
	if err == nil {
		v.equal(eventCounter, newest)
	}
	if err != nil {
		return err
	}
	err = v.each(eventAccountBucket, func([]byte, []byte) { places-- })
	if err == nil && places < 0 {
		v.report(fmt.Errorf("store: the index of events by account has %d places of events that are not there", -places))
	}
	return err
}

// counters checks that each counts something.
func (v *verification) counters(l layout) error {
	err := v.each(counterBucket, func(key, row []byte) {
		if !bytes.Equal(key, allKey) {
			v.report(fmt.Errorf("store: counter row %q belongs to nothing", key))
		}
	})
	if err != nil {
		return err
	}
	all, err := readCounters(v.rows.get(counterBucket, allKey))
	if err != nil {
		v.report(err)
	}
	for name := range all {
		kind, isKind := strings.CutPrefix(name, "count/")
		_, known := l.find(kind)
		switch {
		case name == eventCounter, name == eventsGoneCounter, name == newestCounter, isKind && known,
			strings.HasPrefix(name, sequencePrefix), strings.HasPrefix(name, sumPrefix):
		default:
			v.report(fmt.Errorf("store: counter %q counts nothing", name))
		}
	}
	return nil
}

// equal checks a counter against what was counted. That counters cannot be read is told
// once, by counters.
func (v *verification) equal(counter string, counted int64) {
	n, err := v.rows.sum(counter)
	if err == nil && n != counted {
		v.report(fmt.Errorf("store: counter %s is %d, but %d are there", counter, n, counted))
	}
}
