package tmf_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// BenchmarkList is a list of 20 out of 100,000: a page of all, a page of what a
// filter finds without an index, and a sorted page.
func BenchmarkList(b *testing.B) {
	s := many(b, 100_000, 100)
	for name, query := range map[string]string{
		"page":     "limit=20&offset=100",
		"filtered": "customerRank=7&limit=20",
		"sorted":   "sort=-name&limit=20",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w := &counter{header: http.Header{}}
				s.handler.ServeHTTP(w, httptest.NewRequest("GET", v2014+"/customer?"+query, nil))
				if w.header.Get("X-Result-Count") != "20" {
					b.Fatal(w.header)
				}
			}
		})
	}
}
