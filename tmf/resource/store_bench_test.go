package resource_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rator/server"
	"rator/server/servertest"
	"rator/tmf/jsondoc"
	"rator/workflow"
)

// BenchmarkTMF is the TM Forum face through HTTP over the store: a read by id,
// lists of 20 out of 100,000 customers that a filter finds by an index and without
// one, a create, and lists of all.
func BenchmarkTMF(b *testing.B) {
	const customers = 100_000
	st := servertest.OpenStore(b, servertest.GroupsFile(b, customers))
	b.Cleanup(func() { st.Close() })
	s, err := server.New(server.Config{
		Store: st, Metrics: server.NewMetrics(), Log: slog.New(slog.DiscardHandler), Layers: []workflow.Layer{server.Shipped()},
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(s.Close)
	web := httptest.NewServer(s.Handler)
	b.Cleanup(web.Close)
	list := web.URL + "/customerManagement/customer"

	page, err := servertest.AskTMF(web.Client(), http.MethodGet, list+"?fields=id,name&limit=21", "", http.StatusPartialContent)
	if err != nil {
		b.Fatal(err)
	}
	limits := jsondoc.DefaultLimits()
	read, err := jsondoc.Read(page, &limits)
	if err != nil {
		b.Fatal(err)
	}
	var ids []string
	for _, item := range read.Items() {
		id, _ := item.Get("id")
		ids = append(ids, id.Text())
	}
	for _, c := range []struct {
		name, method, target, body string
		status                     int
	}{
		{"read", http.MethodGet, list + "/" + ids[0], "", http.StatusOK},
		{"filtered by id", http.MethodGet, list + "?id=" + strings.Join(ids[:20], ","), "", http.StatusOK},
		{"filtered by e-mail", http.MethodGet, list + "?contactMedium.medium.emailAddress=a@example.org", "", http.StatusOK},
		{"filtered", http.MethodGet, list + "?contactMedium.medium.city=Odense&limit=20", "", http.StatusPartialContent},
		{"filtered by status", http.MethodGet, list + "?status=Active&limit=20", "", http.StatusPartialContent},
		{"sorted", http.MethodGet, list + "?sort=-name&limit=20", "", http.StatusPartialContent},
		{"accounts filtered", http.MethodGet, list + "Account?accountType=Residential&limit=20", "", http.StatusPartialContent},
		{"create", http.MethodPost, list, `{"name":"Customer","contactMedium":[{"type":"Email","medium":{"emailAddress":"a@example.org"}}]}`, http.StatusCreated},
	} {
		b.Run(c.name, func(b *testing.B) {
			var took []time.Duration
			b.ReportAllocs()
			for b.Loop() {
				start := time.Now()
				if _, err := servertest.AskTMF(web.Client(), c.method, c.target, c.body, c.status); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
		})
	}
	for _, c := range []struct{ name, target string }{
		{"all", list}, {"all filtered", list + "?status=Active"}, {"all accounts", list + "Account"},
	} {
		b.Run(c.name, func(b *testing.B) { measureAll(b, web.Client(), c.target, customers) })
	}
}

// measureAll reads an unpaged list of at least n items as it comes, and reports its
// length and how far the heap grew meanwhile, what was not yet collected included.
func measureAll(b *testing.B, client *http.Client, url string, n int) {
	b.ReportAllocs()
	var most, length int64
	for b.Loop() {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		before := int64(m.HeapAlloc)
		r, err := http.NewRequest(http.MethodGet, url, nil)
		if err != nil {
			b.Fatal(err)
		}
		r.SetBasicAuth(server.DemoOperator, server.DemoPassword)
		w, err := client.Do(r)
		if err != nil {
			b.Fatal(err)
		}
		if total, err := strconv.Atoi(w.Header.Get("X-Total-Count")); err != nil || total < n*8/10 {
			b.Fatalf("%d: %v of %d", w.StatusCode, w.Header, n)
		}
		for length = 0; ; {
			part, err := io.CopyN(io.Discard, w.Body, 1<<20)
			length += part
			runtime.ReadMemStats(&m)
			most = max(most, int64(m.HeapAlloc)-before)
			if err == io.EOF {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
		}
		w.Body.Close()
	}
	b.ReportMetric(float64(length)/(1<<20), "MB-long")
	b.ReportMetric(float64(most)/(1<<20), "MB-peak-heap")
}
