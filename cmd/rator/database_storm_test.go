package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"rator/access"
	"rator/dist/balancer/balancertest"
	"rator/failure"
	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/store"
	"rator/store/postgres"
	"rator/store/postgres/cluster"
	"rator/suite"
	"rator/wire"
	"rator/workflow"
)

// TestDatabaseStorm: calls that come in three copies at once, while the database is killed
// again and again, have one effect each, which is there when it was answered, and the copies
// are answered alike.
func TestDatabaseStorm(t *testing.T) {
	s := newCopiedCalls(t, suite.Soak(t, 6, 40))
	d := newDatabase(t)
	p := startServer(t, d.serve(filepath.Join(t.TempDir(), "pin-key"))...)
	s.rage(t, p.endpoint, slices.Repeat([]func() error{d.restart}, kills(s)))
	p.stop(t)
	s.check(t, d)
}

// TestReplicasStorm: so it is of two servers behind a balancer, of which either is killed now
// and then beside the database.
func TestReplicasStorm(t *testing.T) {
	for program, rounds := range map[string]int{"nginx": 40, "haproxy": 12} {
		t.Run(program, func(t *testing.T) {
			balancertest.Need(t, program)
			s := newCopiedCalls(t, suite.Soak(t, 6, rounds))
			d := newDatabase(t)
			key := filepath.Join(t.TempDir(), "pin-key")
			members := [2]*member{newMember(t, d, key), newMember(t, d, key)}
			var disasters []func() error
			for k := range kills(s) { // 6 of the database, 4 of a server
				if disasters = append(disasters, d.restart); k%3 < 2 {
					disasters = append(disasters, members[k%2].restart)
				}
			}
			url := balancertest.Start(t, program, [2]string{members[0].at, members[1].at})
			s.rage(t, url+wire.Path, disasters)
			for _, m := range members {
				if err := m.count(); err != nil || m.served == 0 {
					t.Errorf("the server at %s answered %v calls, %v", m.at, m.served, err)
				}
				m.stop(t)
			}
			s.check(t, d)
		})
	}
}

// kills is how often the database is killed.
func kills(s *copiedCalls) int { return max(1, min(6, len(s.answers)/30)) }

// member is a server behind a balancer, which is killed and started again where it was.
type member struct {
	*serverProcess
	at     string
	start  func() (*serverProcess, error)
	served float64 // calls, by those that were killed
}

// newMember is a server at an address that nobody else is given.
func newMember(t *testing.T, d *database, key string, args ...string) *member {
	t.Helper()
	m := &member{at: fmt.Sprintf("127.%d.%d.%d:0", 1+rand.IntN(254), rand.IntN(256), 1+rand.IntN(254))}
	m.start = func() (p *serverProcess, err error) {
		return spawnUnder(t, "", nil, append(append(d.serve(key), "--listen", m.at), args...)...)
	}
	var err error
	if m.serverProcess, err = m.start(); err != nil {
		t.Fatal(err)
	}
	m.at = strings.TrimPrefix(strings.TrimSuffix(m.endpoint, wire.Path), "http://")
	return m
}

// restart kills the server, and starts it again.
func (m *member) restart() error {
	if err := m.count(); err != nil {
		return err
	}
	if err := m.Process.Kill(); err != nil {
		return err
	}
	<-m.exited
	p, err := m.start()
	if err == nil {
		m.serverProcess = p
	}
	return err
}

// count adds how many calls the server has answered since it was started.
func (m *member) count() error {
	resp, err := http.Get("http://" + m.at + "/metrics")
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	for lines := bufio.NewScanner(resp.Body); err == nil && lines.Scan(); {
		if line := lines.Text(); strings.HasPrefix(line, "rator_calls_total{") {
			var n float64
			_, err = fmt.Sscan(line[strings.LastIndexByte(line, ' ')+1:], &n)
			m.served += n
		}
	}
	return err
}

// copiedCalls are what clients hear.
type copiedCalls struct {
	answers       [][3]workflow.Result // by request
	calls, busy   atomic.Int64
	lost, unknown atomic.Int64 // of those that were lost, those of which the server said that nobody knows
}

// newCopiedCalls are ten times as many as rounds, where a database can be had.
func newCopiedCalls(t *testing.T, rounds int) *copiedCalls {
	t.Helper()
	if _, err := cluster.Programs(); err != nil {
		suite.Missing(t, err.Error())
	}
	return &copiedCalls{answers: make([][3]workflow.Result, 10*rounds)} // of make soak 10,000
}

// rage makes all calls, and lets disasters happen spread over them.
func (s *copiedCalls) rage(t *testing.T, url string, disasters []func() error) {
	t.Helper()
	ids, each := len(s.answers), len(s.answers)/len(disasters)
	client := callersClient(url)
	due := make(chan struct{}, ids/each+1)
	var turn atomic.Int64
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			for id := int(turn.Add(1)) - 1; id < ids; id = int(turn.Add(1)) - 1 {
				if id%each == each/2 {
					due <- struct{}{}
				}
				s.answers[id] = s.copies(t, client, id)
			}
		})
	}
	happened := make(chan int)
	go func() {
		n := 0
		for range due {
			if n == len(disasters) {
				continue
			}
			if err := disasters[n](); err != nil {
				t.Error(err)
				break
			}
			n++
		}
		happened <- n
	}()
	all.Wait()
	close(due)
	if n := <-happened; n != len(disasters) {
		t.Errorf("%d of %d kills", n, len(disasters))
	}
	t.Logf("%d kills; %d calls for %d requests; asked again after BUSY %d times, after no answer %d",
		len(disasters), s.calls.Load(), ids, s.busy.Load(), s.lost.Load())
}

// callers ask at a time, each for three copies.
const callers = 8

func callersClient(url string) *soap.Client {
	return &soap.Client{URL: url, HTTP: &http.Client{Timeout: patience,
		Transport: &http.Transport{MaxIdleConnsPerHost: 3 * callers, IdleConnTimeout: 2 * time.Second}}} // before balancers end what is idle
}

// copies makes a call three times at once.
func (s *copiedCalls) copies(t *testing.T, client *soap.Client, id int) (answers [3]workflow.Result) {
	var three sync.WaitGroup
	for c := range answers {
		three.Go(func() { answers[c] = s.insist(t, client, fmt.Sprintf("storm-%d", id)) })
	}
	three.Wait()
	return answers
}

// check holds what clients heard against what the store has.
func (s *copiedCalls) check(t *testing.T, d *database) {
	t.Helper()
	accounts := map[string]bool{}
	for id, answers := range s.answers {
		accounts[accountOf(answers[0])] = true
		for _, other := range answers[1:] {
			if reflect.DeepEqual(answers[0], other) { // gocmp is slow under the race detector
				continue
			}
			if diff := gocmp.Diff(answers[0], other); diff != "" {
				t.Errorf("request %d was answered differently (-one +other):\n%s", id, diff)
			}
		}
	}
	if len(accounts) != len(s.answers) || accounts[""] {
		t.Errorf("%d accounts for %d requests", len(accounts), len(s.answers))
	}
	if out, err := ratorProcess(t, "verify", "--store", d.dsn()); err != nil {
		t.Errorf("verify: %v\n%s", err, out)
	}
	d.open(t, func(st store.Store) error {
		return st.View(t.Context(), func(tx store.Tx) error {
			for after := store.ID(0); ; {
				page, err := tx.Scan("account", after, 1000)
				if err != nil {
					return err
				}
				for _, r := range page {
					delete(accounts, r.ID.String())
					after = r.ID
				}
				if len(page) == 0 {
					break
				}
			}
			if len(accounts) > 0 {
				t.Errorf("%d accounts that were answered are not there", len(accounts))
			}
			for _, kind := range []string{"account", "subscription"} {
				if n, err := tx.Count(kind); err != nil || n != int64(len(s.answers)) {
					t.Errorf("%d of kind %s for %d requests, %v", n, kind, len(s.answers), err)
				}
			}
			return nil
		})
	})
}

// insist asks until it has an answer, as a client does that wants its customer, and gives
// it. No answer is also what a balancer says whose server went.
func (s *copiedCalls) insist(t *testing.T, client *soap.Client, id string) workflow.Result {
	for end := time.Now().Add(5 * patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		s.calls.Add(1)
		switch r, err := client.Call(context.Background(), call(id)); {
		case err != nil:
			s.lost.Add(1)
			if f := new(soap.Fault); errors.As(err, &f) && strings.Contains(f.Text, "outcome unknown") {
				s.unknown.Add(1)
			}
		case r.ErrorCode == 0:
			r.Replayed = false // which one of them was first does not count
			return r
		case r.ErrorCode == failure.TryAgain.Number:
			s.busy.Add(1)
		default:
			t.Errorf("%s: %+v", id, r)
			return r
		}
	}
	t.Errorf("%s has no answer", id)
	return workflow.Result{}
}

// database is a PostgreSQL server with a store in it.
type database struct {
	dir      string
	settings []string
	cluster  *cluster.Cluster
	others   []*cluster.Cluster // that may be the primary instead
}

// newDatabase is one with the demo catalogue, and operators.
func newDatabase(t *testing.T) *database {
	t.Helper()
	d := startDatabase(t)
	d.prepare(t)
	return d
}

func startDatabase(t *testing.T, settings ...string) *database {
	t.Helper()
	dir, err := os.MkdirTemp("", "rator-pg") // short, as a socket's path must be
	if err != nil {
		t.Fatal(err)
	}
	d := &database{dir: dir, settings: append(settings, "shared_buffers=64MB", "max_connections=80")}
	if err := d.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.cluster.Stop(); err != nil {
			t.Error(err)
		}
		_ = os.RemoveAll(dir) // what is left of it does no harm
	})
	return d
}

func (d *database) prepare(t *testing.T) {
	t.Helper()
	d.open(t, func(st store.Store) error {
		servertest.PrepareReal(t, st)
		return st.Update(t.Context(), func(tx store.Tx) error {
			_, err := access.Add(tx, local, access.NewOperator{Name: "crash", Brands: []string{server.DemoBrand}, Rights: []string{"*", access.RightEvents}, Trusted: []string{"127.0.0.0/8"}})
			return err
		})
	})
}

func (d *database) start() (err error) {
	d.cluster, err = cluster.Start(d.dir, cluster.Options{Settings: d.settings})
	return err
}

// restart kills the server, and starts it again.
func (d *database) restart() error { return errors.Join(d.cluster.Kill(), d.start()) }

// serve is what `rator serve` is told of it.
func (d *database) serve(key string) []string {
	return []string{"--store", d.dsn(), "--tmf-pin-key", key, "--call-log", "off"}
}

func (d *database) dsn() string { return d.cluster.DSN("postgres", d.others...) }

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
