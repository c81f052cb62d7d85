package bolt

import (
	"context"

	"go.etcd.io/bbolt"
)

// bulkStep is how many bytes of rows a commit of a bulk holds.
const bulkStep = 16 << 20

// bulk writes many rows, in order of their keys, into a file that nobody uses yet.
type bulk struct {
	ctx            context.Context
	file           *bbolt.DB
	tx             *bbolt.Tx // nil: none is begun
	name           string    // of the bucket at hand
	bucket         *bbolt.Bucket
	copied, unsure int64       // bytes, in all and since the last commit
	told           func(int64) // how many are copied, after each commit; nil = nobody is
}

// openBulk opens a file to write it anew. It is synced once it is whole, and mapped as large
// as it can become: else bbolt syncs it whenever it grows, and copies all that a commit holds.
func openBulk(path string, room int64) (*bbolt.DB, error) {
	return openFile(path, &bbolt.Options{NoFreelistSync: true, NoSync: true, NoGrowSync: true, InitialMmapSize: int(room), FreelistType: bbolt.FreelistMapType})
}

// into has the rows that follow go to the bucket of that name, filled to the brim: what is
// added later comes behind, or makes a page of its own.
func (b *bulk) into(name string) (err error) {
	if err := b.ctx.Err(); err != nil {
		return err
	}
	if b.tx == nil {
		if b.tx, err = b.file.Begin(true); err != nil {
			return err
		}
	}
	if b.bucket, err = b.tx.CreateBucketIfNotExists([]byte(name)); err != nil {
		return err
	}
	b.name, b.bucket.FillPercent = name, 0.95
	return nil
}

// put writes a row to the bucket at hand, maybe after a commit of those before.
func (b *bulk) put(key, value []byte) error {
	if b.unsure >= bulkStep {
		if err := b.commit(); err != nil {
			return err
		}
		if err := b.into(b.name); err != nil {
			return err
		}
	}
	n := int64(len(key) + len(value))
	b.copied, b.unsure = b.copied+n, b.unsure+n
	return b.bucket.Put(key, value)
}

// commit keeps what was put.
func (b *bulk) commit() error {
	tx := b.tx
	b.tx, b.bucket, b.unsure = nil, nil, 0
	if tx == nil {
		return nil
	}
	if b.told != nil {
		b.told(b.copied)
	}
	return tx.Commit()
}

// end gives up what is not committed.
func (b *bulk) end() error {
	if b.tx == nil {
		return nil
	}
	return b.tx.Rollback()
}
