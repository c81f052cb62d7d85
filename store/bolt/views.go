package bolt

import (
	"context"
	"errors"
	"runtime/debug"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"rator/store"
)

// Views runs fn over several looks at the state of the last commit, which begin while nobody
// writes. ErrClosed after Close.
func (d *DB) Views(ctx context.Context, looks int, fn func(store.Looks) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // as in View
	var begun []*bbolt.Tx
	defer func() {
		for _, b := range begun {
			_ = b.Rollback() // of a look, it only ends
		}
	}()
	c, now := copies{before: d.settled.Load()}, d.now()
	err := d.still(func(*bbolt.Tx) error {
		for range looks {
			b, err := d.file.Begin(false)
			if err != nil {
				return err
			}
			begun = append(begun, b)
		}
		return nil
	})
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		err = store.ErrClosed
	}
	if err != nil {
		return err
	}
	c.after = d.settled.Load()
	var (
		given store.Looks
		all   []*tx
	)
	for _, b := range begun {
		t := &tx{db: d, rows: newFileRows(b), copies: c, now: now}
		defer t.end()
		all, given.Txs = append(all, t), append(given.Txs, t)
	}
	if err := fn(given); err != nil {
		return err
	}
	for _, t := range all {
		t.runAfter()
	}
	return nil
}
