package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"rator/dist/balancer"
	"rator/dist/balancer/balancertest"
	"rator/server/servertest"
	"rator/suite"
	"rator/wire"
)

// TestRollingUpgrade: while callers ask all the time, through a balancer, one server after the
// other is ended and comes back as a newer program, which has other hookpoints, in the order
// of docs/operate.md. No caller hears anything but the answer of its call, which has one
// effect. A round of SOAK for every 25 replaces both servers.
func TestRollingUpgrade(t *testing.T) {
	for _, program := range balancer.Programs {
		t.Run(program, func(t *testing.T) {
			balancertest.Need(t, program)
			t.Parallel()
			s := newCopiedCalls(t, 0)
			d := newDatabase(t)
			rounds, drain := max(1, suite.Soak(t, 1, 1)/25), "5s"
			if rounds == 1 {
				drain = "15s" // one round is for any machine, on which a balancer may be late
			}
			usual := []string{"--drain", drain, "--call-timeout", "25s", "--max-wait", "25s"} // calls may be slow on a machine that is
			key := filepath.Join(t.TempDir(), "pin-key")
			members := [2]*member{newMember(t, d, key, usual...), newMember(t, d, key, usual...)}
			url := balancertest.Start(t, program, [2]string{members[0].at, members[1].at})
			var newest string
			s.during(t, url+wire.Path, func() {
				for round := range rounds {
					dir := t.TempDir()
					newest = newerRator(t, dir, round)
					args := append([]string{"--hookpoints", newerHookpoints(t, round)}, usual...)
					for n, m := range members {
						m.upgrade(t, dir, n == 0, append(d.serve(key), args...)...)
					}
				}
			})
			if lost, busy := s.lost.Load(), s.busy.Load(); lost+busy > 0 {
				t.Errorf("of %d calls %d had no answer, and %d were refused", s.calls.Load(), lost, busy)
			}
			until(t, "both are of the newest version, and ready", func() bool {
				var rows []serverRow
				o := ratorOutside(t, "", "servers", "--json", "--store", d.dsn())
				if err := json.Unmarshal([]byte(o.out), &rows); err != nil || len(rows) != len(members) {
					return false
				}
				for n, row := range rows {
					if row.Version != newest || !row.Counts || !row.Ready || row.Address != members[n].endpoint {
						return false
					}
				}
				return true
			})
			s.check(t, d)
		})
	}
}

// during has callers ask while something is done.
func (s *copiedCalls) during(t *testing.T, url string, do func()) {
	t.Helper()
	client, done := callersClient(url), make(chan struct{})
	var turn atomic.Int64
	var all sync.WaitGroup
	var mu sync.Mutex
	for range callers {
		all.Go(func() {
			for {
				select {
				case <-done:
					return
				case <-time.After(100 * time.Millisecond): // others need the machine, too
				}
				answers := s.copies(t, client, int(turn.Add(1)))
				mu.Lock()
				s.answers = append(s.answers, answers)
				mu.Unlock()
			}
		})
	}
	end := sync.OnceFunc(func() { close(done); all.Wait() })
	defer end()
	do()
	end()
	t.Logf("%d calls for %d requests", s.calls.Load(), len(s.answers))
}

// upgrade ends a server, and starts the program of a folder where it was. The first one has
// its hookpoints count.
func (m *member) upgrade(t *testing.T, dir string, first bool, args ...string) {
	t.Helper()
	until(t, "a server knows of the other", func() bool { return strings.Contains(m.page(t, "/metrics"), "\nrator_servers 2\n") })
	m.signal(t, syscall.SIGTERM)
	<-m.exited
	if !m.ProcessState.Success() {
		t.Fatalf("a server ended with %v:\n%s", m.ProcessState, m.log.String())
	}
	p, err := spawnUnder(t, dir, nil, append(args, "--listen", m.at)...)
	if err != nil {
		t.Fatal(err)
	}
	m.serverProcess = p
	if first {
		m.awaitReady(t, http.StatusServiceUnavailable, changedHookpoint+" is not the same")
		m.signal(t, syscall.SIGHUP)
	}
	m.awaitReady(t, http.StatusOK, "ready")
	until(t, "calls of a server that is ready", func() bool {
		if m.served = 0; m.count() != nil {
			t.Fatal("a server that is ready does not answer")
		}
		return m.served > 0
	})
}

func (m *member) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := m.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// awaitReady waits until the server answers so when it is asked whether it is ready.
func (m *member) awaitReady(t *testing.T, want int, says string) {
	t.Helper()
	until(t, fmt.Sprint(want, " ", says), func() bool {
		status, body := m.get(t, "/readyz")
		return status == want && strings.Contains(body, says)
	})
}

// TestServerDrains: a server that is told to end while another one is there is not ready, and
// answers all the same, each time as the last answer of a connection; what is idle it leaves
// to the other side. One that is alone ends at once, and so does one that is told again.
func TestServerDrains(t *testing.T) {
	at, key := newAddress(t, "rator_drains"), filepath.Join(t.TempDir(), "pin-key")
	serve := func() *serverProcess {
		return spawn(t, "--demo", "--store", at, "--tmf-pin-key", key, "--call-log", "off", "--drain", "1h")
	}
	serve().stop(t)
	p := serve()
	serve()
	until(t, "a server knows of the other", func() bool { return strings.Contains(p.page(t, "/metrics"), "\nrator_servers 2\n") })
	idle, err := net.Dial("tcp", servertest.HostOf(p.endpoint))
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	lines := bufio.NewReader(idle)
	asks := func() *http.Response {
		t.Helper()
		fmt.Fprintf(idle, "GET %s?wsdl HTTP/1.1\r\nHost: x\r\n\r\n", wire.Path)
		resp, err := http.ReadResponse(lines, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != http.StatusOK {
			t.Errorf("%s, %v", resp.Status, err)
		}
		return resp
	}
	if asks().Close {
		t.Error("a server that goes on ends a connection")
	}
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	until(t, "it is not ready", func() bool {
		status, body := p.get(t, "/readyz")
		return status == http.StatusServiceUnavailable && strings.Contains(body, "the server ends")
	})
	until(t, "it is listed so", func() bool {
		return strings.Contains(ratorOutside(t, "", "servers", "--store", at).out, "no: the server ends")
	})
	if !asks().Close {
		t.Error("a server that ends keeps a connection")
	}
	if b, err := lines.ReadByte(); err != io.EOF {
		t.Errorf("behind the last answer: %q, %v", b, err)
	}
	p.stop(t)
}

var versionInside = regexp.MustCompile(`mod\trator\t[^\t\n]+`)

// newerRator writes a program as bin/rator of a folder: that of the other tests but for the
// version that it is of.
func newerRator(t *testing.T, dir string, round int) (version string) {
	t.Helper()
	file, err := buildRator()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	program = versionInside.ReplaceAllFunc(program, func(found []byte) []byte {
		at := bytes.LastIndexByte(found, '\t') + 1
		version = "v" + strings.Repeat(string(rune('1'+round%9)), len(found)-at-1) // neither longer nor shorter
		return append(bytes.Clone(found[:at]), version...)
	})
	if err := os.Mkdir(filepath.Join(dir, "bin"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "bin", "rator"), program, 0o700); err != nil {
		t.Fatal(err)
	}
	return version
}

const changedHookpoint = "SOAP_GET_PRODUCT_CONFIGS"

// newerHookpoints is a folder with a hookpoint that is not as before.
func newerHookpoints(t *testing.T, round int) (site string) {
	t.Helper()
	site = t.TempDir()
	if out, err := ratorProcess(t, "hookpoints", "export", site, changedHookpoint); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	file := filepath.Join(site, changedHookpoint, "workflow.star")
	servertest.Write(t, filepath.Dir(file), filepath.Base(file), servertest.Read(t, file)+fmt.Sprintf("\n# as of round %d\n", round))
	return site
}
