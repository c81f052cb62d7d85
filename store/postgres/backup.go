package postgres

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"rator/store"
	"rator/store/bolt"
	"rator/store/transfer"
)

// Backup writes one state to w, as a file of store/bolt, which opens anywhere. The file is
// made in the temporary directory first, and read again.
func (d *DB) Backup(ctx context.Context, w io.Writer) (size int64, err error) {
	if d.closed.Load() {
		return 0, store.ErrClosed
	}
	dir, err := os.MkdirTemp("", "rator-backup-*")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	f, err := os.Create(filepath.Join(dir, "store"))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	to, err := bolt.OpenFill(f.Name())
	if err != nil {
		return 0, err
	}
	_, err = transfer.Copy(ctx, d, to, func(string) {})
	if err = errors.Join(err, to.Close()); err != nil {
		return 0, err
	}
	return io.Copy(w, store.Reader(ctx, f))
}
