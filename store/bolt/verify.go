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

// Verify reads everything: first the structure of the file, for which it keeps
// writers out, then, unless that is damaged, every row as a View. Events and
// counters are read too, but not counted.
func (d *DB) Verify(ctx context.Context, report func(error)) (int64, error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // as in View
	in := func(fault error) { report(fmt.Errorf("store %s: %w", d.path, fault)) }
	var sound bool
	err := d.still(func(tx *bbolt.Tx) (err error) {
		sound, err = d.verifyStructure(tx, in)
		return err
	})
	v := &verification{ctx: ctx, report: in}
	if err == nil && sound {
		err = d.file.View(func(tx *bbolt.Tx) error {
			v.rows = newFileRows(tx)
			return v.run()
		})
	}
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		err = store.ErrClosed
	}
	return v.records, err
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
		number, err := readMeta(file, int64(d.file.Info().PageSize), which)
		if err != nil || number >= transaction {
			return true
		}
	}
	return false
}
