package bolt

import (
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"rator/store"
)

// All counters of a file lie in one row, which a commit writes once however much its
// closures count: name, NUL-free and with its length before it, and value, in order of
// name. So a commit costs some microseconds more for each hundred of them.
const (
	counterBucket  = "counter"
	sequencePrefix = "sequence/"
	sumPrefix      = "sum/"   // of Add and Sum
	newestCounter  = "newest" // the newest id
)

var (
	allKey        = []byte("all")
	counterRowSum = bucketSumOf(counterBucket)
)

// counters are values by name; a name that is not there has 0.
type counters map[string]int64

// counterIn looks a counter up in the row of all.
func counterIn(row []byte, name string) (int64, error) {
	found := int64(0)
	err := eachCounter(row, func(other []byte, n int64) {
		if string(other) == name {
			found = n
		}
	})
	return found, err
}

// readCounters reads the row of all.
func readCounters(row []byte) (counters, error) {
	all := counters{}
	err := eachCounter(row, func(name []byte, n int64) { all[string(name)] = n })
	return all, err
}

func eachCounter(row []byte, fn func(name []byte, n int64)) error {
	if row == nil { // of a new file
		return nil
	}
	body, err := unseal(counterRowSum, allKey, row)
	p := payload{rest: body}
	for err == nil && len(p.rest) > 0 {
		name, n := p.text(), p.number()
		if p.bad {
			err = p.end()
			break
		}
		fn(name, int64(n))
	}
	if err != nil {
		return fmt.Errorf("store: counters: %w", err)
	}
	return nil
}

// row is the row of all; those of value 0 are left out.
func (c counters) row() []byte {
	row := newRow(32 * len(c))
	for _, name := range slices.Sorted(maps.Keys(c)) {
		if n := c[name]; n != 0 {
			row = binary.AppendUvarint(appendText(row, name), uint64(n))
		}
	}
	return seal(counterRowSum, allKey, row)
}

// add changes a counter and gives its new value.
func (t *tx) add(name string, by int64) (int64, error) {
	if err := t.rows.add(name, by); err != nil {
		return 0, err
	}
	return t.rows.sum(name)
}

func (f *fileRows) add(counter string, n int64) error {
	all, err := readCounters(f.get(counterBucket, allKey))
	if err != nil {
		return err
	}
	all[counter] += n
	return f.put(counterBucket, allKey, all.row())
}

func (f *fileRows) sum(counter string) (int64, error) {
	return counterIn(f.get(counterBucket, allKey), counter)
}

func (l *layer) add(counter string, n int64) error {
	l.counted[counter] += n
	return nil
}

// sum counts what the layer has below a row of counters of its own, if flush gave it one.
func (l *layer) sum(counter string) (int64, error) {
	if row := l.own(counterBucket, allKey); row != nil {
		n, err := counterIn(row, counter)
		return n + l.counted[counter], err
	}
	n, err := l.below.sum(counter)
	return n + l.counted[counter], err
}

// flush makes a row of what was added to counters.
func (l *layer) flush() error {
	if len(l.counted) == 0 {
		return nil
	}
	all, err := readCounters(l.get(counterBucket, allKey))
	if err != nil {
		return err
	}
	for name, n := range l.counted {
		all[name] += n
	}
	clear(l.counted)
	return l.put(counterBucket, allKey, all.row())
}

// Hold gives every lease: the file is locked to one process.
func (d *DB) Hold(ctx context.Context, _ string) (held context.Context, done func(), err error) {
	return ctx, func() {}, ctx.Err()
}

// Settled is the newest id that was given: with one writer at a time, none below it is yet
// to come.
func (d *DB) Settled(ctx context.Context) (newest store.ID, err error) {
	err = d.View(ctx, func(view store.Tx) error {
		n, err := view.(*tx).rows.sum(newestCounter)
		newest = store.ID(n)
		return err
	})
	return newest, err
}

// given notes the newest id that was given.
func (l *layer) given(newest store.ID) error {
	before, err := l.sum(newestCounter)
	if err == nil && int64(newest) > before {
		err = l.add(newestCounter, int64(newest)-before)
	}
	return err
}
