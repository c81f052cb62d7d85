package transport_test

import (
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rator/transport"
)

// TestSettle: however many are just being let in when a listener settles and is closed, each
// whose connection was made has its answer, and the others are refused.
func TestSettle(t *testing.T) {
	for range 3 {
		var lc net.ListenConfig
		lc.SetMultipathTCP(false)
		l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Connection", "close") })}
		ended := make(chan error, 1)
		go func() { ended <- transport.Serve(srv, l, nil) }()
		var answered, cutOff atomic.Int64
		var callers sync.WaitGroup
		for range 8 {
			callers.Go(func() {
				for {
					c, err := net.DialTimeout("tcp", l.Addr().String(), time.Minute)
					if err != nil {
						if !strings.Contains(err.Error(), "refused") {
							t.Error(err)
						}
						return
					}
					_, err = io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
					answer, broken := io.ReadAll(c)
					if c.Close(); err != nil || broken != nil || len(answer) == 0 {
						cutOff.Add(1)
					}
					answered.Add(1)
				}
			})
		}
		for answered.Load() < 1000 {
			time.Sleep(time.Millisecond)
		}
		transport.Settle(l)
		if err := srv.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		callers.Wait()
		if err := <-ended; err != http.ErrServerClosed {
			t.Error(err)
		}
		if n := cutOff.Load(); n > 0 {
			t.Errorf("%d of %d were cut off", n, answered.Load())
		}
	}
}
