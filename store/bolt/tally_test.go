package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"rator/store"
	"rator/store/storetest"
)

// fillThings writes things and events, and takes some away again, so that there are pages of
// every sort, and free ones.
func fillThings(t *testing.T, db *DB) {
	t.Helper()
	for part := range 4 {
		err := db.Update(context.Background(), func(tx store.Tx) error {
			for n := range 300 {
				x := &storetest.Thing{Name: fmt.Sprintf("name %d of %d", n, part), Group: fmt.Sprint("group ", n%7), Note: strings.Repeat("note ", n%40)}
				if n%100 == 0 {
					x.Note = strings.Repeat("a long one ", 1000)
				}
				if err := storetest.Things.Insert(tx, x); err != nil {
					return err
				}
				if err := tx.Emit(store.Event{Topic: "kept", Account: x.ID, Body: []byte(`{}`)}); err != nil {
					return err
				}
				if n%3 == 0 {
					if err := storetest.Things.Delete(tx, x); err != nil {
						return err
					}
				}
			}
			_, err := tx.DropEvents(50, 50)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// addsUp verifies a store in the way that reads everything once, and says whether all its
// pages are reached or free, and none is both.
func addsUp(t *testing.T, db *DB) bool {
	t.Helper()
	v := &verification{ctx: t.Context(), tally: newTally(db.layout), report: func(fault error) { t.Log(fault) }}
	sound, err := db.verifyAll(v)
	if err != nil {
		t.Fatal(err)
	}
	return sound && v.records > 0
}

// TestWholeFilesAreReadOnce: what is whole is known to be from one reading, of a live store,
// a closed one with its list of free pages, and one whose process was killed.
func TestWholeFilesAreReadOnce(t *testing.T) {
	db := openTest(t, Options{})
	fillThings(t, db)
	once := func(what string, db *DB) {
		t.Helper()
		err := db.file.View(func(tx *bbolt.Tx) error {
			counted := newTally(db.layout)
			w := &walk{path: db.path, tx: tx, leaf: counted.leaf}
			sound, _, err := w.sound(t.Context())
			for _, k := range counted.records {
				sound = sound && k.addsUp(newFileRows(tx))
			}
			if !sound || !counted.events.addsUp(newFileRows(tx)) {
				t.Errorf("%s does not add up", what)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if !addsUp(t, db) {
			t.Errorf("%s: the pages do not add up", what)
		}
	}
	once("a live store", db)
	killed := openAt(t, restore(t, backup(t, db)), Options{})
	once("one that was not closed", killed)
	if err := errors.Join(killed.Close(), db.Close()); err != nil {
		t.Fatal(err)
	}
	closed := openAt(t, db.path, Options{ReadOnly: true})
	once("a closed store", closed)
	if _, free, err := look(closed); err != nil || free.list == noFreeList {
		t.Errorf("the closed file has no list of free pages: %v", err)
	}
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
}

func look(db *DB) (transaction int, free freePages, err error) {
	tx, free, err := db.look()
	if err != nil {
		return 0, free, err
	}
	return tx.ID(), free, tx.Rollback()
}

// TestFreePagesAreListedOnce: a list of free pages that names one twice, one in use, none of
// the file's, or misses one, does not add up, and bbolt's own check says why.
func TestFreePagesAreListedOnce(t *testing.T) {
	db := openTest(t, Options{})
	fillThings(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	closed := openAt(t, db.path, Options{ReadOnly: true})
	_, free, err := look(closed)
	if err != nil {
		t.Fatal(err)
	}
	at := int64(free.list) * int64(closed.file.Info().PageSize)
	var root uint64
	if err := closed.file.View(func(tx *bbolt.Tx) error { root = uint64(tx.Cursor().Bucket().RootPage()); return nil }); err != nil {
		t.Fatal(err)
	}
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(db.path)
	if err != nil {
		t.Fatal(err)
	}
	count := binary.NativeEndian.Uint16(whole[at+10:])
	if count < 2 {
		t.Fatalf("%d pages are free", count)
	}
	id := func(n int64) []byte { return whole[at+pageHeader+8*n:] }
	for _, test := range []struct {
		what   string
		change func(list []byte)
	}{
		{"twice", func(list []byte) { copy(list[pageHeader:pageHeader+8], id(1)[:8]) }},
		{"in use", func(list []byte) { binary.NativeEndian.PutUint64(list[pageHeader:], root) }},
		{"not the file's", func(list []byte) { binary.NativeEndian.PutUint64(list[pageHeader:], 1<<40) }},
		{"missing", func(list []byte) { binary.NativeEndian.PutUint16(list[10:], count-1) }},
	} {
		t.Run(test.what, func(t *testing.T) {
			damaged := bytes.Clone(whole)
			test.change(damaged[at:])
			db := openAt(t, restore(t, damaged), Options{ReadOnly: true})
			if addsUp(t, db) {
				t.Error("it adds up")
			}
			found := 0
			_, err := db.Verify(t.Context(), func(fault error) { found++; t.Log(fault) })
			if err := errors.Join(err, db.Close()); err != nil || found == 0 {
				t.Errorf("%d faults, %v", found, err)
			}
		})
	}
}

// TestUniqueAcrossPages: a value that is twice in a unique index is found where a page ends
// between the two, and an end after which something else comes is none.
func TestUniqueAcrossPages(t *testing.T) {
	db := openTest(t, Options{})
	k := db.kinds[storetest.Things.Name()]
	name := k.indexes["name"]
	for _, test := range []struct {
		what    string
		entries [][]byte
		behind  []byte // what the page above has as the first of the second page
		want    bool
	}{
		{"twice", [][]byte{name.entry("a", 1), name.entry("a", 2)}, name.entry("a", 2), false},
		{"once, after one that is no more", [][]byte{name.entry("a", 1), name.entry("b", 2)}, name.entry("a", 2), true},
		{"once", [][]byte{name.entry("a", 1), name.entry("b", 2)}, name.entry("b", 2), true},
	} {
		t.Run(test.what, func(t *testing.T) {
			tx, err := db.file.Begin(true)
			if err != nil {
				t.Fatal(err)
			}
			rows, counted := newFileRows(tx), newTally(db.layout)
			for n, key := range test.entries {
				value, id, err := splitEntry(key)
				r := store.Record{ID: idOf(id), Version: 1, Doc: []byte("{}"), Keys: []store.Key{{Index: "name", Value: string(value)}}}
				if err := errors.Join(err, rows.put(k.entries, key, present), count(rows, k.counter)); err != nil {
					t.Fatal(err)
				}
				high := test.behind
				if n > 0 {
					high = nil
				}
				counted.leaf(k.entries, []element{{key: key, value: present}}, high)
				counted.leaf(k.bucket, []element{{key: id, value: k.encode(r)}}, nil)
			}
			if got := counted.of(k).addsUp(rows); got != test.want {
				t.Errorf("it adds up: %t", got)
			}
			if err := tx.Rollback(); err != nil {
				t.Fatal(err)
			}
		})
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
