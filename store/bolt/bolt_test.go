package bolt_test

import (
	"path/filepath"
	"testing"
	"time"

	"rator/store"
	"rator/store/bolt"
	"rator/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T, place string, now func() time.Time) store.Store {
		t.Helper()
		db, err := bolt.Open(filepath.Join(place, "rator.db"), bolt.Options{Now: now})
		if err != nil {
			t.Fatal(err)
		}
		return db
	}, "a file is locked to one process")
}
