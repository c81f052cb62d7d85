package bolt

import (
	"context"
	"errors"
	"io"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"rator/store"
)

// Backup writes the state of the last commit to w, as a file that Open opens.
// While it lasts, the live file cannot use again what is freed in it, so w is best
// a local file.
func (d *DB) Backup(ctx context.Context, w io.Writer) (int64, error) {
	var size int64
	err := d.file.View(func(tx *bbolt.Tx) (err error) {
		size, err = tx.WriteTo(&contextWriter{ctx, w})
		return err
	})
	switch {
	case errors.Is(err, berrors.ErrDatabaseNotOpen):
		err = store.ErrClosed
	case err != nil && ctx.Err() != nil:
		err = ctx.Err() // bbolt does not wrap what the writer said
	}
	return size, err
}

// contextWriter is a writer that stops with its context.
type contextWriter struct {
	ctx context.Context
	w   io.Writer
}

func (c *contextWriter) Write(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.w.Write(b)
}
