package postgres

import (
	"os"
	"path/filepath"
	"testing"

	"rator/store"
	"rator/store/bolt"
	"rator/store/storetest"
)

// filled is a store of some things, events, numbers and sums.
func filled(t *testing.T, dsn string) *DB {
	t.Helper()
	db := openAt(t, dsn, Options{})
	storetest.Fill(t, db)
	return db
}

// TestBackupIsAFile: a backup is a file that opens as a store, whole, and has all that the
// database has.
func TestBackupIsAFile(t *testing.T) {
	db := filled(t, dsn(t, t.TempDir()))
	defer db.Close()
	path := filepath.Join(t.TempDir(), "backup.db")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := db.Backup(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	file, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.Verify(t.Context(), func(fault error) { t.Error(fault) }); err != nil {
		t.Fatal(err)
	}
	storetest.Same(t, db, file)
	err = file.Update(t.Context(), func(tx store.Tx) error {
		return storetest.Things.Insert(tx, &storetest.Thing{Name: "afterwards"})
	})
	if err != nil {
		t.Error(err)
	}
}
