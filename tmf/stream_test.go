package tmf_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"rator/suite"
	"rator/tmf"
)

// many are n customers in the 2014 dialect, each of about 300 bytes and the
// description.
func many(t testing.TB, n, description int) *server {
	t.Helper()
	s := newServer(t)
	m := s.memories["2014 customer"]
	for i := range n {
		doc, err := read(fmt.Sprintf(`{"name":"Customer %d","status":"%s","customerRank":"%d","contactMedium":[{"type":"Email","medium":{"emailAddress":"c%d@example.org"}}],"description":"%s"}`,
			i, []string{"Active", "New"}[i%2], i%10, i, strings.Repeat("x", description)))
		if err != nil {
			t.Fatal(err)
		}
		m.last++
		id := fmt.Sprintf("c%d", m.last)
		m.ids = append(m.ids, id)
		m.put(id, 1, doc)
	}
	return s
}

// TestLongLists: what does not fit into memory is streamed, and its header says
// how long it is, whether that is known from the start or not.
func TestLongLists(t *testing.T) {
	s := many(t, 3000, 700)
	m := s.memories["2014 customer"]
	for _, blind := range []bool{false, true} {
		for query, want := range map[string]struct{ total, length, first, last string }{
			"":                               {"3000", "3000", "c1", "c3000"},
			"status=New":                     {"1500", "1500", "c2", "c3000"},
			"offset=1000":                    {"3000", "2000", "c1001", "c3000"},
			"offset=10&limit=2500":           {"3000", "2500", "c11", "c2510"},
			"status=New&offset=1&limit=1400": {"1500", "1400", "c4", "c2802"},
			"sort=-customerRank&offset=1":    {"3000", "2999", "c20", "c2991"},
		} {
			m.blind = blind
			a := s.do(t, "GET", v2014+"/customer?"+query, "")
			got := strings.Fields(ids(t, a))
			if fmt.Sprint(len(got)) != want.length || a.header.Get("X-Result-Count") != want.length || a.header.Get("X-Total-Count") != want.total ||
				got[0] != want.first || got[len(got)-1] != want.last {
				t.Errorf("blind %t ?%s: %d from %s to %s, %v", blind, query, len(got), got[0], got[len(got)-1], a.header)
			}
		}
	}
}

// TestListsDoNotHoldAll: an unpaged list of 45 MB is answered without room for
// it.
func TestListsDoNotHoldAll(t *testing.T) {
	if suite.Apart(t) {
		return
	}
	s := many(t, 20_000, 2000)
	m := s.memories["2014 customer"]
	for _, blind := range []bool{false, true} {
		m.blind = blind
		var before runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		most := uint64(0)
		m.after = func(n int, _ string) {
			if n%5000 == 4999 {
				var now runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&now)
				most = max(most, now.HeapAlloc)
			}
		}
		w := &counter{header: http.Header{}}
		s.handler.ServeHTTP(w, httptest.NewRequest("GET", v2014+"/customer", nil))
		if w.bytes < 40<<20 || w.header.Get("X-Total-Count") != "20000" {
			t.Errorf("blind %t: %d bytes, %v", blind, w.bytes, w.header)
		}
		if held := int64(most) - int64(before.HeapAlloc); held > 16<<20 {
			t.Errorf("blind %t: %d bytes are held", blind, held)
		}
	}
}

// counter is a client that keeps nothing.
type counter struct {
	header http.Header
	bytes  int
}

func (c *counter) Header() http.Header         { return c.header }
func (c *counter) WriteHeader(int)             {}
func (c *counter) Write(b []byte) (int, error) { c.bytes += len(b); return len(b), nil }

// TestListsBreakOff: a list that fails after its header is no whole answer; one
// that fails before is an error.
func TestListsBreakOff(t *testing.T) {
	s := many(t, 3000, 700)
	m := s.memories["2014 customer"]
	h := httptest.NewServer(s.handler)
	defer h.Close()
	for at, whole := range map[int]bool{10: true, 2500: false} {
		m.mu.Lock()
		m.broken = nil
		m.mu.Unlock()
		m.after = func(n int, _ string) {
			if n == at {
				m.mu.Lock()
				m.broken = errors.New("disk")
				m.mu.Unlock()
			}
		}
		r, err := http.Get(h.URL + v2014 + "/customer")
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r.Body)
		r.Body.Close()
		if whole && (err != nil || r.StatusCode != 500 || !bytes.Contains(b, []byte("4711"))) {
			t.Errorf("at %d: %d %v %.100s", at, r.StatusCode, err, b)
		}
		if !whole && (err == nil || r.StatusCode != 200) {
			t.Errorf("at %d: %d, %d bytes came as if they were all", at, r.StatusCode, len(b))
		}
	}
}

// TestSortedListsLoseWhatIsGone: an item that is deleted between the sorting and
// the answer is left out.
func TestSortedListsLoseWhatIsGone(t *testing.T) {
	s := newServer(t)
	sevenOf(t, s)
	m := s.memories["2014 customer"]
	m.after = func(n int, _ string) {
		if n == 5 {
			m.mu.Lock()
			delete(m.items, "c2")
			m.mu.Unlock()
		}
	}
	if a := s.do(t, "GET", v2014+"/customer?sort=name", ""); a.status != 200 || ids(t, a) != "c1 c3 c4 c5 c6 c7" || a.header.Get("X-Result-Count") != "6" {
		t.Errorf("%v", a)
	}
}

// TestSlowAndBrokenBodies: over a socket.
func TestSlowAndBrokenBodies(t *testing.T) {
	for name, c := range map[string]struct {
		head, body string
		bodyTime   time.Duration
		status     int
		want       string
	}{
		"slow":                {"Content-Length: 100", `{"name"`, 200 * time.Millisecond, 408, `"4080"`},
		"promises too much":   {"Content-Length: 99999999999", `{`, time.Minute, 413, `"4130"`},
		"endless":             {"Transfer-Encoding: chunked", strings.Repeat("10000\r\n"+strings.Repeat(" ", 1<<16)+"\r\n", 17), time.Minute, 413, `"4130"`},
		"waits to be allowed": {"Expect: 100-continue\r\nContent-Type: text/plain\r\nContent-Length: 100", "", time.Minute, 415, `"4150"`},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, func(to *tmf.Config) { to.BodyTime = c.bodyTime })
			h := httptest.NewServer(s.handler)
			defer h.Close()
			conn, err := net.Dial("tcp", h.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_ = conn.SetDeadline(time.Now().Add(time.Minute))
			fmt.Fprintf(conn, "POST %s/customer HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n%s", v2014, c.head, c.body)
			r, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(r.Body)
			if err != nil || r.StatusCode != c.status || !bytes.Contains(b, []byte(c.want)) || !r.Close {
				t.Errorf("%d %s %v close %t", r.StatusCode, b, err, r.Close)
			}
		})
	}
}

// TestBodiesNobodyReads: what is sent with a read is not waited for.
func TestBodiesNobodyReads(t *testing.T) {
	s := newServer(t, func(c *tmf.Config) { c.BodyTime = 200 * time.Millisecond })
	h := httptest.NewServer(s.handler)
	defer h.Close()
	for method, status := range map[string]int{"GET": 200, "BREW": 405} {
		conn, err := net.Dial("tcp", h.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(time.Minute))
		fmt.Fprintf(conn, "%s %s/customer HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{", method, v2014)
		all, err := io.ReadAll(conn)
		if err != nil || !bytes.HasPrefix(all, fmt.Appendf(nil, "HTTP/1.1 %d ", status)) {
			t.Errorf("%s: %q %v", method, all, err)
		}
		conn.Close()
	}
}

// TestRealServer: HEAD, empty answers and the Content-Type of v3's DELETE over a
// socket.
func TestRealServer(t *testing.T) {
	s := newServer(t)
	mux := http.NewServeMux()
	s.handler.Mount(mux)
	h := httptest.NewServer(asDemo(mux))
	defer h.Close()
	do := func(method, target, body string) *http.Response {
		r, err := http.NewRequest(method, h.URL+target, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		return a
	}
	made := do("POST", v3+"/customer/", `{"name":"A"}`)
	if got := made.Header.Get("Location"); got != h.URL+v3+"/customer/c1" {
		t.Errorf("Location %s", got)
	}
	if a := do("HEAD", v3+"/customer/c1/", ""); a.StatusCode != 200 || a.ContentLength < 50 {
		t.Errorf("HEAD %v", a)
	}
	if a := do("DELETE", v3+"/customer/c1", ""); a.StatusCode != 204 || a.Header.Get("Content-Type") != "application/json" || a.ContentLength != 0 {
		t.Errorf("DELETE %v", a)
	}
	if a := do("GET", v2014+"/customer?name=a;b", ""); a.StatusCode != 200 {
		t.Errorf("semicolon: %v", a)
	}
}
