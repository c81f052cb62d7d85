package tmf_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"rator/customer"
)

// TestLostRaces: of many writers that have seen the same state of a resource, one
// writes; every other is told that it has lost, in each dialect and by each method.
func TestLostRaces(t *testing.T) {
	s := newBranch(t)
	g := s.signUp(t, customer.Private, "POST_PAID")
	web := httptest.NewServer(s.handler)
	defer web.Close()
	mean := s.create(t, meanPath, plainMean)
	account := func(n int) string { return fmt.Sprintf(`{"name":"writer %d","accountType":"t"}`, n) }
	named := func(n int) string { return fmt.Sprintf(`{"name":"writer %d"}`, n) }
	patched := func(n int) string { return fmt.Sprintf(`[{"op":"replace","path":"/name","value":"writer %d"}]`, n) }
	id := "c" + g.account.String()
	for _, c := range []struct {
		name, method, path, media string
		body                      func(int) string
		won                       int
	}{
		{"2014 merge", "PATCH", v2014 + "/customer/" + id, "application/json", named, 200},
		{"2014 replace", "PUT", v2014 + "/customer/" + id, "application/json", named, 200},
		{"v3 merge", "PATCH", v3 + "/customer/" + id, "application/json", named, 201},
		{"v4 JSON Patch", "PATCH", v4 + "/customer/" + id, "application/json-patch+json", patched, 200},
		{"account merge", "PATCH", g.path(), "application/merge-patch+json", named, 200},
		{"account replace", "PUT", g.path(), "application/json", account, 200},
		{"payment mean", "PATCH", meanPath + "/" + mean, "application/json-patch+json", patched, 200},
		{"payment mean deleted", "DELETE", meanPath + "/" + mean, "application/json", func(int) string { return "" }, 204},
	} {
		t.Run(c.name, func(t *testing.T) {
			tag := s.get(t, c.path).header.Get("ETag")
			const writers = 16
			var (
				all      sync.WaitGroup
				start    = make(chan struct{})
				statuses [writers]int
				bodies   [writers]string
			)
			for n := range writers {
				all.Go(func() {
					r, err := http.NewRequestWithContext(t.Context(), c.method, web.URL+c.path, strings.NewReader(c.body(n)))
					if err != nil {
						t.Error(err)
						return
					}
					r.Header.Set("Content-Type", c.media)
					r.Header.Set("If-Match", tag)
					<-start
					a, err := http.DefaultClient.Do(r)
					if err != nil {
						t.Error(err)
						return
					}
					defer a.Body.Close()
					b, err := io.ReadAll(a.Body)
					if err != nil {
						t.Error(err)
					}
					statuses[n], bodies[n] = a.StatusCode, string(b)
				})
			}
			close(start)
			all.Wait()
			winner := -1
			for n, status := range statuses {
				switch {
				case status == c.won && winner < 0:
					winner = n
				case status == http.StatusNotFound && c.method == "DELETE": // who comes later finds nothing
				case status != http.StatusPreconditionFailed || !strings.Contains(bodies[n], `"code":"4120"`):
					t.Errorf("writer %d: %d %s", n, status, bodies[n])
				}
			}
			if winner < 0 {
				t.Fatal("nobody won")
			}
			if c.method == "DELETE" {
				s.do(t, "GET", c.path, "").refused(t, 404, "4041")
				return
			}
			if a := s.get(t, c.path); a.member(t, "name") != fmt.Sprint("writer ", winner) || a.header.Get("ETag") == tag {
				t.Errorf("writer %d won: %s", winner, a.body)
			}
		})
	}
}
