package server_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rator/calllog"
	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/store"
	"rator/unit"
	"rator/wire"
	"rator/workflow"
	"rator/workflow/value"
)

// benchServer is the real server with the real clock, over a file.
type benchServer struct {
	endpoint string
	store    store.Store
	log      *calllog.Log // nil = none
	scripts  atomic.Int64 // nanoseconds that scripts took
	calls    atomic.Int64
}

func newBenchServer(b *testing.B, change ...func(*server.Config)) *benchServer {
	b.Helper()
	st := servertest.OpenStore(b, servertest.StoreFile(b))
	b.Cleanup(func() { st.Close() })
	bench := &benchServer{store: st}
	config := server.Config{
		Store: st, Metrics: server.NewMetrics(), Log: slog.New(slog.DiscardHandler), Layers: []workflow.Layer{server.Shipped()},
		Observe: func(o *unit.Told) { bench.scripts.Add(int64(o.Script)); bench.calls.Add(1) },
	}
	for _, f := range change {
		f(&config)
	}
	s, err := server.New(config)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(s.Close)
	web := httptest.NewServer(s.Handler)
	b.Cleanup(web.Close)
	bench.endpoint, bench.log = web.URL+wire.Path, s.Calls
	return bench
}

// post posts a message and wants errorCode 0; the answer is read and thrown away.
func (s *benchServer) post(message []byte) error {
	r, err := http.NewRequest(http.MethodPost, s.endpoint, bytes.NewReader(message))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "text/xml")
	r.Header.Set("Accept-Encoding", "identity") // unsaid, Go asks for gzip
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && !bytes.Contains(answer, []byte("<errorCode>0</errorCode>")) {
		err = fmt.Errorf("%s", answer)
	}
	return err
}

// measure makes calls by clients at a time and reports calls/s, the median and
// 99th percentile of a call, and what of it the workflow's script took, also in
// percent of the mean call. A call before them has the server know the operator's
// password, which it checks once a minute.
func (s *benchServer) measure(b *testing.B, clients int, message func() []byte) {
	if err := s.post(message()); err != nil {
		b.Fatal(err)
	}
	var mu sync.Mutex
	var all []time.Duration
	s.scripts.Store(0)
	s.calls.Store(0)
	var started atomic.Int64
	b.ReportAllocs()
	b.ResetTimer()
	var running sync.WaitGroup
	for range clients {
		running.Go(func() {
			var own []time.Duration
			for started.Add(1) <= int64(b.N) {
				m := message()
				start := time.Now()
				if err := s.post(m); err != nil {
					b.Error(err)
					return
				}
				own = append(own, time.Since(start))
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, own...)
		})
	}
	running.Wait()
	b.StopTimer()
	if len(all) == 0 {
		return
	}
	slices.Sort(all)
	var total time.Duration
	for _, d := range all {
		total += d
	}
	micros := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }
	b.ReportMetric(float64(len(all))/b.Elapsed().Seconds(), "calls/s")
	b.ReportMetric(micros(all[len(all)/2]), "p50-µs")
	b.ReportMetric(micros(all[len(all)*99/100]), "p99-µs")
	script := float64(s.scripts.Load()) / float64(max(1, s.calls.Load()))
	b.ReportMetric(script/1000, "script-µs")
	b.ReportMetric(100*script*float64(len(all))/float64(total), "script-%")
}

// size is that of the store's file, as far as it was ever used.
func (s *benchServer) size(b *testing.B) int64 {
	size, err := s.store.Backup(b.Context(), io.Discard)
	if err != nil {
		b.Fatal(err)
	}
	return size
}

// signUpMessage is a sign-up of a whole customer with a login of its own.
func signUpMessage(username string, password bool) []byte {
	values := servertest.AnotherCustomer(username)
	if !password {
		for i := range values {
			if values[i].Key == "USER" {
				values[i].Items = slices.DeleteFunc(slices.Clone(values[i].Items), func(e value.Entry) bool { return e.Key == "PASSWORD" })
			}
		}
	}
	return soap.AppendRequest(nil, soap.Version11, "SOAP_SIGNUP_CUSTOMER", values)
}

// BenchmarkSignUp is a whole customer through HTTP: account, owner, billing
// group, subscription and service, durable when it is answered. With a password
// most of the time is its argon2id hash, which is meant to be slow.
func BenchmarkSignUp(b *testing.B) {
	var n atomic.Int64
	for _, c := range []struct {
		name     string
		clients  int
		password bool
	}{{"one", 1, false}, {"sixteen", 16, false}, {"password", 1, true}} {
		b.Run(c.name, func(b *testing.B) {
			s := newBenchServer(b)
			s.measure(b, c.clients, func() []byte { return signUpMessage(fmt.Sprintf("user-%d", n.Add(1)), c.password) })
		})
	}
}

// BenchmarkPlainSignUp is one without a product, so that no series of phone numbers ends,
// and what it adds to the store's file.
func BenchmarkPlainSignUp(b *testing.B) {
	var n atomic.Int64
	for _, clients := range []int{1, 16, 64} {
		b.Run(fmt.Sprint(clients), func(b *testing.B) {
			s := newBenchServer(b)
			empty := s.size(b)
			s.measure(b, clients, func() []byte {
				name := fmt.Sprintf("user-%d", n.Add(1))
				return soap.AppendRequest(nil, soap.Version11, "SOAP_SIGNUP_CUSTOMER", value.Tree{
					value.OfString("ACCOUNT_TYPE", "0"), value.OfString("PRODUCT_CODE", "POST_PAID"),
					value.Of("USER", value.OfString("FIRST_NAME", "Bo"), value.OfString("LAST_NAME", "Ek"), value.OfString("CITY", "Odense"),
						value.OfString("ZIP", "5000"), value.OfString("EMAIL", name+"@example.com"), value.OfString("USERNAME", name)),
					servertest.Context(),
				})
			})
			b.ReportMetric(float64(s.size(b)-empty)/float64(b.N+1), "file-B/customer")
		})
	}
}

// BenchmarkProfile reads a whole customer through HTTP.
func BenchmarkProfile(b *testing.B) {
	message := soap.AppendRequest(nil, soap.Version11, "SOAP_GET_WEB_USER_PROFILE_INTERNAL", value.Tree{
		value.OfString("CUSTOMER_NUMBER", "100001"),
		value.Of("CONTEXT", value.OfString("OPERATOR", server.DemoOperator), value.OfString("PASSWORD", server.DemoPassword)),
	})
	for _, c := range []struct {
		name    string
		clients int
	}{{"one", 1}, {"sixteen", 16}} {
		b.Run(c.name, func(b *testing.B) {
			s := newBenchServer(b)
			if err := s.post(signUpMessage("one", false)); err != nil {
				b.Fatal(err)
			}
			s.measure(b, c.clients, func() []byte { return message })
		})
	}
}
