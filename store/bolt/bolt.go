// Package bolt keeps the store in one bbolt file that one process has open. It
// knows records, keys and the questions of store.Tx, and no business.
//
// The buckets: "meta" (format of the file, kinds and their indexes), "counter" (one
// row of all numbers: counter.go), "event" and its index "event/account", "kind/NAME"
// with id (8 bytes, big endian) → record, and "index/KIND" with the index's place among
// the kind's (1 byte), value, NUL, id → 1. Every other value is a sealed row (row.go).
//
// Writes go through one goroutine that commits many closures at once (group.go);
// each closure, and each savepoint in it, writes to a layer over what is below
// (layer.go).
package bolt

import (
	"context"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"

	"rator/store"
)

// Options are how Open opens a file; the zero Options are fine.
type Options struct {
	// Now is the clock of transactions and ids; nil is the system's.
	Now func() time.Time
	// Observe is told of every commit. It is called by the writer, so it must be quick.
	Observe func(Commit)
	// Migrating is told how many records of a kind have new indexes, or one that an older
	// format kept elsewhere, while Open builds them: after each 10,240, so never of a
	// small store.
	Migrating func(kind string, records int64)
	// Walked is told how far Open is in a file that was not closed, all of whose pages it reads
	// first; from any goroutine.
	Walked func(store.Progress)
	// ReadOnly refuses writes, leaves the file as it is, and lets others read it
	// at the same time.
	ReadOnly bool
	// InitialMmapSize is how many bytes of the file can be mapped before growth
	// waits for the readers; 0 is 1 GiB.
	InitialMmapSize int
	// Unsynced commits without waiting for the disk: faster, and broken after a crash.
	// It is for stores that nobody will miss.
	Unsynced bool
}

// Commit is what Options.Observe is told of one.
type Commit struct {
	Closures      int // that it holds
	Rows, Buckets int // how many rows it wrote or dropped, and in how many buckets
	Pages         int64
	Took          time.Duration // without the time in which the closures ran
}

// DB is a store.Store in a file.
type DB struct {
	file    *bbolt.DB
	path    string
	options Options
	kinds   map[string]*kind // of the program
	layout  layout           // what lies in the file
	clock   store.IDClock

	queue   chan *request
	closing chan struct{} // closed by Close: no more requests
	stopped chan struct{} // closed by the writer when it has ended
	close   sync.Once
	marks   sync.Once    // the file, when it is closed
	writer  atomic.Int64 // goroutine of the writer
	broken  atomic.Bool  // a commit failed: no more writes
	settled atomic.Pointer[settled]
	idle    idle

	commit func(*bbolt.Tx) error // (*bbolt.Tx).Commit; tests make it fail
	waits  waits
}

var _ store.Store = (*DB)(nil)

// View runs fn over the state of the last commit. ErrClosed after Close.
func (d *DB) View(ctx context.Context, fn func(store.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	// A damaged page can hold an offset out of the file: a panic, not the end of
	// the process.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	t := &tx{db: d, now: d.now()}
	t.copies.before = d.settled.Load()
	err := d.read(func(rows *fileRows) error {
		t.rows, t.copies.after = rows, d.settled.Load()
		defer t.end()
		return fn(t)
	})
	if err == nil {
		t.runAfter()
	}
	return err
}

// Look runs fn over the copies, and in a View when they lack what it asks for.
func (d *DB) Look(ctx context.Context, fn func(store.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	now := d.settled.Load()
	t := &tx{db: d, copies: copies{before: now, after: now}, now: d.now()}
	err := func() error {
		defer t.end()
		return fn(t)
	}()
	if t.missed || len(*now) == 0 {
		return d.View(ctx, fn)
	}
	if err == nil {
		t.runAfter()
	}
	return err
}

// Ready is nil while writes are taken.
func (d *DB) Ready() error {
	select {
	case <-d.closing:
		return store.ErrClosed
	default:
	}
	switch {
	case d.options.ReadOnly:
		return store.ErrReadOnly
	case d.broken.Load():
		return store.NoWrites()
	}
	return nil
}

// Close ends the group at work, refuses all others, waits for the readers and
// frees the file.
func (d *DB) Close() error {
	d.close.Do(func() { close(d.closing) })
	<-d.stopped
	d.settled.Store(&settled{})
	d.idle.leave(true)
	d.marks.Do(func() { _ = d.mark() })
	return d.file.Close()
}

func (d *DB) now() time.Time { return d.options.Now().UTC().Truncate(time.Microsecond) }
