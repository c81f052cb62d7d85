package servertest

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"rator/server/scratch"
	"rator/store"
	"rator/store/bolt"
	"rator/store/postgres"
	"rator/store/postgres/clustertest"
	"rator/suite"
)

// engine is what the tests of a room keep things in: go test ./tmf -store=postgres.
var engine = flag.String("store", "bolt", "what stores of tests are kept in: bolt or postgres")

// onPostgres tells whether the stores of this run are in PostgreSQL.
func onPostgres() bool {
	switch *engine {
	case "bolt":
		return false
	case "postgres":
		return true
	}
	panic(fmt.Sprintf("-store=%s: bolt or postgres", *engine))
}

// OnBoth runs all tests of a room once more, on PostgreSQL. They run in a process of their
// own, without the race detector; a person asks for it by -store=postgres.
func OnBoth(t *testing.T) {
	t.Helper()
	if onPostgres() {
		return // this is that run
	}
	suite.Long(t, "runs all tests here again, on PostgreSQL (go test -store=postgres)")
	clustertest.Shared(t) // whether it can be had
	suite.Again(t, "-store=postgres")
}

// Store is an empty store on the engine of the run. It goes when the test ends, and is closed
// then if it is not yet.
func Store(t testing.TB, now func() time.Time) store.Store {
	t.Helper()
	st, err := openEmpty(t, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() }) // again, where the test has
	return st
}

// AllTold waits until a store gives all events that it has: one in PostgreSQL keeps back those
// before which others may come, while a transaction of its database is under way that writes,
// be it one of PostgreSQL's own.
func AllTold(t testing.TB, st store.Store) {
	t.Helper()
	if db, is := st.(*postgres.DB); is {
		if err := db.WaitForEvents(t.Context(), time.Minute); err != nil {
			t.Fatal(err)
		}
	}
}

func openEmpty(t testing.TB, now func() time.Time) (store.Store, error) {
	t.Helper()
	if !onPostgres() {
		file := filepath.Join(t.TempDir(), "test.db")
		st, err := bolt.Open(file, bolt.Options{Now: now, Unsynced: true})
		if err == nil {
			storeFiles.Store(st, file)
			t.Cleanup(func() { storeFiles.Delete(st) })
		}
		return st, err
	}
	from, err := empty()
	if err != nil {
		return nil, err
	}
	st, done, err := databases().Open(context.Background(), from, now)
	if err == nil {
		t.Cleanup(func() {
			if err := done(); err != nil {
				t.Error(err)
			}
		})
	}
	return st, err
}

// databases are those of the tests of a process, which go with it.
var databases = sync.OnceValue(func() *scratch.Databases {
	c, err := clustertest.Start()
	if err != nil {
		panic(err)
	}
	return scratch.NewDatabases(c.DSN("postgres"))
})

// empty is where nothing is, to be copied.
var empty = sync.OnceValues(func() (place string, err error) { return databases().Empty(context.Background()) })

// storeFiles has the file of each store that has one.
var storeFiles sync.Map
