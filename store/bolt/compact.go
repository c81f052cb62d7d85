package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"go.etcd.io/bbolt"
)

// Compact writes what the store in the file from holds into the file to, which is there and
// empty, in order and without the pages that are free or half empty. From must not be
// written to meanwhile, and may be of an older format, which stays. Told is told how many
// bytes of rows are copied, now and then.
func Compact(ctx context.Context, from, to string, told func(copied int64)) (size int64, err error) {
	if err := inspect(ctx, from); err != nil {
		return 0, fmt.Errorf("store %s: %w", from, err)
	}
	old, err := openFile(from, &bbolt.Options{ReadOnly: true})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, old.Close()) }()
	room, err := os.Stat(from)
	if err != nil {
		return 0, err
	}
	fresh, err := openBulk(to, room.Size())
	if err != nil {
		return 0, err
	}
	b := &bulk{ctx: ctx, file: fresh, told: told}
	err = old.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, from *bbolt.Bucket) error { return compactBucket(b, string(name), from) })
	})
	if err == nil {
		err = b.commit()
	}
	if err == nil {
		err = fresh.View(func(tx *bbolt.Tx) error { size = tx.Size(); return nil })
	}
	if err = errors.Join(err, b.end(), fresh.Close()); err != nil {
		return 0, err
	}
	return size, os.Truncate(to, size) // bbolt makes files grow in large steps
}

// compactBucket copies the rows of a bucket, but not the mark of a closed file.
func compactBucket(b *bulk, name string, from *bbolt.Bucket) error {
	if err := b.into(name); err != nil {
		return err
	}
	return from.ForEach(func(key, value []byte) error {
		if name == metaBucket && bytes.Equal(key, markKey) {
			return nil
		}
		return b.put(key, value)
	})
}
