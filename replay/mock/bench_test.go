package mock_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"rator/replay/fixture"
	"rator/replay/mock"
)

// BenchmarkHundredThousand serves one of 100,000 recorded exchanges: one that is
// there, one with another id, and one that is not, which is explained. It says how
// long reading them took and what memory they keep.
func BenchmarkHundredThousand(b *testing.B) {
	const folders, each = 100, 1000
	dir := b.TempDir()
	request := func(i int, id string) string {
		return ask("GET", text("ID", id)+text("NAME", fmt.Sprint("name ", i%7))+text("NOTE", fmt.Sprint(i))+contextOf("OPERATOR", "me", "PASSWORD", "***", "LANGUAGE", "EN"))
	}
	for f := range folders {
		at := filepath.Join(dir, fmt.Sprint(f))
		if err := os.Mkdir(at, 0o755); err != nil {
			b.Fatal(err)
		}
		for i := range each {
			n := f*each + i
			for part, content := range map[string]string{"request": request(n, fmt.Sprintf("2015121110%08d", n)), "response": answer(text("N", fmt.Sprint(n)))} {
				if err := os.WriteFile(filepath.Join(at, fmt.Sprintf("%04d-get.%s.xml", i, part)), []byte(content), 0o644); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	started := time.Now()
	scenarios, err := fixture.Find(fixture.Options{}, dir)
	if err != nil {
		b.Fatal(err)
	}
	s, err := mock.New(b.Context(), scenarios, mock.Options{})
	if err != nil {
		b.Fatal(err)
	}
	took := time.Since(started)
	runtime.GC()
	runtime.ReadMemStats(&after)
	for _, c := range []struct {
		name   string
		body   string
		status int
	}{
		{"recorded", request(70_000, "201512111000070000"), http.StatusOK},
		{"another id", request(70_000, "201601010000000000"), http.StatusOK},
		{"unknown", request(100_001, "201601010000000000"), http.StatusInternalServerError},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				w := httptest.NewRecorder()
				s.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(c.body)))
				if w.Code != c.status {
					b.Fatalf("%d %s", w.Code, w.Body)
				}
			}
			b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/folders/each, "kept-B/exchange")
			b.ReportMetric(took.Seconds(), "read-s")
		})
	}
}
