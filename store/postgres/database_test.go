package postgres

import (
	"context"
	"slices"
	"testing"

	"rator/store"
	"rator/store/postgres/clustertest"
	"rator/store/storetest"
)

// TestDatabases: a database is made, copied with what is in it, set back to that, and dropped.
func TestDatabases(t *testing.T) {
	ctx := context.Background()
	beside := clustertest.Shared(t).DSN("postgres")
	opened := func(name string, fn func(*DB)) {
		t.Helper()
		dsn, err := Beside(beside, name)
		if err != nil {
			t.Fatal(err)
		}
		db := openAt(t, dsn, Options{})
		fn(db)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	insert := func(db *DB, name string) {
		t.Helper()
		err := db.Update(ctx, func(tx store.Tx) error {
			return storetest.Things.Insert(tx, &storetest.Thing{Name: name, Number: name, Group: "g"})
		})
		if err == nil {
			err = db.Update(ctx, emit)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	has := func(db *DB, want ...string) {
		t.Helper()
		var names []string
		err := db.View(ctx, func(tx store.Tx) error {
			names = nil
			for x, err := range storetest.Things.All(tx, "group", "g") {
				if err != nil {
					return err
				}
				names = append(names, x.Name)
			}
			return nil
		})
		if err != nil || !slices.Equal(names, want) || seen(t, db) != len(want) {
			t.Errorf("there are %v and %d events, not %v: %v", names, seen(t, db), want, err)
		}
		if _, err := db.Verify(ctx, func(err error) { t.Error(err) }); err != nil {
			t.Error(err)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(MakeDatabase(ctx, beside, "made", ""))
	opened("made", func(db *DB) { insert(db, "a") })
	dsn, err := Beside(beside, "made")
	must(err)
	must(Remember(ctx, dsn))
	must(MakeDatabase(ctx, beside, "copy", "made"))
	for range 2 {
		opened("copy", func(db *DB) {
			has(db, "a")
			insert(db, "b")
			has(db, "a", "b")
		})
		dsn, err := Beside(beside, "copy")
		must(err)
		must(SetBack(ctx, dsn))
	}
	opened("copy", func(db *DB) { has(db, "a") })
	must(DropDatabase(ctx, beside, "copy"))
	must(DropDatabase(ctx, beside, "made"))
	if err := MakeDatabase(ctx, beside, "copy", "made"); err == nil {
		t.Error("a copy of nothing was made")
	}
}
