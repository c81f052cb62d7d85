package tmf_test

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"rator/access"
	"rator/event/delivery"
	"rator/password"
	"rator/store"
	"rator/tmf/hub"
)

// told makes customers c1 to cN, each of which is one event.
func (s *hubServer) make(t *testing.T, n int) {
	t.Helper()
	for range n {
		id := s.create(t, v2014+"/customer", `{"name":"A"}`)
		s.emit(t, "customer", id, "created")
	}
}

// inOrder checks that the customers came in the order of their making; what is
// sent again does not count.
func inOrder(t *testing.T, got []answer, n int) {
	t.Helper()
	seen, last := map[string]bool{}, 0
	for _, a := range got {
		id := a.member(t, "eventId")
		if seen[id] {
			continue
		}
		seen[id] = true
		if last++; a.member(t, "event.customer.id") != fmt.Sprintf("c%d", last) {
			t.Fatalf("notification %d is of %s", last, a.member(t, "event.customer.id"))
		}
	}
	if last != n {
		t.Errorf("%d events came, want %d", last, n)
	}
}

// TestFailingListeners: whatever a listener does, it is told in order, again and
// again, and no other waits for it.
func TestFailingListeners(t *testing.T) {
	elsewhere := listen(t, nil)
	for name, deal := range map[string]func(n int, w http.ResponseWriter){
		"wrong status": func(n int, w http.ResponseWriter) {
			if n%3 != 2 {
				w.WriteHeader(500)
			}
		},
		"redirecting": func(n int, w http.ResponseWriter) {
			if n < 4 {
				w.Header().Set("Location", elsewhere.URL)
				w.WriteHeader(307)
			}
		},
		"huge body": func(n int, w http.ResponseWriter) {
			w.WriteHeader(204 - n%2*4)
			for range 1000 {
				_, _ = w.Write(make([]byte, 4096))
			}
		},
		"breaking off": func(n int, _ http.ResponseWriter) {
			if n%2 == 0 {
				panic(http.ErrAbortHandler)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newHubServer(t, nil)
			hang := make(chan struct{})
			bad, good, never := listen(t, deal), listen(t, nil), listen(t, func(int, http.ResponseWriter) { <-hang })
			s.register(t, v2014+"/hub", never.URL, "")
			s.register(t, v2014+"/hub", bad.URL, "")
			s.register(t, v2014+"/hub", good.URL, "")
			t.Cleanup(func() { close(hang) }) // before the listeners wait for it
			s.run(t)
			s.make(t, 5)
			inOrder(t, good.wait(t, 5), 5)
			until(t, "the last one", func() bool {
				got := bad.heard()
				return len(got) > 0 && got[len(got)-1].member(t, "event.customer.id") == "c5"
			})
			inOrder(t, bad.heard(), 5)
		})
	}
	if n := len(elsewhere.heard()); n != 0 {
		t.Errorf("%d redirects were followed", n)
	}
}

// TestSuspension: after ten failures; resumed by the command and by registering
// again, with nothing lost.
func TestSuspension(t *testing.T) {
	s := newHubServer(t, nil)
	var down atomic.Bool
	down.Store(true)
	l := listen(t, func(_ int, w http.ResponseWriter) {
		if down.Load() {
			w.WriteHeader(503)
		}
	})
	s.register(t, v2014+"/hub", l.URL, "")
	s.run(t)
	suspended := func() bool { return s.state(t)[0].State == delivery.Suspended }
	for round := range 2 {
		down.Store(true)
		before := len(l.heard())
		s.make(t, 2)
		until(t, "the suspension", suspended)
		if n := len(l.heard()) - before; n != 10 {
			t.Errorf("%d attempts", n)
		}
		if h := s.state(t)[0]; !strings.Contains(h.Reason, "503") || h.Attempts != 10 {
			t.Errorf("%+v", h)
		}
		s.make(t, 1)
		down.Store(false)
		if round == 0 {
			if err := s.store.Update(t.Context(), func(tx store.Tx) error {
				_, err := hub.Resume(tx, s.state(t)[0].ID)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		} else {
			s.register(t, v2014+"/hub", l.URL, "")
		}
		until(t, "the rest", func() bool {
			got := l.heard()
			return got[len(got)-1].member(t, "event.customer.id") == fmt.Sprintf("c%d", 3*(round+1))
		})
		if suspended() || len(s.state(t)) != 1 {
			t.Errorf("%+v", s.state(t)[0])
		}
	}
	inOrder(t, l.heard(), 6)
}

// TestOrderAndRestart: changes of a customer come in the order of their events, also
// when the telling is stopped and begun again by another process.
func TestOrderAndRestart(t *testing.T) {
	s := newHubServer(t, nil)
	l := listen(t, nil)
	s.register(t, v4+"/customer/hub", l.URL, "")
	for range 8 {
		s.create(t, v4+"/customer", `{"name":"A","engagedParty":{"id":"1","@referredType":"Individual"}}`)
	}
	stop := s.run(t)
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			for range 20 {
				s.emit(t, "customer", fmt.Sprintf("c%d", n+1), "created")
			}
		})
	}
	l.wait(t, 5)
	stop()
	wg.Wait()
	s.run(t)
	// What was under way at the stop may come twice: wait for the events, not for
	// as many requests.
	until(t, "160 events", func() bool {
		last := map[string]string{} // of each customer; those of several are in no order
		seen := map[string]bool{}
		for _, a := range l.heard() {
			id, of := a.member(t, "eventId"), a.member(t, "event.customer.id")
			if id < last[of] && !seen[id] {
				t.Fatalf("%s comes after %s, both of %s", id, last[of], of)
			}
			seen[id] = true
			last[of] = max(last[of], id)
		}
		return len(seen) == 160
	})
}

// TestRebinding: a name that leads elsewhere once it is registered.
func TestRebinding(t *testing.T) {
	var inside atomic.Bool
	l := listen(t, nil)
	s := newHubServer(t, []string{"public"}, func(c *hubConfig) {
		c.Lookup = func(context.Context, string) ([]netip.Addr, error) {
			if inside.Load() {
				return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
			}
			return []netip.Addr{netip.MustParseAddr("93.184.216.34")}, nil
		}
	})
	_, port, _ := strings.Cut(strings.TrimPrefix(l.URL, "http://"), ":")
	s.register(t, v2014+"/hub", "http://rebound.example:"+port+"/", "")
	inside.Store(true)
	s.make(t, 1)
	s.run(t)
	until(t, "the suspension", func() bool { return s.state(t)[0].State == delivery.Suspended })
	if h := s.state(t)[0]; len(l.heard()) != 0 || !strings.Contains(h.Reason, "127.0.0.1") {
		t.Errorf("%+v, %v", h, l.heard())
	}
}

func TestAllowList(t *testing.T) {
	for allow, want := range map[string]string{
		"10.0.0.0/8": "10.1.1.1", "192.168.1.7": "192.168.1.7", "hooks.example": "named", "public": "8.8.8.8", "": "8.8.8.8 127.0.0.1",
	} {
		var list []string
		if allow != "" {
			list = []string{allow}
		}
		s := newHubServer(t, list, func(c *hubConfig) {
			c.Lookup = func(context.Context, string) ([]netip.Addr, error) {
				return []netip.Addr{netip.MustParseAddr("10.9.9.9")}, nil
			}
		})
		for _, host := range []string{"10.1.1.1", "192.168.1.7", "8.8.8.8", "127.0.0.1", "named"} {
			status := 403
			if strings.Contains(want, host) {
				status = 201
			}
			callback := strings.Replace(host, "named", "hooks.example", 1)
			if allow == "10.0.0.0/8" && host == "named" {
				status = 201 // by its address
			}
			if a := s.do(t, "POST", v2014+"/hub", `{"callback":"http://`+callback+`/"}`); a.status != status {
				t.Errorf("allow %q: %s: %d %s", allow, host, a.status, a.body)
			}
		}
	}
}

// stopping is a store that takes no changes while it is said to.
type stopping struct {
	store.Store
	stopped atomic.Bool
	asked   atomic.Int64
}

func (s *stopping) Ready() error {
	s.asked.Add(1)
	if s.stopped.Load() {
		return store.NoWrites()
	}
	return s.Store.Ready()
}

// TestNothingIsToldThatCannotBeNoted: while the store takes no changes, a listener
// would be told the same for ever.
func TestNothingIsToldThatCannotBeNoted(t *testing.T) {
	l := listen(t, nil)
	var st *stopping
	s := newHubServer(t, nil, func(c *hubConfig) {
		st = &stopping{Store: c.Store}
		c.Store = st
	})
	s.register(t, v2014+"/hub", l.URL, "")
	st.stopped.Store(true)
	s.make(t, 2)
	s.run(t)
	until(t, "three looks", func() bool { return st.asked.Load() > 3 })
	if got := l.heard(); len(got) != 0 {
		t.Errorf("told: %v", got)
	}
	st.stopped.Store(false)
	l.until(t, "c2")
	inOrder(t, l.heard(), 2)
}

// TestHubsOfADemosOperator are told nothing where no demo is given: nobody is let in
// as the operator either.
func TestHubsOfADemosOperator(t *testing.T) {
	l := listen(t, nil)
	var st *stopping
	s := newHubServer(t, nil, func(c *hubConfig) {
		st = &stopping{Store: c.Store}
		c.Store = st
	})
	hash, err := password.Hash("a long password")
	if err != nil {
		t.Fatal(err)
	}
	s.register(t, v2014+"/hub", l.URL, "")
	id := s.create(t, v2014+"/customer", `{"name":"A"}`)
	local := access.Administrator{Who: access.Local, Face: "command"}
	err = s.store.Update(t.Context(), func(tx store.Tx) error {
		return rewriteOperator(tx, func(doc string) string { return strings.Replace(doc, `{`, `{"Demo":true,`, 1) })
	})
	if err != nil {
		t.Fatal(err)
	}
	s.emit(t, "customer", id, "created")
	s.run(t)
	until(t, "three looks", func() bool { return st.asked.Load() > 3 })
	err = s.store.Update(t.Context(), func(tx store.Tx) error { return access.Passwd(tx, local, "demo", hash) })
	if err != nil {
		t.Fatal(err)
	}
	s.make(t, 1)
	l.until(t, "c2")
	if got := l.heard(); len(got) != 1 {
		t.Errorf("%d notifications, want one: of what was done since", len(got))
	}
}

// breaking panics for one host, and does the rest as ever.
type breaking struct{ host string }

func (b breaking) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host == b.host {
		panic("broken")
	}
	return http.DefaultTransport.RoundTrip(r)
}

// TestADeliveryThatPanicsHasFailed: its hub is suspended in the end, and others are told.
func TestADeliveryThatPanicsHasFailed(t *testing.T) {
	l := listen(t, nil)
	s := newHubServer(t, []string{"127.0.0.1"}, func(c *hubConfig) { c.Transport = breaking{"127.0.0.1:1"} })
	s.register(t, v2014+"/hub", "http://127.0.0.1:1/", "")
	s.register(t, v2014+"/hub", l.URL, "")
	s.make(t, 1)
	s.run(t)
	until(t, "the suspension", func() bool { return s.state(t)[0].State == delivery.Suspended })
	until(t, "the other's notification", func() bool { return len(l.heard()) > 0 })
	if reason := s.state(t)[0].Reason; reason != "the server is at fault; its log says why" {
		t.Errorf("suspended for %q", reason)
	}
}
