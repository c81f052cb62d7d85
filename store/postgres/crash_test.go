package postgres

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"rator/store/postgres/cluster"
	"rator/suite"
)

// victim is a server that is harmed while callers write.
type victim struct {
	*testing.T
	dir      string
	settings []string
	cluster  *cluster.Cluster
}

func newVictim(t *testing.T, settings ...string) *victim {
	t.Helper()
	if _, err := cluster.Programs(); err != nil {
		suite.Missing(t, err.Error())
	}
	dir, err := os.MkdirTemp("", "rator-pg")
	if err != nil {
		t.Fatal(err)
	}
	v := &victim{T: t, dir: dir, settings: settings}
	if err := v.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := v.cluster.Stop(); err != nil {
			t.Error(err)
		}
		_ = os.RemoveAll(dir) // what is left of it does no harm
	})
	return v
}

func (v *victim) start() (err error) {
	v.cluster, err = cluster.Start(v.dir, cluster.Options{Settings: append([]string{"shared_buffers=32MB"}, v.settings...)})
	return err
}

// backends are the processes of the server that serve the store.
func (v *victim) backends() (pids []int) {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, v.cluster.DSN("postgres"))
	if err != nil {
		return nil // it has been harmed enough
	}
	defer func() { _ = conn.Close(ctx) }()
	rows, err := conn.Query(ctx, "select pid from pg_stat_activity where application_name='rator'")
	if err != nil {
		return nil
	}
	pids, _ = pgx.CollectRows(rows, pgx.RowTo[int])
	return pids
}

// harm kills, in turn, a backend, which has the server end all of them and start again; ends a
// backend in good order; and kills the server, which is started again.
func (v *victim) harm(n int) {
	if n%3 == 2 {
		if err := errors.Join(v.cluster.Kill(), v.start()); err != nil {
			v.Error(err)
		}
		return
	}
	pids := v.backends()
	if len(pids) == 0 {
		return
	}
	_ = syscall.Kill(pids[rand.N(len(pids))], []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM}[n%3]) // it may have ended
}

// TestCrashes: whatever is killed of the database while calls are under way, what was
// acknowledged is there, once, and callers hear of the rest that they may come again.
func TestCrashes(t *testing.T) {
	v := newVictim(t)
	db := openAt(t, v.cluster.DSN("postgres"), Options{Connections: 8})
	defer db.Close()
	harms := suite.Rounds(t, 3, 12)
	const callers, between = 6, 25 // acknowledged calls between two harms
	due := make(chan int, harms)
	l := ledger{acknowledged: func(n int) {
		if n%between == 0 && n/between <= harms {
			due <- n/between - 1
		}
	}}
	l.open(t, db)
	harmed := make(chan struct{})
	go func() {
		defer close(harmed)
		for n := range due {
			v.harm(n)
		}
	}()
	l.calls(t, db, callers, (harms+2)*between/callers+harms)
	close(due)
	<-harmed
	for end := time.Now().Add(time.Minute); db.Ready() != nil; time.Sleep(hearEach) {
		if time.Now().After(end) {
			t.Fatal(db.Ready())
		}
	}
	l.check(t, db)
}

// TestServerIsFull: a server that takes fewer connections than there are callers serves them
// one after the other.
func TestServerIsFull(t *testing.T) {
	v := newVictim(t, "max_connections=8", "superuser_reserved_connections=0", "max_wal_senders=0")
	db := openAt(t, v.cluster.DSN("postgres"), Options{Connections: 32})
	defer db.Close()
	var l ledger
	l.open(t, db)
	l.calls(t, db, 16, 4)
	l.check(t, db)
}
