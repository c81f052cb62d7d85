package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"go.etcd.io/bbolt"
)

// compactStep is how many bytes of rows a commit of Compact holds, and after how many it
// tells how far it is.
const compactStep = 16 << 20

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
	// The copy is synced once it is whole, and mapped as large as it can become: else bbolt
	// syncs it whenever it grows, and copies all that a commit holds.
	fresh, err := openFile(to, &bbolt.Options{NoFreelistSync: true, NoSync: true, NoGrowSync: true, InitialMmapSize: int(room.Size()), FreelistType: bbolt.FreelistMapType})
	if err != nil {
		return 0, err
	}
	c := &compaction{ctx: ctx, fresh: fresh, told: told}
	err = old.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error { return c.bucket(name, b) })
	})
	if err == nil {
		err = c.commit()
	}
	if err == nil {
		err = fresh.View(func(tx *bbolt.Tx) error { size = tx.Size(); return nil })
	}
	if c.tx != nil {
		err = errors.Join(err, c.tx.Rollback())
	}
	if err = errors.Join(err, fresh.Close()); err != nil {
		return 0, err
	}
	return size, os.Truncate(to, size) // bbolt makes files grow in large steps
}

// compaction is rows on their way into a fresh file.
type compaction struct {
	ctx            context.Context
	fresh          *bbolt.DB
	tx             *bbolt.Tx // nil: none is begun
	copied, unsure int64     // bytes, in all and since the last commit
	told           func(int64)
}

// bucket copies the rows of a bucket.
func (c *compaction) bucket(name []byte, from *bbolt.Bucket) error {
	into, err := c.into(name)
	if err != nil {
		return err
	}
	return from.ForEach(func(key, value []byte) error {
		if string(name) == metaBucket && bytes.Equal(key, markKey) {
			return nil
		}
		if c.unsure >= compactStep {
			if err := c.commit(); err != nil {
				return err
			}
			if into, err = c.into(name); err != nil {
				return err
			}
		}
		n := int64(len(key) + len(value))
		c.copied, c.unsure = c.copied+n, c.unsure+n
		return into.Put(key, value)
	})
}

// into gives the bucket of that name, filled to the brim: what is added to the copy later
// comes behind, or makes a page of its own.
func (c *compaction) into(name []byte) (b *bbolt.Bucket, err error) {
	if err := c.ctx.Err(); err != nil {
		return nil, err
	}
	if c.tx == nil {
		if c.tx, err = c.fresh.Begin(true); err != nil {
			return nil, err
		}
	}
	if b, err = c.tx.CreateBucketIfNotExists(name); err == nil {
		b.FillPercent = 0.95
	}
	return b, err
}

func (c *compaction) commit() error {
	tx := c.tx
	c.tx, c.unsure = nil, 0
	if c.told != nil {
		c.told(c.copied)
	}
	return tx.Commit()
}
