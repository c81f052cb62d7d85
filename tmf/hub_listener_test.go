package tmf_test

import (
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"rator/event/delivery"
)

// TestVanishingListener: one whose port goes away in the middle, connections and
// all, is told the rest when it is back.
func TestVanishingListener(t *testing.T) {
	l := listen(t, nil)
	address := l.Listener.Addr().String()
	var back sync.Once
	again := &http.Server{Handler: l.Config.Handler, ReadHeaderTimeout: time.Minute}
	defer again.Close()
	s := newHubServer(t, nil, func(c *hubConfig) {
		c.Backoff = func(failed int) time.Duration {
			if failed == 3 {
				back.Do(func() {
					port, err := net.Listen("tcp", address)
					if err != nil {
						t.Error(err)
						return
					}
					go func() { _ = again.Serve(port) }()
				})
			}
			return time.Millisecond
		}
	})
	s.register(t, v2014+"/hub", l.URL, "")
	s.run(t)
	s.make(t, 3)
	l.wait(t, 3)
	l.CloseClientConnections()
	l.Close()
	s.make(t, 3)
	l.until(t, "c6")
	inOrder(t, l.heard(), 6)
	until(t, "the note that it is well", func() bool {
		h := s.state(t)[0]
		return h.State == delivery.Active && h.Attempts == 0 && h.Reason == ""
	})
}

// until waits until a listener was told of a customer.
func (l *listener) until(t *testing.T, id string) {
	t.Helper()
	until(t, id, func() bool {
		got := l.heard()
		return len(got) > 0 && got[len(got)-1].member(t, "event.customer.id") == id
	})
}

// TestNeverAnsweringListener: one that takes requests and says nothing is given up
// in time, again and again, and suspended for it; the others are told.
func TestNeverAnsweringListener(t *testing.T) {
	s := newHubServer(t, nil, func(c *hubConfig) { c.Answer = 200 * time.Millisecond })
	hang := make(chan struct{})
	never, good := listen(t, func(int, http.ResponseWriter) { <-hang }), listen(t, nil)
	var once sync.Once
	answer := func() { once.Do(func() { close(hang) }) }
	t.Cleanup(answer) // before the listener waits for it
	s.register(t, v2014+"/hub", never.URL, "")
	s.register(t, v2014+"/hub", good.URL, "")
	s.run(t)
	s.make(t, 2)
	good.until(t, "c2")
	until(t, "the suspension", func() bool { return s.state(t)[0].State == delivery.Suspended })
	if h := s.state(t)[0]; !strings.Contains(h.Reason, "Client.Timeout exceeded") || h.Attempts != 10 {
		t.Errorf("%+v", h)
	}
	answer()
	s.register(t, v2014+"/hub", never.URL, "")
	never.until(t, "c2")
	inOrder(t, never.heard(), 2)
}

// TestSlowListener: one that takes its time, and one whose answer never ends, are
// told all the same.
func TestSlowListener(t *testing.T) {
	for name, deal := range map[string]func(end chan struct{}) func(int, http.ResponseWriter){
		"slow": func(chan struct{}) func(int, http.ResponseWriter) {
			return func(_ int, w http.ResponseWriter) {
				time.Sleep(20 * time.Millisecond) // what it is that is tested
				w.WriteHeader(http.StatusCreated)
			}
		},
		"endless answer": func(end chan struct{}) func(int, http.ResponseWriter) {
			return func(_ int, w http.ResponseWriter) {
				w.WriteHeader(http.StatusOK)
				w.(http.Flusher).Flush()
				<-end
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			end := make(chan struct{})
			l := listen(t, deal(end))
			t.Cleanup(func() { close(end) })
			s := newHubServer(t, nil, func(c *hubConfig) { c.Answer = 500 * time.Millisecond })
			s.register(t, v2014+"/hub", l.URL, "")
			s.run(t)
			s.make(t, 4)
			l.until(t, "c4")
			inOrder(t, l.heard(), 4)
		})
	}
}
