package bolt

import (
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"rator/store"
)

// migrate gives a new file its buckets, every new kind its own, and builds the
// indexes of a kind anew whose list of them changed: all in one commit. A kind
// that the program no longer has stays as it is.
func (d *DB) migrate(infos []store.Info) error {
	fresh := d.layout.format == ""
	changed := slices.DeleteFunc(slices.Clone(infos), func(info store.Info) bool {
		old, ok := d.layout.find(info.Name)
		return ok && slices.Equal(old.Indexes, layoutOf(info).Indexes)
	})
	if d.options.ReadOnly {
		return d.cannotMigrate(changed)
	}
	if !fresh && len(changed) == 0 {
		return nil
	}
	next := layout{format: fileFormat, kinds: slices.Clone(d.layout.kinds), newest: d.layout.newest}
	err := d.file.Update(func(tx *bbolt.Tx) error {
		for _, name := range []string{metaBucket, counterBucket, eventBucket} {
			if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
				return err
			}
		}
		rows := newFileRows(tx)
		if fresh {
			if err := rows.put(metaBucket, newestKey, newestRow(0)); err != nil {
				return err
			}
		}
		for _, info := range changed {
			if err := d.migrateKind(tx, rows, info); err != nil {
				return fmt.Errorf("kind %s: %w", info.Name, err)
			}
			next.put(layoutOf(info))
		}
		return next.write(rows)
	})
	if err == nil {
		d.layout = next
	}
	return err
}

// cannotMigrate says why a file that is opened for reading cannot be used as it is.
func (d *DB) cannotMigrate(changed []store.Info) error {
	for _, info := range changed {
		if _, ok := d.layout.find(info.Name); ok {
			return fmt.Errorf("kind %s: %w", info.Name, ErrOlder)
		}
	}
	return nil
}

func (d *DB) migrateKind(tx *bbolt.Tx, rows *fileRows, info store.Info) error {
	k := d.kinds[info.Name]
	old, known := d.layout.find(info.Name)
	if known {
		for _, ix := range old.kind().indexes {
			if err := tx.DeleteBucket([]byte(ix.bucket)); err != nil {
				return err
			}
		}
	} else if _, err := tx.CreateBucket([]byte(k.bucket)); err != nil {
		return err
	}
	for _, ix := range k.indexes {
		if _, err := tx.CreateBucket([]byte(ix.bucket)); err != nil {
			return err
		}
	}
	if known {
		return d.reindex(rows, k)
	}
	return rows.put(counterBucket, []byte(k.counter), counterRow(k.counter, 0))
}

// reindex gives every record of k the places its document says. Versions stay.
func (d *DB) reindex(rows *fileRows, k *kind) error {
	t := &tx{db: d, rows: rows, writable: true, now: d.now()}
	const page = 256
	for after := store.ID(0); ; {
		records, err := t.Scan(k.name, after, page)
		if err != nil {
			return err
		}
		for _, r := range records {
			if r.Keys, err = k.keys(r.Doc); err == nil {
				err = t.keep(k, r, nil)
			}
			if err != nil {
				return fmt.Errorf("record %s: %w", r.ID, err)
			}
			after = r.ID
		}
		if len(records) < page {
			return nil
		}
	}
}
