package storetest

import (
	"context"
	"fmt"
	"sync"

	"rator/store"
)

// Trips counts how often a store is asked for records and sums, in its transactions: each
// would be a trip to a store that is far away. What copies of stable kinds answer is none.
type Trips struct {
	mu      sync.Mutex
	asked   []string
	records int64
}

// Counted is a store whose questions t counts.
func Counted(s store.Store, t *Trips) store.Store { return counted{s, t} }

// Reset forgets what was asked.
func (t *Trips) Reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.asked, t.records = nil, 0
}

// Asked are the questions, in their order, each as what it is and of which kinds.
func (t *Trips) Asked() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]string(nil), t.asked...)
}

// Records is how many records were asked for by their ids, or found.
func (t *Trips) Records() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.records
}

func (t *Trips) note(records int, format string, about ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.asked = append(t.asked, fmt.Sprintf(format, about...))
	t.records += int64(records)
}

type counted struct {
	store.Store
	trips *Trips
}

func (s counted) View(ctx context.Context, fn func(store.Tx) error) error {
	return s.Store.View(ctx, func(tx store.Tx) error { return fn(countedTx{tx, s.trips}) })
}

func (s counted) Update(ctx context.Context, fn func(store.Tx) error) error {
	return s.Store.Update(ctx, func(tx store.Tx) error { return fn(countedTx{tx, s.trips}) })
}

type countedTx struct {
	store.Tx
	trips *Trips
}

func (c countedTx) Before() store.Tx { return countedTx{c.Tx.Before(), c.trips} }

func (c countedTx) Get(kind string, id store.ID) (store.Record, error) {
	c.trips.note(1, "get %s", kind)
	return c.Tx.Get(kind, id)
}

func (c countedTx) Find(kind, index, value string, after store.ID, limit int) ([]store.Record, error) {
	rs, err := c.Tx.Find(kind, index, value, after, limit)
	c.trips.note(len(rs), "find %s by %s", kind, index)
	return rs, err
}

func (c countedTx) FindMany(asks []store.Ask) ([][]store.Record, error) {
	found, err := c.Tx.FindMany(asks)
	n := 0
	kinds := map[string]int{}
	for i, rs := range found {
		n += len(rs)
		kinds[asks[i].Kind]++
	}
	c.trips.note(n, "find many %v", kinds)
	return found, err
}

func (c countedTx) GetMany(kind string, ids []store.ID) ([]store.Record, error) {
	c.trips.note(len(ids), "get many %s", kind)
	return c.Tx.GetMany(kind, ids)
}

func (c countedTx) Range(kind, index, prefix string, after []byte, limit int) ([]store.Record, []byte, error) {
	rs, next, err := c.Tx.Range(kind, index, prefix, after, limit)
	c.trips.note(len(rs), "range of %s by %s", kind, index)
	return rs, next, err
}

func (c countedTx) Claim(kind, index, prefix string, limit int) ([]store.Record, error) {
	rs, err := c.Tx.Claim(kind, index, prefix, limit)
	c.trips.note(len(rs), "claim of %s by %s", kind, index)
	return rs, err
}

func (c countedTx) Scan(kind string, after store.ID, limit int) ([]store.Record, error) {
	rs, err := c.Tx.Scan(kind, after, limit)
	c.trips.note(len(rs), "scan %s", kind)
	return rs, err
}

func (c countedTx) Count(kind string) (int64, error) {
	c.trips.note(0, "count %s", kind)
	return c.Tx.Count(kind)
}

func (c countedTx) Sum(counter string) (int64, error) {
	c.trips.note(0, "sum")
	return c.Tx.Sum(counter)
}
