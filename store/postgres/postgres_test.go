package postgres_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"os"
	"sync"
	"testing"
	"time"

	"rator/store"
	"rator/store/postgres"
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

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T, place string, now func() time.Time) store.Store {
		t.Helper()
		db, err := postgres.Open(context.Background(), dsn(t, place), postgres.Options{Now: now})
		if err != nil {
			t.Fatal(err)
		}
		return db
	}, "")
}
