package tmf_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// BenchmarkHTTP is the face through HTTP, over a collection in memory: a read by
// id, a filtered list of 20 out of 100,000 and a create.
func BenchmarkHTTP(b *testing.B) {
	benchHTTP(b, many(b, 100_000, 100).handler, v2014+"/customer/c50000")
}

// benchHTTP measures a handler that has 100,000 customers, of which those with
// the rank 7 are 20 at least, and one at the path item. It reports p99 and
// requests a second.
func benchHTTP(b *testing.B, h http.Handler, item string) {
	server := httptest.NewServer(h)
	defer server.Close()
	for _, c := range []struct {
		name, method, target, body string
		status                     int
	}{
		{"read", http.MethodGet, item, "", http.StatusOK},
		{"filtered", http.MethodGet, v2014 + "/customer?customerRank=7&limit=20", "", http.StatusPartialContent},
		{"create", http.MethodPost, v2014 + "/customer", `{"name":"Customer","contactMedium":[{"type":"Email","medium":{"emailAddress":"a@example.org"}}]}`, http.StatusCreated},
	} {
		b.Run(c.name, func(b *testing.B) {
			var took []time.Duration
			b.ReportAllocs()
			for b.Loop() {
				start := time.Now()
				if err := askOnce(server.Client(), c.method, server.URL+c.target, c.body, c.status); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
		})
	}
}

func askOnce(client *http.Client, method, url, body string, status int) error {
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	r.SetBasicAuth("demo", "demo")
	r.Header.Set("Content-Type", "application/json")
	w, err := client.Do(r)
	if err != nil {
		return err
	}
	defer w.Body.Close()
	text, err := io.ReadAll(w.Body)
	if err == nil && w.StatusCode != status {
		err = fmt.Errorf("%d %s", w.StatusCode, text)
	}
	return err
}
