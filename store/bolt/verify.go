package bolt

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"rator/store"
)

// Verify reads everything: the structure of the file and, unless that is damaged, every
// row, of one state. It does so in no order and on all processors (walk.go, tally.go). What
// is not as it should be it reads once more, in order, to say what is wrong: the structure,
// for which it keeps writers out, and the kinds that do not add up. Events and counters are
// read too, but not counted.
func (d *DB) Verify(ctx context.Context, report func(error)) (int64, error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // as in View
	v := &verification{ctx: ctx, tally: newTally(d.layout), report: func(fault error) { report(fmt.Errorf("store %s: %w", d.path, fault)) }}
	sound, err := d.verifyAll(v)
	if err == nil && !sound {
		v.tally = nil
		err = d.still(func(tx *bbolt.Tx) (err error) {
			sound, err = d.verifyStructure(tx, v.report)
			return err
		})
		if err == nil && sound {
			err = d.file.View(v.run)
		}
	}
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		err = store.ErrClosed
	}
	return v.records, err
}

// verifyAll verifies a file whose structure is sound.
func (d *DB) verifyAll(v *verification) (sound bool, err error) {
	tx, free, err := d.look()
	if err != nil || tx == nil {
		return false, err
	}
	w := &walk{path: d.path, tx: tx, leaf: v.tally.leaf}
	sound, reached, err := w.sound(v.ctx)
	if err == nil && sound {
		sound = free.addUp(d.path, tx, reached)
	}
	if err == nil && sound {
		err = v.run(tx)
	}
	return sound, errors.Join(err, tx.Rollback())
}

// look begins a read of the state of the last commit, and says which pages are free then. It
// gives no transaction where a header of the file is damaged.
func (d *DB) look() (tx *bbolt.Tx, free freePages, err error) {
	err = d.still(func(still *bbolt.Tx) (err error) {
		file, err := os.Open(d.path)
		if err != nil {
			return err
		}
		defer file.Close()
		if tx, err = d.file.Begin(false); err != nil {
			return err
		}
		whole := 0
		free.list = noFreeList
		for which := range int64(2) {
			h, err := readMeta(file, int64(d.file.Info().PageSize), which)
			if err == nil {
				whole++
			}
			if err == nil && h.transaction == uint64(tx.ID()) {
				free.list = h.free
			}
		}
		if whole < 2 {
			err = tx.Rollback()
			tx = nil
			return err
		}
		if stats := d.file.Stats(); !d.options.ReadOnly {
			free.known, free.count = true, uint64(stats.FreePageN+stats.PendingPageN)
		}
		return nil
	})
	return tx, free, err
}

// still runs fn while nobody writes.
func (d *DB) still(fn func(*bbolt.Tx) error) error {
	if d.options.ReadOnly {
		return d.file.View(fn)
	}
	tx, err := d.file.Begin(true)
	if err != nil {
		return err
	}
	return errors.Join(fn(tx), tx.Rollback())
}

// verifyStructure looks at headers, pages, the list of buckets, and what bbolt
// itself can find, which is safe to ask only when the pages are sound.
func (d *DB) verifyStructure(tx *bbolt.Tx, report func(error)) (sound bool, err error) {
	file, err := os.Open(d.path)
	if err != nil {
		return false, err
	}
	defer file.Close()
	for which := range int64(2) {
		if _, err := readMeta(file, int64(tx.DB().Info().PageSize), which); err != nil {
			report(err)
		}
	}
	sound = true
	err = checkPages(d.path, tx, func(fault error) {
		sound = false
		report(fault)
	})
	if err != nil || !sound {
		return false, err
	}
	for fault := range tx.Check() {
		report(fault)
	}
	return true, nil
}

// begun says whether a transaction's header is in the file, or may be.
func (d *DB) begun(transaction uint64) bool {
	file, err := os.Open(d.path)
	if err != nil {
		return true
	}
	defer file.Close()
	for which := range int64(2) {
		h, err := readMeta(file, int64(d.file.Info().PageSize), which)
		if err != nil || h.transaction >= transaction {
			return true
		}
	}
	return false
}
