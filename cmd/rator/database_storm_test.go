package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rator/access"
	"rator/failure"
	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/store"
	"rator/store/postgres"
	"rator/store/postgres/cluster"
	"rator/suite"
)

// TestDatabaseStorm: calls that come in three copies at once, while the database is killed
// again and again, have one effect each, which is there when it was answered, and the copies
// are answered alike.
func TestDatabaseStorm(t *testing.T) {
	if _, err := cluster.Programs(); err != nil {
		suite.Missing(t, err.Error())
	}
	const copies, at = 3, 8
	ids := 10 * suite.Soak(t, 6, 40) // of make soak 10,000
	kills := min(6, ids/30)
	d := newDatabase(t)
	s := copiedCalls{answers: make([][copies]string, ids)}
	p := startServer(t, "--store", d.dsn(), "--tmf-pin-key", filepath.Join(t.TempDir(), "pin-key"), "--call-log", "off")
	client := &soap.Client{URL: p.endpoint, HTTP: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: copies * at}, Timeout: patience}}
	due := make(chan struct{}, kills)
	var turn atomic.Int64
	var all sync.WaitGroup
	for range at {
		all.Go(func() {
			for id := int(turn.Add(1)) - 1; id < ids; id = int(turn.Add(1)) - 1 {
				if id%(ids/kills) == ids/kills/2 {
					due <- struct{}{}
				}
				var three sync.WaitGroup
				for c := range copies {
					three.Go(func() { s.answers[id][c] = s.insist(t, client, fmt.Sprintf("storm-%d", id)) })
				}
				three.Wait()
			}
		})
	}
	killed := make(chan int)
	go func() {
		n := 0
		for range due {
			if err := errors.Join(d.cluster.Kill(), d.start()); err != nil {
				t.Error(err)
				break
			}
			n++
		}
		killed <- n
	}()
	all.Wait()
	close(due)
	t.Logf("%d kills; %d calls for %d requests; asked again after BUSY %d times, after no answer %d",
		<-killed, s.calls.Load(), ids, s.busy.Load(), s.lost.Load())
	accounts := map[string]bool{}
	for id, answers := range s.answers {
		if accounts[answers[0]] = true; len(slices.Compact(answers[:])) != 1 {
			t.Errorf("request %d was answered with the accounts %q", id, answers)
		}
	}
	if len(accounts) != ids || accounts[""] {
		t.Errorf("%d accounts for %d requests", len(accounts), ids)
	}
	p.stop(t)
	if out, err := ratorProcess(t, "verify", "--store", d.dsn()); err != nil {
		t.Errorf("verify: %v\n%s", err, out)
	}
	d.open(t, func(st store.Store) error {
		return st.View(t.Context(), func(tx store.Tx) error {
			for _, kind := range []string{"account", "subscription"} {
				if n, err := tx.Count(kind); err != nil || n != int64(ids) {
					t.Errorf("%d of kind %s for %d requests, %v", n, kind, ids, err)
				}
			}
			return nil
		})
	})
}

// copiedCalls are what clients hear.
type copiedCalls struct {
	answers           [][3]string // by request: accounts
	calls, busy, lost atomic.Int64
}

// insist asks until it has an answer, as a client does that wants its customer, and gives
// the account.
func (s *copiedCalls) insist(t *testing.T, client *soap.Client, id string) string {
	for end := time.Now().Add(5 * patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		s.calls.Add(1)
		switch r, err := client.Call(context.Background(), call(id)); {
		case err != nil:
			s.lost.Add(1)
		case r.ErrorCode == 0:
			return accountOf(r)
		case r.ErrorCode == failure.TryAgain.Number:
			s.busy.Add(1)
		default:
			t.Errorf("%s: %+v", id, r)
			return ""
		}
	}
	t.Errorf("%s has no answer", id)
	return ""
}

// database is a PostgreSQL server with a store in it.
type database struct {
	dir     string
	cluster *cluster.Cluster
}

// newDatabase is one with the demo catalogue, and operators.
func newDatabase(t *testing.T) *database {
	t.Helper()
	dir, err := os.MkdirTemp("", "rator-pg") // short, as a socket's path must be
	if err != nil {
		t.Fatal(err)
	}
	d := &database{dir: dir}
	if err := d.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.cluster.Stop(); err != nil {
			t.Error(err)
		}
		_ = os.RemoveAll(dir) // what is left of it does no harm
	})
	d.open(t, func(st store.Store) error {
		servertest.PrepareReal(t, st)
		return st.Update(t.Context(), func(tx store.Tx) error {
			_, err := access.Add(tx, local, access.NewOperator{Name: "crash", Brands: []string{server.DemoBrand}, Rights: []string{"*", access.RightEvents}, Trusted: []string{"127.0.0.0/8"}})
			return err
		})
	})
	return d
}

func (d *database) start() (err error) {
	d.cluster, err = cluster.Start(d.dir, cluster.Options{Settings: []string{"shared_buffers=64MB", "max_connections=80"}})
	return err
}

func (d *database) dsn() string { return d.cluster.DSN("postgres") }

func (d *database) open(t *testing.T, fn func(store.Store) error) {
	t.Helper()
	st, err := postgres.Open(t.Context(), d.dsn(), postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(fn(st), st.Close()); err != nil {
		t.Fatal(err)
	}
}
