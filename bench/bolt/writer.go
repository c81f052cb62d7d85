package main

import (
	"encoding/binary"

	"go.etcd.io/bbolt"
)

// writer puts the rows of one sign-up after the other into a file.
type writer struct {
	db   *bbolt.DB
	rows []row
	next int64 // sign-up, counted from 0
}

// put is a rendered row; puts are what one transaction writes.
type put struct{ bucket, key, value []byte }

type puts []put

// make renders the rows of the next sign-ups.
func (w *writer) make(group int) (all puts) {
	for range group {
		for _, r := range w.rows {
			all = append(all, put{r.bucket, r.key.appendTo(nil, w.next), r.value.appendTo(nil, w.next)})
		}
		w.next++
	}
	return all
}

func (p puts) apply(tx *bbolt.Tx) error {
	for _, x := range p {
		if err := tx.Bucket(x.bucket).Put(x.key, x.value); err != nil {
			return err
		}
	}
	return nil
}

// The file says in a bucket of its own how many sign-ups it has.
var (
	notes    = []byte("bench")
	signUpsN = []byte("sign-ups")
)

// fill makes the buckets and writes so many sign-ups, which are on the disk at its end.
func (w *writer) fill(signUps int) error {
	err := w.db.Update(func(tx *bbolt.Tx) error {
		for _, name := range append(w.buckets(), notes) {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	w.db.NoSync = true
	defer func() { w.db.NoSync = false }()
	for left := signUps; left > 0; left -= 1000 {
		if err := w.db.Update(w.make(min(left, 1000)).apply); err != nil {
			return err
		}
	}
	if err := w.note(); err != nil {
		return err
	}
	return w.db.Sync()
}

func (w *writer) buckets() (names [][]byte) {
	for _, r := range w.rows {
		names = append(names, r.bucket)
	}
	return names
}

// note writes how many sign-ups the file has, outside of what is measured.
func (w *writer) note() error {
	return w.db.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket(notes).Put(signUpsN, binary.BigEndian.AppendUint64(nil, uint64(w.next)))
	})
}

// written is how many sign-ups the file has.
func (w *writer) written() (n int64, err error) {
	err = w.db.View(func(tx *bbolt.Tx) error {
		n = int64(binary.BigEndian.Uint64(tx.Bucket(notes).Get(signUpsN)))
		return nil
	})
	return n, err
}
