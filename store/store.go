// Package store says what may be asked of the business's memory. It holds no
// driver (store/bolt, later store/postgres) and knows no business.
//
// Two tiers (store.md). Business code declares Kinds (kind.go): typed, with
// indexes, next to the type that is kept. A driver implements Tx: records and
// keys, ids, savepoints, events, and it does not grow with the number of kinds.
//
// The contract of every driver, each line checked by store/storetest:
//
//   - Update is serializable. fn may run more than once, so it touches nothing
//     but its Tx; effects outside go through After.
//   - An error from fn undoes everything fn did. An error from a Savepoint's fn
//     undoes what that fn did and leaves the Tx usable. A panic does the same.
//   - ErrAbsent, ErrStale and *TakenError leave the Tx usable.
//   - Now is one instant for the whole transaction, UTC, in microseconds.
//   - Finds and scans come in byte order of the key, then of the id.
//   - Nothing returned aliases the driver's memory.
package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// Store is a place that remembers.
type Store interface {
	// View runs fn over one consistent state; writes in it are ErrReadOnly.
	View(ctx context.Context, fn func(Tx) error) error
	// Update runs fn as one indivisible change, durable when it returns nil.
	// An error matching ErrOutcomeUnknown means that nobody knows whether the
	// change is durable; any other error means that it is not.
	Update(ctx context.Context, fn func(Tx) error) error
	// Backup writes a consistent copy of the live store to w and gives its size in bytes.
	Backup(ctx context.Context, w io.Writer) (int64, error)
	// Verify reads everything: checksums, index entries = records, unique keys.
	// It calls report once per fault found and gives the number of records read.
	Verify(ctx context.Context, report func(error)) (records int64, err error)
	// Ready is nil while writes are taken; ErrReadOnly-like reasons otherwise.
	Ready() error
	Close() error
}

// Tx is one consistent look, or one indivisible change.
type Tx interface {
	Now() time.Time
	// NextID gives a new id, strictly increasing over the store's life.
	NextID() (ID, error)
	// Next gives the next number of a named sequence, from 1. Gaps are possible.
	Next(sequence string) (int64, error)
	// After registers f to run once, after the commit; never on failure, and not
	// when the savepoint it was registered in was undone.
	After(f func())
	// Savepoint runs fn; when fn fails, what it did is undone and its error returned.
	Savepoint(fn func() error) error

	Insert(kind string, r Record) error             // *TakenError
	Get(kind string, id ID) (Record, error)         // ErrAbsent
	Put(kind string, r Record) error                // r.Version is the one read; ErrAbsent, ErrStale, *TakenError
	Delete(kind string, id ID, version int64) error // ErrAbsent, ErrStale
	// Find gives records of a kind whose key in an index is value, after the id
	// after (0 = from the start), at most limit.
	Find(kind, index, value string, after ID, limit int) ([]Record, error)
	// Range gives records whose key in an index starts with prefix, in key order,
	// from the position after (nil = start), at most limit, and the next position.
	Range(kind, index, prefix string, after []byte, limit int) ([]Record, []byte, error)
	// Scan gives records of a kind in id order after the id after, at most limit.
	Scan(kind string, after ID, limit int) ([]Record, error)
	// Count is the number of records of a kind.
	Count(kind string) (int64, error)

	// Emit writes an event, delivered after commit by whoever reads EventsAfter.
	Emit(topic string, body []byte) error
	// EventsAfter gives events after a cursor (0 = the first), at most limit.
	EventsAfter(cursor int64, limit int) ([]Event, error)
	// DropBefore deletes at most limit records of a kind whose id is older than
	// t, and says how many: the sweep of kept replies.
	DropBefore(kind string, t time.Time, limit int) (int, error)
}

// Record is a kept thing as drivers see it.
type Record struct {
	ID      ID
	Version int64  // 1 at Insert, one more with every Put
	Doc     []byte // JSON
	Keys    []Key  // its place in every index; set for Insert and Put only
}

// Key is a record's place in one index. An empty value is no place.
type Key struct {
	Index  string
	Value  string
	Unique bool
}

// Event is one thing that happened, in commit order.
type Event struct {
	Cursor int64
	ID     ID
	Topic  string
	At     time.Time
	Body   []byte // JSON
}

var (
	// ErrAbsent: no such record.
	ErrAbsent = errors.New("store: no such record")
	// ErrStale: the record changed since it was read.
	ErrStale = errors.New("store: record changed since it was read")
	// ErrReadOnly: a write inside View.
	ErrReadOnly = errors.New("store: write in a read-only transaction")
	// ErrOutcomeUnknown: the commit failed in a way that leaves open whether it
	// is durable. Repeat with the same request id.
	ErrOutcomeUnknown = errors.New("store: outcome unknown")
	// ErrNoWrites: an earlier sync failed, so this process takes no more writes.
	ErrNoWrites = errors.New("store: no more writes after a failed sync; restart the server")
)

// TakenError says which unique index already has the value.
type TakenError struct{ Index, Value string }

func (e *TakenError) Error() string { return fmt.Sprintf("store: %s %q is taken", e.Index, e.Value) }

// BadRecordError says that a record's checksum or format is wrong. The record
// is never returned as data.
type BadRecordError struct {
	Kind   string
	ID     ID
	Reason string
}

func (e *BadRecordError) Error() string {
	return fmt.Sprintf("store: %s %s: %s", e.Kind, e.ID, e.Reason)
}
