package bolt

import (
	"context"
	"errors"
	"runtime/debug"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"rator/store"
)

// Rehearse runs fn in a layer over the state of the last commit, which is forgotten with
// what it gave of ids. ErrClosed after Close.
func (d *DB) Rehearse(ctx context.Context, fn func(store.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // as in View
	c, now := copies{before: d.settled.Load()}, d.now()
	err := d.file.View(func(b *bbolt.Tx) error {
		c.after = d.settled.Load()
		base := newFileRows(b)
		t := &tx{db: d, clock: d.clock.Copy(), rows: newLayer(base), base: base, copies: c, writable: true, updates: true, now: now}
		defer t.end()
		if err := fn(t); err != nil {
			return err
		}
		return t.finish()
	})
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		err = store.ErrClosed
	}
	return err
}
