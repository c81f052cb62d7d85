package bolt

import (
	"encoding/binary"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"
)

// Formats that there were. The first had no index of events by account; their rows end
// with the body. Both had a bucket for each index, a row for each counter, and the newest
// id among what the file says of itself.
const (
	firstFormat  = "rator store 1"
	secondFormat = "rator store 2"
)

// upgrade makes one step from an older format to this one, in a commit of its own, and
// says whether it was the last: first the counters, then one index after the other, so
// that no commit is larger than an index. A file that a kill leaves between two steps is
// of this format, and the next Open goes on.
func (d *DB) upgrade() (done bool, err error) {
	next := layout{format: fileFormat, kinds: slices.Clone(d.layout.kinds), newest: d.layout.newest}
	at := slices.IndexFunc(next.kinds, func(k kindLayout) bool { return k.Joined < len(k.Indexes) })
	if d.layout.format == fileFormat && at < 0 {
		return true, nil
	}
	err = d.file.Update(func(tx *bbolt.Tx) error {
		rows := newFileRows(tx)
		if d.layout.format != fileFormat {
			if err := gatherCounters(tx, rows); err != nil {
				return err
			}
			return next.write(rows)
		}
		k := &next.kinds[at]
		if err := d.join(tx, rows, k); err != nil {
			return fmt.Errorf("kind %s: %w", k.Name, err)
		}
		return next.write(rows)
	})
	if err == nil {
		d.layout = next
	}
	return false, err
}

// gatherCounters makes one row of the rows of counters, and takes in the newest id.
func gatherCounters(tx *bbolt.Tx, rows *fileRows) error {
	if _, err := tx.CreateBucketIfNotExists([]byte(eventAccountBucket)); err != nil {
		return err
	}
	all, old := counters{}, rows.bucket(counterBucket)
	newest := rows.get(metaBucket, []byte(newestCounter))
	n, err := olderCounter(metaBucket, newestCounter, newest)
	if err != nil {
		return err
	}
	all[newestCounter] = n
	err = old.ForEach(func(name, row []byte) error {
		n, err := olderCounter(counterBucket, string(name), row)
		all[string(name)] = n
		return err
	})
	if err != nil {
		return err
	}
	if err := tx.DeleteBucket([]byte(counterBucket)); err != nil {
		return err
	}
	if _, err := tx.CreateBucket([]byte(counterBucket)); err != nil {
		return err
	}
	delete(rows.buckets, counterBucket)
	if err := rows.drop(metaBucket, []byte(newestCounter)); err != nil {
		return err
	}
	return rows.put(counterBucket, allKey, all.row())
}

// olderCounter reads a row of one counter.
func olderCounter(bucket, name string, row []byte) (int64, error) {
	body, err := unseal(bucketSumOf(bucket), []byte(name), row)
	if err == nil && len(body) != 8 {
		err = fmt.Errorf("%d bytes are no number", len(body))
	}
	if err != nil {
		return 0, fmt.Errorf("store: counter %s: %w", name, err)
	}
	return int64(binary.BigEndian.Uint64(body)), nil
}

// ownBucket is where an index of an older format lies.
func (k kindLayout) ownBucket(i indexLayout) string { return "index/" + k.Name + "/" + i.Name }

// join moves the next index of a kind to those that have moved already.
func (d *DB) join(tx *bbolt.Tx, rows *fileRows, k *kindLayout) error {
	own := k.ownBucket(k.Indexes[k.Joined])
	if _, err := tx.CreateBucketIfNotExists([]byte(k.kind().entries)); err != nil {
		return err
	}
	place, moved := byte(k.Joined), int64(0)
	err := rows.bucket(own).ForEach(func(entry, value []byte) error {
		if moved++; moved%migratingEach == 0 && d.options.Migrating != nil {
			d.options.Migrating(k.Name, moved)
		}
		return rows.put(k.kind().entries, append([]byte{place}, entry...), value)
	})
	k.Joined++
	if err != nil {
		return err
	}
	return tx.DeleteBucket([]byte(own))
}
