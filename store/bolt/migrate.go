package bolt

import (
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"rator/store"
)

// migrate gives a new file its buckets, every new kind its own, and builds the
// indexes of a kind anew whose list of them changed, with what their values are made
// of (store.Info.Fill): all in one commit, so that a kill leaves the file as it was.
// A kind that the program no longer has stays as it is.
func (d *DB) migrate(infos []store.Info) error {
	fresh := d.layout.format == ""
	changed := slices.DeleteFunc(slices.Clone(infos), func(info store.Info) bool {
		old, ok := d.layout.find(info.Name)
		return ok && slices.Equal(old.Indexes, layoutOf(info).Indexes)
	})
	if d.options.ReadOnly {
		return d.cannotMigrate(changed)
	}
	for done := fresh; !done; {
		var err error
		if done, err = d.upgrade(); err != nil {
			return err
		}
	}
	if !fresh && len(changed) == 0 {
		return nil
	}
	next := layout{format: fileFormat, kinds: slices.Clone(d.layout.kinds), newest: d.layout.newest}
	err := d.file.Update(func(tx *bbolt.Tx) error {
		for _, name := range []string{metaBucket, counterBucket, eventBucket, eventAccountBucket} {
			if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
				return err
			}
		}
		rows := newFileRows(tx)
		for _, info := range changed {
			if err := d.makeBuckets(tx, info); err != nil {
				return fmt.Errorf("kind %s: %w", info.Name, err)
			}
			next.put(layoutOf(info))
		}
		// Only now, because what completes a record may look at other kinds.
		for _, info := range changed {
			if _, known := d.layout.find(info.Name); !known {
				continue
			}
			if err := d.reindex(rows, d.kinds[info.Name]); err != nil {
				return fmt.Errorf("kind %s: %w", info.Name, err)
			}
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
	if d.layout.format != fileFormat || slices.ContainsFunc(d.layout.kinds, func(k kindLayout) bool { return k.Joined < len(k.Indexes) }) {
		return ErrOlder
	}
	for _, info := range changed {
		if _, ok := d.layout.find(info.Name); ok {
			return fmt.Errorf("kind %s: %w", info.Name, ErrOlder)
		}
	}
	return nil
}

// makeBuckets gives a kind empty indexes, and a new one its bucket of records too.
func (d *DB) makeBuckets(tx *bbolt.Tx, info store.Info) error {
	k := d.kinds[info.Name]
	if old, known := d.layout.find(info.Name); known {
		for _, bucket := range old.indexBuckets() {
			if err := tx.DeleteBucket([]byte(bucket)); err != nil {
				return err
			}
		}
	} else if _, err := tx.CreateBucket([]byte(k.bucket)); err != nil {
		return err
	}
	if len(k.indexes) == 0 {
		return nil
	}
	_, err := tx.CreateBucket([]byte(k.entries))
	return err
}

// migratingEach is after how many records, or entries of an index, Options.Migrating is
// told: a multiple of the records that are read at a time.
const migratingEach = 10_240

// reindex gives every record of k the places its document says. Versions stay.
func (d *DB) reindex(rows *fileRows, k *kind) error {
	t := &tx{db: d, clock: &d.clock, rows: rows, writable: true, updates: true, now: d.now()}
	const page = 256
	for after, done := store.ID(0), int64(0); ; {
		records, err := t.Scan(k.name, after, page)
		if err != nil {
			return err
		}
		for _, r := range records {
			if err := t.reindex(k, r); err != nil {
				return fmt.Errorf("record %s: %w", r.ID, err)
			}
			after = r.ID
		}
		if len(records) < page {
			return nil
		}
		if done += page; done%migratingEach == 0 && d.options.Migrating != nil {
			d.options.Migrating(k.name, done)
		}
	}
}

func (t *tx) reindex(k *kind, r store.Record) (err error) {
	if k.fill != nil {
		if r.Doc, err = k.fill(t, r.Doc); err != nil {
			return err
		}
	}
	if r.Keys, err = k.keys(r.Doc); err != nil {
		return err
	}
	return t.keep(k, r, nil)
}
