package bolt

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"rator/store"
	"rator/store/storetest"
)

// isMarked says whether Open would take the file at its word.
func isMarked(t *testing.T, path string) bool {
	t.Helper()
	file, err := openFile(path, &bbolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	return marked(file)
}

// copyOf is a file as a process that is killed now leaves it.
func copyOf(t *testing.T, db *DB) string {
	t.Helper()
	data, err := os.ReadFile(db.path)
	if err != nil {
		t.Fatal(err)
	}
	return restore(t, data)
}

func TestMark(t *testing.T) {
	db := openTest(t, Options{})
	mustKeep(t, db, "a")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if !isMarked(t, db.path) {
		t.Error("closed, and not marked")
	}
	if err := db.Close(); err != nil || !isMarked(t, db.path) { // again
		t.Error(err)
	}
	reading := openAt(t, db.path, Options{ReadOnly: true})
	if err := reading.Close(); err != nil || !isMarked(t, db.path) {
		t.Errorf("it was read, and is not marked any more: %v", err)
	}
	db = openAt(t, db.path, Options{})
	if isMarked(t, copyOf(t, db)) {
		t.Error("open for writing, and still marked")
	}
	mustKeep(t, db, "b")
	killed := copyOf(t, db)
	if isMarked(t, killed) {
		t.Error("written to, and still marked")
	}
	storetest.Check(t, openAt(t, killed, Options{}))
	if isMarked(t, restore(t, backup(t, db))) {
		t.Error("a backup is marked")
	}
	if err := db.Close(); err != nil || !isMarked(t, db.path) {
		t.Errorf("closed again, and not marked: %v", err)
	}
	db = openAt(t, db.path, Options{})
	if got := kept(t, db); len(got) != 2 {
		t.Errorf("kept %v", got)
	}
}

// A store of which nobody knows what the disk has is not marked, nor one that does not
// wait for the disk.
func TestNoMark(t *testing.T) {
	db := openTest(t, Options{})
	db.commit = broke
	if err := db.Update(context.Background(), keep("a")); !errors.Is(err, store.ErrOutcomeUnknown) {
		t.Fatal(err)
	}
	unsynced := openTest(t, Options{Unsynced: true})
	mustKeep(t, unsynced, "a")
	for _, db := range []*DB{db, unsynced} {
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if isMarked(t, db.path) {
			t.Error("it is marked")
		}
	}
}

// TestPagesThatWereFreeAreUsed: what the mark says of free pages is right, over many
// openings with and without it, and the file does not grow for nothing.
func TestPagesThatWereFreeAreUsed(t *testing.T) {
	db := openTest(t, Options{})
	mustKeep(t, db, "name 0")
	var first int64
	for n := range 20 {
		err := db.Update(context.Background(), func(tx store.Tx) error {
			x, err := storetest.Things.By(tx, "name", fmt.Sprint("name ", n))
			if err != nil {
				return err
			}
			x.Name, x.Note = fmt.Sprint("name ", n+1), strings.Repeat("note ", 20_000)
			return storetest.Things.Put(tx, x)
		})
		if err != nil {
			t.Fatal(err)
		}
		storetest.Check(t, db)
		path := db.path
		if n%3 == 2 {
			path = copyOf(t, db)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		db = openAt(t, path, Options{})
		if size := int64(len(backup(t, db))); n == 4 {
			first = size
		} else if n > 4 && size > 2*first {
			t.Errorf("after %d openings the file has %d bytes, %d after 5", n+1, size, first)
		}
	}
}

// A mark does not hide that a file is cut off, nor that its first pages are damaged.
func TestMarkOfADamagedFile(t *testing.T) {
	db := openTest(t, Options{})
	for n := range 50 {
		mustKeep(t, db, fmt.Sprint(n))
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(db.path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := openFile(db.path, &bbolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	var size, root int64
	err = file.View(func(tx *bbolt.Tx) error {
		size, root = tx.Size(), int64(tx.Cursor().Bucket().RootPage())
		return nil
	})
	pageSize := int64(file.Info().PageSize)
	if err := errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
	if db, err := Open(restore(t, data[:size-1]), Options{}); err == nil {
		db.Close()
		t.Error("a file that is cut off was opened")
	}
	clear(data[root*pageSize+pageHeader : (root+1)*pageSize])
	if db, err := Open(restore(t, data), Options{}); err == nil {
		db.Close()
		t.Error("a file without its root was opened")
	}
}
