package bolt

import (
	"encoding/binary"
	"runtime/debug"

	"go.etcd.io/bbolt"
)

// A store that is closed, and had no failed commit, gets a mark: the number of the very
// transaction that wrote it, which also wrote down which pages are free. A file whose last
// transaction has that number was closed, so Open does not walk through all its pages. Any
// later transaction makes it worthless; Open for writing makes one, durably, before
// anything else is written. What has no mark is left as it is, so that a damaged header is
// not written over before somebody looks.
var markKey = []byte("closed")

// mark is done last, by who closes the store. That it fails costs no more than the walk.
func (d *DB) mark() error {
	if d.options.ReadOnly || d.options.Unsynced || d.broken.Load() {
		return nil
	}
	d.file.NoFreelistSync = false
	return unpanicked(func() error {
		return d.file.Update(func(tx *bbolt.Tx) error {
			row := binary.BigEndian.AppendUint64(newRow(8), uint64(tx.ID()))
			return newFileRows(tx).put(metaBucket, markKey, seal(metaRowSum, markKey, row))
		})
	})
}

// marked says whether the last transaction of a file is the one that marked it. It reads
// a few pages, and takes what is damaged in them for no mark.
func marked(file *bbolt.DB) (is bool) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // as in View
	_ = unpanicked(func() error {
		return file.View(func(tx *bbolt.Tx) error {
			rows := newFileRows(tx)
			number, err := unseal(metaRowSum, markKey, rows.get(metaBucket, markKey))
			is = err == nil && len(number) == 8 && binary.BigEndian.Uint64(number) == uint64(tx.ID())
			return nil
		})
	})
	return is
}

// unmark makes the mark worthless, durably.
func (d *DB) unmark() error {
	return d.file.Update(func(*bbolt.Tx) error { return nil })
}
