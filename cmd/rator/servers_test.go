package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"rator/server/servertest"
	"rator/store/postgres/cluster"
	"rator/suite"
)

// TestServersTellOnce: of two servers of a database one tells listeners and webhooks. When it
// is stopped for longer than its lease, or cut off from the database, the other one goes on; when it
// comes back it tells nothing that the other has told; and when the other is killed, it goes
// on itself. Everything is told, in order, and told again at most what was under way. SOAK
// has it stopped for a minute.
func TestServersTellOnce(t *testing.T) {
	suite.Long(t, "servers that wait for leases to end")
	for name, gone := range map[string]struct{ goes, comes func(*replica) error }{
		"stopped": {(*replica).stops, (*replica).wakes},
		"cut off": {(*replica).isCutOff, (*replica).isBack},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServers(t)
			s.listen(t)
			a, b := s.start(t), s.start(t)
			s.register(t, a)
			s.signUps(t, 6, a, b)
			const tells = `rator_database_leases{lease="hub"} 1`
			var teller, other *replica
			until(t, "one of them tells the hub, and the other does not", func() bool { // who has nothing to tell for a while need not
				s.signUps(t, 1, a)
				s.awaitTold(t)
				if teller, other = a, b; strings.Contains(b.page(t, "/metrics"), tells) {
					teller, other = b, a
				}
				return strings.Contains(teller.page(t, "/metrics"), tells) && !strings.Contains(other.page(t, "/metrics"), tells)
			})
			s.awaitAll(t) // nothing is on its way: nobody calls back what was just about to be sent
			if err := gone.goes(teller); err != nil {
				t.Fatal(err)
			}
			s.signUps(t, 3, other)
			s.awaitTold(t) // by the other: the first can not
			if suite.Soak(t, 0, 0) > 0 {
				time.Sleep(time.Minute)
			}
			if err := gone.comes(teller); err != nil {
				t.Fatal(err)
			}
			teller.awaitReady(t)
			s.signUps(t, 6, teller, other)
			s.awaitTold(t)
			if err := other.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			<-other.exited
			s.signUps(t, 3, teller)
			s.awaitTold(t)
			s.awaitAll(t)
			s.check(t, 2)
			teller.serverProcess.stop(t)
			if out, err := ratorProcess(t, "verify", "--store", s.dsn()); err != nil {
				t.Errorf("verify: %v\n%s", err, out)
			}
		})
	}
}

// servers are several of one database, and what clients and receivers know of them.
type servers struct {
	*database
	crash
	web  *httptest.Server
	told map[string]*sequence // by the path of the receiver
}

// sequence is what a receiver was told, one after the other.
type sequence struct {
	places map[string]int // by event: the how manieth new one it was
	bodies map[string]string
	told   []string // events
	about  map[string]bool
}

func newServers(t *testing.T) *servers {
	t.Helper()
	if _, err := cluster.Programs(); err != nil {
		suite.Missing(t, err.Error())
	}
	return &servers{database: newDatabase(t), crash: crash{acknowledged: map[string]string{}, at: map[string]time.Time{}}}
}

// replica is one of several servers, whose way to the database can be cut.
type replica struct {
	*serverProcess
	way *way
}

func (s *servers) start(t *testing.T, args ...string) *replica {
	t.Helper()
	w := newWay(t, s.database)
	p := spawn(t, append([]string{"--store", w.dsn(t, s.database), "--tmf-pin-key", filepath.Join(s.dir, "pin-key"), "--call-log", "off", "--hub-allow", "127.0.0.1"}, args...)...)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("what a server printed:\n%s", p.log.String())
		}
	})
	return &replica{p, w}
}

func (r *replica) stops() error    { return r.Process.Signal(syscall.SIGSTOP) }
func (r *replica) wakes() error    { return r.Process.Signal(syscall.SIGCONT) }
func (r *replica) isCutOff() error { return r.way.cut(true) }
func (r *replica) isBack() error   { return r.way.cut(false) }

func (r *replica) awaitReady(t *testing.T) {
	t.Helper()
	until(t, "a server that was away is ready", func() bool {
		status, _ := r.get(t, "/readyz")
		return status == http.StatusOK
	})
}

const hubPath, webhookPath = "/hub", "/webhook"

// listen has receivers at two paths take everything.
func (s *servers) listen(t *testing.T) {
	s.told = map[string]*sequence{}
	for _, path := range []string{hubPath, webhookPath} {
		s.told[path] = &sequence{places: map[string]int{}, bodies: map[string]string{}, about: map[string]bool{}}
	}
	s.web = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // of a server that was killed meanwhile
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if err := s.told[r.URL.Path].hear(r.Header.Get("webhook-id"), body); err != nil {
			t.Errorf("%s: %v: %s", r.URL.Path, err, body)
		}
		w.WriteHeader(http.StatusCreated)
	}))
	t.Cleanup(s.web.Close)
}

// hear takes what was told: of a webhook, whose event is in the header, or of a hub.
func (q *sequence) hear(event string, body []byte) error {
	var n struct {
		EventID string
		Event   struct{ Customer struct{ ID string } }
		Data    struct {
			Account string `json:"ACCOUNT_ID"`
		}
	}
	if err := json.Unmarshal(body, &n); err != nil {
		return err
	}
	if event == "" {
		event = n.EventID
	}
	if event == "" {
		return fmt.Errorf("nobody knows which event it is")
	}
	if before, again := q.bodies[event]; again && before != string(body) {
		return fmt.Errorf("event %s was told otherwise before: %s", event, before)
	} else if !again {
		q.bodies[event], q.places[event] = string(body), len(q.places)
	}
	q.told = append(q.told, event)
	q.about[strings.TrimPrefix(n.Event.Customer.ID, "c")] = true
	q.about[n.Data.Account] = true
	return nil
}

// rewinds is how often what came before was told again, from some place on.
func (q *sequence) rewinds() (n int, err error) {
	last := -1
	for _, event := range q.told {
		switch at := q.places[event]; {
		case at <= last:
			n++
			fallthrough
		case at == last+1:
			last = at
		default:
			return n, fmt.Errorf("event %d follows on %d: %q", at, last, q.told)
		}
	}
	return n, nil
}

func (s *servers) register(t *testing.T, r *replica) {
	t.Helper()
	status, answer, err := tmfAs(t.Context(), r.serverProcess, "POST", "/tmf-api/customerManagement/v4/customer/hub", fmt.Sprintf(`{"callback":%q}`, s.web.URL+hubPath))
	if err != nil || status != http.StatusCreated {
		t.Fatalf("%v %d %s", err, status, answer)
	}
	if out, err := ratorProcess(t, "webhook", "add", s.web.URL+webhookPath, "--topic=*", "--operator=crash", "--secret="+servertest.WebhookSecret, "--hub-allow=127.0.0.1", "--store="+s.dsn()); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// signUps signs so many customers up, by each server in turn; one that is busy is asked again.
func (s *servers) signUps(t *testing.T, n int, at ...*replica) {
	t.Helper()
	var all sync.WaitGroup
	for i := range n {
		id, to := s.next(), at[i%len(at)]
		all.Go(func() {
			until(t, "sign-up "+id, func() bool { return s.signUp(context.Background(), s.client(to.serverProcess), id) })
		})
	}
	all.Wait()
}

// awaitTold waits until receivers know of everybody who was signed up.
func (s *servers) awaitTold(t *testing.T) {
	t.Helper()
	until(t, "everybody is told of", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, q := range s.told {
			for _, account := range s.acknowledged {
				if !q.about[account] {
					return false
				}
			}
		}
		return true
	})
}

// awaitAll waits until the webhook was told of every event that there is.
func (s *servers) awaitAll(t *testing.T) {
	t.Helper()
	out, err := ratorProcess(t, "events", "tail", "--store", s.dsn())
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	until(t, "every event is told", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return len(s.told[webhookPath].bodies) == strings.Count(out, "\n")
	})
}

// check wants everything to have been told in order, and to have been told again only where
// one server went on with what another did.
func (s *servers) check(t *testing.T, changes int) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for path, q := range s.told {
		again, err := q.rewinds()
		if err != nil || again > changes {
			t.Errorf("%s: %d times something was told again, and %d times another went on: %v", path, again, changes, err)
		}
		t.Logf("%s: %d events, told %d times", path, len(q.bodies), len(q.told))
	}
}

// way is what a server reaches the database by.
type way struct {
	dir string
	mu  sync.Mutex
	no  bool
	now []net.Conn
}

func newWay(t *testing.T, d *database) *way {
	t.Helper()
	dir, err := os.MkdirTemp("", "rator-way")
	if err != nil {
		t.Fatal(err)
	}
	w, name := &way{dir: dir}, ".s.PGSQL.5432"
	l, err := net.Listen("unix", filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			from, err := l.Accept()
			if err != nil {
				return
			}
			go w.carry(from, filepath.Join(d.dir, name))
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		_ = w.cut(true)
		_ = os.RemoveAll(dir)
	})
	return w
}

// carry carries a connection, unless the way is cut.
func (w *way) carry(from net.Conn, socket string) {
	to, err := net.Dial("unix", socket)
	if err != nil {
		_ = from.Close()
		return
	}
	w.mu.Lock()
	w.now = append(w.now, from, to)
	cut := w.no
	w.mu.Unlock()
	if cut {
		_, _ = from.Close(), to.Close()
		return
	}
	for _, pair := range [][2]net.Conn{{from, to}, {to, from}} {
		go func() {
			_, _ = io.Copy(pair[0], pair[1])
			_, _ = pair[0].Close(), pair[1].Close()
		}()
	}
}

// cut ends all connections, and lets none come; or lets them come again.
func (w *way) cut(no bool) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.no = no; no {
		for _, c := range w.now {
			_ = c.Close() // of those that ended before too
		}
		w.now = nil
	}
	return nil
}

// dsn is the address of the database by this way.
func (w *way) dsn(t *testing.T, d *database) string {
	t.Helper()
	u, err := url.Parse(d.dsn())
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("host", w.dir)
	u.RawQuery = q.Encode()
	return u.String()
}
