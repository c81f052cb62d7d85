package balancer_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rator/dist/balancer"
	"rator/dist/balancer/balancertest"
)

// behind is a server that counts what it is asked.
type behind struct {
	address      string
	asked, ready atomic.Int64
	dies         atomic.Bool // it reads what it is asked, and ends the connection
	red          atomic.Bool // it is not ready
}

func newBehind(t *testing.T) *behind {
	b := &behind{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/readyz" {
			if b.ready.Add(1); b.red.Load() {
				w.WriteHeader(http.StatusServiceUnavailable)
			}
			return
		}
		b.asked.Add(1)
		_, _ = io.Copy(io.Discard, r.Body)
		if b.dies.Load() {
			panic(http.ErrAbortHandler)
		}
		fmt.Fprintf(w, "%s %s://%s", r.URL.Path, r.Header.Get("X-Forwarded-Proto"), r.Header.Get("X-Forwarded-Host"))
	}))
	t.Cleanup(s.Close)
	b.address = s.Listener.Addr().String()
	return b
}

// TestSamples: balancers hand calls on, ask the other server where nobody can have begun, never
// send a POST twice, and show nobody what is the operator's; haproxy asks none that is not
// ready.
func TestSamples(t *testing.T) {
	for _, program := range balancer.Programs {
		t.Run(program, func(t *testing.T) {
			balancertest.Need(t, program)
			one, two := newBehind(t), newBehind(t)
			url := balancertest.Start(t, program, [2]string{one.address, two.address})
			// post gives no status where the connection ended, which is no answer either.
			post := func(path string) (status int, said string) {
				t.Helper()
				r, err := http.Post(url+path, "text/xml", strings.NewReader("a call"))
				if err != nil {
					return 0, err.Error()
				}
				defer r.Body.Close()
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Fatal(err)
				}
				return r.StatusCode, string(body)
			}
			if status, said := post("/call"); status != http.StatusOK || said != "/call "+url {
				t.Errorf("%d %s", status, said)
			}
			for _, hidden := range []string{"/metrics", "/livez", "/healthz", "/readyz"} {
				if status, _ := post(hidden); status != http.StatusNotFound {
					t.Errorf("%s: %d", hidden, status)
				}
			}
			for range 10 {
				post("/call")
			}
			if one.asked.Load() == 0 || two.asked.Load() == 0 {
				t.Errorf("one server was asked %d times, the other %d", one.asked.Load(), two.asked.Load())
			}

			one.dies.Store(true)
			two.dies.Store(true)
			for range 10 {
				before := one.asked.Load() + two.asked.Load()
				if status, _ := post("/call"); status != 0 && status < 500 {
					t.Errorf("no server answers, and a caller hears %d", status)
				}
				if n := one.asked.Load() + two.asked.Load() - before; n > 1 {
					t.Errorf("a call was sent to %d servers", n)
				}
			}
			one.dies.Store(false)
			two.dies.Store(false)

			if program == "haproxy" {
				one.red.Store(true)
				sees := one.ready.Load() + 4 // one may be on its way, two make it go by
				for end := time.Now().Add(time.Minute); one.ready.Load() < sees; time.Sleep(10 * time.Millisecond) {
					if time.Now().After(end) {
						t.Fatal("nobody asks whether a server is ready")
					}
				}
				before := one.asked.Load()
				for range 10 {
					if status, _ := post("/call"); status != http.StatusOK {
						t.Errorf("%d", status)
					}
				}
				if n := one.asked.Load() - before; n > 0 {
					t.Errorf("a server that is not ready was asked %d times", n)
				}
			}
		})
	}
}

// TestServerThatIsGone: where one server takes no connections, the other has every call.
func TestServerThatIsGone(t *testing.T) {
	for _, program := range balancer.Programs {
		t.Run(program, func(t *testing.T) {
			balancertest.Need(t, program)
			there := newBehind(t)
			gone, err := net.Listen("tcp", "127.83.0.1:0") // an address that nobody else is given
			if err != nil {
				t.Fatal(err)
			}
			gone.Close()
			url := balancertest.Start(t, program, [2]string{gone.Addr().String(), there.address})
			for n := range int64(20) {
				r, err := http.Post(url+"/call", "text/xml", strings.NewReader("a call"))
				if err != nil {
					t.Fatal(err)
				}
				r.Body.Close()
				if r.StatusCode != http.StatusOK || there.asked.Load() != n+1 {
					t.Errorf("%s, %d asked", r.Status, there.asked.Load())
				}
			}
		})
	}
}

// TestNoSample: what has no sample is not run.
func TestNoSample(t *testing.T) {
	if _, err := balancer.Command("cat", t.TempDir(), "127.0.0.1:0", [2]string{}); err == nil || !strings.Contains(err.Error(), `no sample of "cat"`) {
		t.Error(err)
	}
}
