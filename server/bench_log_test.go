package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"rator/calllog"
	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/wire"
	"rator/workflow/value"
)

// BenchmarkCallLog makes the same calls to a server that keeps a call log and to
// one that does not, in turns of a hundred, and reports how much longer the median
// and the 99th percentile of a call are with the log, in percent, and what it
// costs beside: allocations, and CPU time of the process, what is written behind
// and the client included.
func BenchmarkCallLog(b *testing.B) {
	var n atomic.Int64
	profile := soap.AppendRequest(nil, soap.Version11, "SOAP_GET_WEB_USER_PROFILE_INTERNAL", value.Tree{
		value.OfString("CUSTOMER_NUMBER", "100001"),
		value.Of("CONTEXT", value.OfString("OPERATOR", server.DemoOperator), value.OfString("PASSWORD", server.DemoPassword)),
	})
	for _, c := range []struct {
		name    string
		clients int
		message func() []byte
	}{
		{"signup/one", 1, func() []byte { return signUpMessage(fmt.Sprintf("user-%d", n.Add(1)), false) }},
		{"profile/one", 1, func() []byte { return profile }},
		{"signup/sixteen", 16, func() []byte { return signUpMessage(fmt.Sprintf("user-%d", n.Add(1)), false) }},
		{"profile/sixteen", 16, func() []byte { return profile }},
	} {
		b.Run(c.name, func(b *testing.B) {
			sides := [2]logSide{{server: newBenchServer(b)}, {server: newBenchServer(b, func(c *server.Config) {
				c.CallLog = calllog.Config{Dir: b.TempDir(), MaxBytes: 256 << 20, MaxAge: time.Hour}
			})}}
			for i := range sides {
				if err := sides[i].server.post(signUpMessage(fmt.Sprintf("first-%d", n.Add(1)), false)); err != nil {
					b.Fatal(err)
				}
			}
			inTurns(b, &sides, c.clients, func(s *benchServer) func() error {
				m := c.message()
				return func() error { return s.post(m) }
			})
		})
	}
}

// BenchmarkCallLogTMF is BenchmarkCallLog over TM Forum: a read by id, a page of 20 and one
// that is longer than the log keeps, of 300 customers.
func BenchmarkCallLogTMF(b *testing.B) {
	const customers = "/customerManagement/customer"
	for _, c := range []struct {
		name, target string
		clients      int
		status       int
	}{
		{"read/one", customers + "/@", 1, http.StatusOK}, {"page/one", customers + "?limit=20", 1, http.StatusPartialContent}, {"long/one", customers, 1, http.StatusOK},
		{"read/sixteen", customers + "/@", 16, http.StatusOK}, {"page/sixteen", customers + "?limit=20", 16, http.StatusPartialContent},
	} {
		b.Run(c.name, func(b *testing.B) {
			sides := [2]logSide{{server: newBenchServer(b)}, {server: newBenchServer(b, func(c *server.Config) {
				c.CallLog = calllog.Config{Dir: b.TempDir(), MaxBytes: 256 << 20, MaxAge: time.Hour}
			})}}
			urls := map[*benchServer]string{}
			for i := range sides {
				s := sides[i].server
				base := strings.TrimSuffix(s.endpoint, wire.Path)
				var made struct{ ID string }
				for range 300 {
					answer, err := servertest.AskTMF(http.DefaultClient, http.MethodPost, base+customers,
						`{"name":"Customer","contactMedium":[{"type":"Email","medium":{"emailAddress":"a@example.org"}}]}`, http.StatusCreated)
					if err == nil {
						err = json.Unmarshal([]byte(answer), &made)
					}
					if err != nil {
						b.Fatal(err)
					}
				}
				urls[s] = base + strings.Replace(c.target, "@", made.ID, 1)
			}
			inTurns(b, &sides, c.clients, func(s *benchServer) func() error {
				return func() error {
					_, err := servertest.AskTMF(http.DefaultClient, http.MethodGet, urls[s], "", c.status)
					return err
				}
			})
		})
	}
}

// inTurns makes calls to a server without and one with a call log, in turns, and reports.
func inTurns(b *testing.B, sides *[2]logSide, clients int, next func(*benchServer) (call func() error)) {
	b.ResetTimer()
	const turn = 100
	for done := 0; done < b.N; done += turn {
		for i := range sides {
			sides[i].run(b, min(turn, b.N-done), clients, next)
		}
	}
	b.StopTimer()
	off, on := sides[0].figures(), sides[1].figures()
	b.ReportMetric(off.p50, "p50-µs")
	b.ReportMetric(off.p99, "p99-µs")
	b.ReportMetric(100*(on.p50/off.p50-1), "p50-log-%")
	b.ReportMetric(100*(on.p99/off.p99-1), "p99-log-%")
	b.ReportMetric(off.allocs, "allocs/call")
	b.ReportMetric(on.allocs-off.allocs, "log-allocs/call")
	b.ReportMetric(off.cpu, "cpu-µs/call")
	b.ReportMetric(on.cpu-off.cpu, "log-cpu-µs/call")
	if s := sides[1].server.log.Stats(); s.Written > 0 {
		b.ReportMetric(float64(s.Bytes)/float64(s.Written), "log-B/call")
		b.ReportMetric(float64(s.Lost), "lost")
	}
}

// logSide is one of the two servers, with what was measured of it.
type logSide struct {
	server *benchServer
	mu     sync.Mutex
	all    []time.Duration
	allocs uint64
	cpu    time.Duration
}

func (s *logSide) run(b *testing.B, calls, clients int, next func(*benchServer) (call func() error)) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu := cpuTime()
	var started atomic.Int64
	var running sync.WaitGroup
	for range clients {
		running.Go(func() {
			for started.Add(1) <= int64(calls) {
				call := next(s.server)
				start := time.Now()
				if err := call(); err != nil {
					b.Error(err)
					return
				}
				took := time.Since(start)
				s.mu.Lock()
				s.all = append(s.all, took)
				s.mu.Unlock()
			}
		})
	}
	running.Wait()
	if s.server.log != nil { // its work is its own, not the other side's
		if err := s.server.log.Flush(); err != nil {
			b.Error(err)
		}
	}
	s.cpu += cpuTime() - cpu
	runtime.ReadMemStats(&after)
	s.allocs += after.Mallocs - before.Mallocs
}

// cpuTime is what the process used so far.
func cpuTime() time.Duration {
	var used syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &used) // fails for other arguments only
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

type logFigures struct{ p50, p99, allocs, cpu float64 }

func (s *logSide) figures() logFigures {
	slices.Sort(s.all)
	n := float64(len(s.all))
	micros := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }
	return logFigures{micros(s.all[len(s.all)/2]), micros(s.all[len(s.all)*99/100]), float64(s.allocs) / n, micros(s.cpu) / n}
}
