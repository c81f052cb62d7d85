package bolt

import (
	"context"
	"runtime/debug"

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
	return d.read(func(base *fileRows) error {
		c.after = d.settled.Load()
		t := &tx{db: d, clock: d.clock.Copy(), rows: newLayer(base), base: base, copies: c, writable: true, updates: true, now: now}
		defer t.end()
		return t.run(fn)
	})
}
