package postgres

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"rator/store"
	"rator/store/storetest"
)

// TestCommonValues: who adds a thing with a value that many have waits for nobody who has a lock
// on it.
func TestCommonValues(t *testing.T) {
	address, ctx := dsn(t, t.TempDir()), context.Background()
	db := openAt(t, address, Options{})
	defer db.Close()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "select pg_advisory_lock($1)", lockNumber(db.schema.name, "value", storetest.Crowded.Name(), "group", "a")); err != nil {
		t.Fatal(err)
	}
	add := &storetest.Thing{Group: "a"}
	err = db.Update(ctx, func(tx store.Tx) error { return storetest.Crowded.Insert(tx, add) })
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(ctx, func(tx store.Tx) error {
		add.Group = ""
		return storetest.Crowded.Put(tx, add)
	})
	if err != nil {
		t.Error(err)
	}
}
