package postgres

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"rator/store"
	"rator/store/postgres/cluster"
	"rator/store/storetest"
	"rator/suite"
)

// server is the server of all tests here: one is started for them when it is first asked
// for.
var server struct {
	once    sync.Once
	cluster *cluster.Cluster
	dir     string
	err     error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if server.cluster != nil {
		if err := server.cluster.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	if server.dir != "" {
		_ = os.RemoveAll(server.dir) // what is left of it does no harm
	}
	os.Exit(code)
}

// dsn is a schema of the server for each place.
func dsn(t *testing.T, place string) string {
	t.Helper()
	if _, err := cluster.Programs(); err != nil {
		suite.Missing(t, err.Error())
	}
	server.once.Do(func() {
		if server.dir, server.err = os.MkdirTemp("", "rator-pg"); server.err == nil {
			// Without autovacuum, whose transactions hold up what is read of events.
			server.cluster, server.err = cluster.Start(server.dir, cluster.Options{Unsynced: true, Settings: []string{"autovacuum=off", "shared_buffers=64MB", "max_connections=200"}})
		}
	})
	if server.err != nil {
		t.Fatal(server.err)
	}
	h := fnv.New64a()
	fmt.Fprint(h, place)
	return server.cluster.DSN("postgres") + fmt.Sprintf("&search_path=s%x", h.Sum64())
}

// openTest opens the store of a place.
func openTest(t *testing.T, place string, o Options) *DB {
	t.Helper()
	return openAt(t, dsn(t, place), o)
}

func openAt(t *testing.T, dsn string, o Options) *DB {
	t.Helper()
	db, err := Open(context.Background(), dsn, o)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T, place string, now func() time.Time) store.Store {
		t.Helper()
		return openTest(t, place, Options{Now: now})
	}, "")
}

// TestStoreRepeats: nothing is otherwise where the database has transactions repeated all the
// time, as one does that sees to their order itself.
func TestStoreRepeats(t *testing.T) {
	storetest.Run(t, func(t *testing.T, place string, now func() time.Time) store.Store {
		t.Helper()
		return openAt(t, dsn(t, place)+"&default_transaction_isolation=serializable", Options{Now: now})
	}, "")
}

// TestStoreIsCutOff: nor where connections break, at any byte, in either direction.
func TestStoreIsCutOff(t *testing.T) {
	for name, late := range map[string]bool{"cut": false, "and what was sent comes later": true} {
		t.Run(name, func(t *testing.T) {
			all := 0
			storetest.Run(t, func(t *testing.T, place string, now func() time.Time) store.Store {
				t.Helper()
				c := &cuts{rng: rand.New(rand.NewPCG(1, 2)), after: []int{20_000, 50_000, 2_000_000}, late: late}
				db := openTest(t, place, Options{Now: now, dial: c.dial})
				c.set(true)
				t.Cleanup(func() { all += c.done })
				return patient{db, c}
			}, "")
			if t.Logf("%d connections were cut", all); all == 0 {
				t.Error("no connection was cut")
			}
		})
	}
}
