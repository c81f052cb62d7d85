package webhook

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rator/event"
	"rator/event/delivery"
	"rator/store"
	"rator/suite"
)

// crowd takes what is posted to http://127.0.0.1/0 to /4 without a network. The first is
// dead while it is told so: at first it never answers, then with 503.
type crowd struct {
	mu     sync.Mutex
	last   [5]int // the number of the newest event that each took
	faults []string
	dead   bool
	asked  int           // of the dead one
	silent chan struct{} // closed: it answers at once
}

func (c *crowd) RoundTrip(r *http.Request) (*http.Response, error) {
	var doc struct{ Data struct{ N int } }
	err := json.NewDecoder(r.Body).Decode(&doc)
	if err != nil {
		return nil, err
	}
	var who int
	fmt.Sscanf(r.URL.Path, "/%d", &who)
	c.mu.Lock()
	dead, silent := c.dead && who == 0, c.silent
	if dead {
		c.asked++
	}
	c.mu.Unlock()
	if dead {
		select {
		case <-silent:
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
		return answer(http.StatusServiceUnavailable), nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if doc.Data.N != c.last[who]+1 {
		c.faults = append(c.faults, fmt.Sprintf("%d is told %d after %d", who, doc.Data.N, c.last[who]))
	}
	c.last[who] = doc.Data.N
	return answer(http.StatusNoContent), nil
}

func answer(status int) *http.Response {
	return &http.Response{StatusCode: status, Status: fmt.Sprint(status, " ", http.StatusText(status)), Body: io.NopCloser(strings.NewReader(""))}
}

// have waits until those from first to the fifth have taken all events up to a number.
func (c *crowd) have(t *testing.T, first, number int) {
	t.Helper()
	for end := time.Now().Add(40 * time.Minute); ; time.Sleep(2 * time.Millisecond) {
		c.mu.Lock()
		all := true
		for _, n := range c.last[first:] {
			all = all && n >= number
		}
		last, faults := c.last, c.faults
		c.mu.Unlock()
		if len(faults) > 0 {
			t.Fatalf("%d out of order, such as %s", len(faults), faults[0])
		}
		if all {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("told %v of %d", last, number)
		}
	}
}

func (c *crowd) setDead(dead bool, silent chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dead, c.silent = dead, silent
}

// TestManyEvents: 100,000 events to five webhooks one of which is dead. The four are told
// all of them in order while it never answers; when it is back it is told all of them too.
// Dead for good it is suspended, and then events end although it was not told, in steps,
// while others write; what it has lost is counted, and the file stays as large as it was.
func TestManyEvents(t *testing.T) {
	many := suite.Size(t, 3_000, 100_000)
	s, c := newScene(t), &crowd{}
	s.deliverer = NewDeliverer(Config{
		Store: s.store, Client: delivery.NewClient(delivery.ClientConfig{Transport: c, Answer: time.Hour}), Log: slog.New(slog.DiscardHandler),
		Now: s.now, Every: 2 * time.Millisecond, Backoff: func(int) time.Duration { return time.Minute },
	})
	var dead *Webhook
	for n := range 5 {
		if w := s.add(t, "every", fmt.Sprintf("http://127.0.0.1/%d", n), "*"); n == 0 {
			dead = w
		}
	}
	s.run(t)
	size := func() int64 {
		t.Helper()
		f, err := os.Stat(s.file)
		if err != nil {
			t.Fatal(err)
		}
		return f.Size()
	}
	last := 0
	write := func(n int) {
		t.Helper()
		for end := last + n; last < end; last += 50 {
			s.emit(t, "try.made", []string{"NORTH", "SOUTH"}[last/50%2], numbers(last+1, last+50)...)
		}
	}

	silent := make(chan struct{})
	c.setDead(true, silent)
	began := time.Now()
	write(many)
	c.have(t, 1, many)
	t.Logf("%d events to 4 webhooks in %v, while the fifth never answers", many, time.Since(began).Round(time.Millisecond))
	s.pass(31 * 24 * time.Hour)
	if n, err := event.Sweep(t.Context(), s.store, event.DefaultAge); n != 0 || err != nil {
		t.Errorf("%d events that the dead one waits for have ended: %v", n, err)
	}
	c.setDead(false, silent)
	close(silent) // the attempt that waited fails
	until(t, "its failure", func() bool { return s.get(t, dead.ID).Attempts == 1 })
	s.pass(time.Minute)
	c.have(t, 0, many)
	until(t, "all places", func() bool { events, _, err := s.deliverer.Behind(t.Context()); return events == 0 && err == nil })

	c.setDead(true, silent)
	write(many / 2)
	c.have(t, 1, last)
	full := size()
	for n := 1; n <= 10; n++ {
		until(t, "a failure", func() bool { return s.get(t, dead.ID).Attempts >= n })
		s.pass(time.Minute)
	}
	if now := s.get(t, dead.ID); now.State != delivery.Suspended {
		t.Fatalf("%+v", now)
	}
	s.pass(31 * 24 * time.Hour)
	swept := s.sweepWhile(t, func() { write(many / 2) })
	if swept != many+many/2 {
		t.Errorf("%d events ended, want %d", swept, many+many/2)
	}
	c.have(t, 1, last)
	c.mu.Lock()
	c.dead, c.last[0] = false, many+many/2
	c.mu.Unlock()
	s.resume(t, dead.ID, int64(many/2))
	c.have(t, 0, last)
	if now := size(); now > full+full/10 {
		t.Errorf("the file had %d bytes with %d events and has %d with %d", full, many+many/2, now, many/2)
	}
}

// sweepWhile ends old events while others write, and says how many went.
func (s *scene) sweepWhile(t *testing.T, write func()) int {
	t.Helper()
	var swept atomic.Int64
	var all sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	all.Go(func() {
		for ctx.Err() == nil {
			n, err := event.Sweep(context.Background(), s.store, event.DefaultAge)
			swept.Add(int64(n))
			if err != nil {
				t.Error(err)
				return
			}
		}
	})
	var most time.Duration
	all.Go(func() { // a call that writes waits for no more than a step
		for ctx.Err() == nil {
			began := time.Now()
			if err := s.store.Update(context.Background(), func(tx store.Tx) error { _, err := tx.NextID(); return err }); err != nil {
				t.Error(err)
				return
			}
			most = max(most, time.Since(began))
			time.Sleep(time.Millisecond)
		}
	})
	write()
	stop()
	all.Wait()
	n, err := event.Sweep(t.Context(), s.store, event.DefaultAge)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("a write waited for %v at most while events ended", most.Round(time.Millisecond))
	return int(swept.Load()) + n
}
