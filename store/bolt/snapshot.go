package bolt

import (
	"context"
	"strings"

	"rator/store"
	"rator/store/transfer"
)

// Snapshot runs fn over the state of the last commit.
func (d *DB) Snapshot(ctx context.Context, fn func(transfer.Snapshot) error) error {
	return d.View(ctx, func(t store.Tx) error { return fn(snapshot{t.(*tx)}) })
}

// snapshot is a View as what copies a whole store sees it.
type snapshot struct{ *tx }

func (s snapshot) Records(kind string, after store.ID, limit int) ([]store.Record, error) {
	return s.Scan(kind, after, limit)
}

func (s snapshot) Rest() (transfer.Rest, error) {
	if err := s.read(); err != nil {
		return transfer.Rest{}, err
	}
	all, err := readCounters(s.rows.get(counterBucket, allKey))
	rest := transfer.Rest{
		Newest:    store.ID(all[newestCounter]),
		Sequences: map[string]int64{},
		Counters:  map[string]int64{},
		Events:    all[eventCounter] - all[eventsGoneCounter],
		Cursor:    all[eventCounter],
	}
	for name, n := range all {
		if sequence, is := strings.CutPrefix(name, sequencePrefix); is {
			rest.Sequences[sequence] = n
		} else if counter, is := strings.CutPrefix(name, sumPrefix); is {
			rest.Counters[counter] = n
		}
	}
	return rest, err
}
