package bolt

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"rator/failure"
	"rator/store"
	"rator/store/storetest"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// openTest opens a store in a directory of its own, and checks and closes it at
// the end.
func openTest(t *testing.T, o Options) *DB {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "rator.db"), o)
}

func openAt(t *testing.T, path string, o Options) *DB {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return noon }
	}
	db, err := Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if db.Ready() != store.ErrClosed {
			storetest.Check(t, db)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// keep is a closure that keeps a thing of that name.
func keep(name string) func(store.Tx) error {
	return func(tx store.Tx) error { return storetest.Things.Insert(tx, &storetest.Thing{Name: name}) }
}

func mustKeep(t *testing.T, db *DB, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := db.Update(context.Background(), keep(name)); err != nil {
			t.Fatal(err)
		}
	}
}

// patient has the store wait as long as it usually does, once it is let in: what a test of
// short waits asks of the store afterwards is no question of how fast the machine is. The
// writer's goroutine sets them, which is the one that reads them.
func patient(t *testing.T, db *DB) {
	t.Helper()
	for {
		err := db.Update(context.Background(), func(store.Tx) error {
			db.waits = usualWaits
			return nil
		})
		switch {
		case err == nil:
			return
		case failure.CodeOf(err) != failure.TryAgain && !errors.Is(err, store.ErrOutcomeUnknown):
			t.Fatal(err)
		}
	}
}

// kept lists the names of all things, in order.
func kept(t *testing.T, db *DB) []string {
	t.Helper()
	var names []string
	err := db.View(context.Background(), func(tx store.Tx) error {
		rs, _, err := tx.Range(storetest.Things.Name(), "name", "", nil, 10_000)
		for _, r := range rs {
			var x storetest.Thing
			if err := json.Unmarshal(r.Doc, &x); err != nil {
				return err
			}
			names = append(names, x.Name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
