package delivery

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rator/store"
)

// writable is a store that takes writes; deliveries ask for nothing else.
type writable struct{ store.Store }

func (writable) Ready() error { return nil }

func (writable) Hold(ctx context.Context, _ string) (context.Context, func(), error) {
	return ctx, func() {}, nil
}

// queues is a source whose messages are texts. "skip" is nothing to send, "panic" breaks
// off, "unfit" cannot be made.
type queues struct {
	mu      sync.Mutex
	url     map[store.ID]string
	waiting map[store.ID][]string
	failed  map[store.ID][]error
	noted   chan struct{} // gets something with each note
}

func (q *queues) Due(_ context.Context, _ time.Time, busy func(store.ID) bool) (due []store.ID, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for id, w := range q.waiting {
		if len(w) > 0 && !busy(id) && len(q.failed[id]) < 3 {
			due = append(due, id)
		}
	}
	return due, nil
}

func (q *queues) Waiting(_ context.Context, id store.ID, most int) ([]string, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	w := q.waiting[id]
	return slices.Clone(w[:min(most, len(w))]), nil
}

func (q *queues) Post(_ context.Context, id store.ID, m string) (*Post, error) {
	switch m {
	case "skip":
		return nil, nil
	case "panic":
		panic("broken")
	case "unfit":
		return nil, errors.New("cannot be made")
	}
	return &Post{URL: q.url[id], Header: http.Header{"Content-Type": {"text/plain"}}, Body: []byte(m)}, nil
}

func (q *queues) Note(_ context.Context, id store.ID, taken []string, failed error) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting[id] = q.waiting[id][len(taken):]
	if failed != nil {
		q.failed[id] = append(q.failed[id], failed)
	}
	q.noted <- struct{}{}
	return nil
}

// run delivers until done reports true of the queues.
func (q *queues) run(t *testing.T, done func() bool) {
	t.Helper()
	targets, err := NewTargets(nil, true)
	if err != nil {
		t.Fatal(err)
	}
	d := New(Config{
		Store: writable{}, Client: NewClient(ClientConfig{Targets: targets}), Name: "queue",
		Log: slog.New(slog.DiscardHandler), Every: time.Millisecond,
	}, q)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); d.Run(ctx) }()
	defer func() { stop(); <-ended }()
	for {
		select {
		case <-q.noted:
		case <-time.After(time.Minute):
			t.Fatal("nothing is noted any more")
		}
		q.mu.Lock()
		enough := done()
		q.mu.Unlock()
		if enough {
			return
		}
	}
}

func newQueues() *queues {
	return &queues{url: map[store.ID]string{}, waiting: map[store.ID][]string{}, failed: map[store.ID][]error{}, noted: make(chan struct{}, 1000)}
}

// heard is a subscriber that takes down what it is told.
func heard(t *testing.T, status func(body string) int) (*httptest.Server, func() string) {
	t.Helper()
	var mu sync.Mutex
	var told []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		told = append(told, string(body))
		mu.Unlock()
		w.WriteHeader(status(string(body)))
	}))
	t.Cleanup(s.Close)
	return s, func() string {
		mu.Lock()
		defer mu.Unlock()
		return strings.Join(told, " ")
	}
}

// TestDelivery: one is told in order, what is nothing to send counts as taken; who fails is
// told the same again, and why is noted; and one that never answers holds up no other.
func TestDelivery(t *testing.T) {
	q := newQueues()
	good, goodHeard := heard(t, func(string) int { return http.StatusAccepted })
	bad, badHeard := heard(t, func(body string) int {
		if body == "2" {
			return http.StatusGone
		}
		return http.StatusOK
	})
	hang := make(chan struct{})
	never, _ := heard(t, func(string) int { <-hang; return http.StatusOK })
	defer close(hang)
	q.url = map[store.ID]string{1: good.URL, 2: bad.URL, 3: never.URL}
	q.waiting = map[store.ID][]string{1: {"1", "skip"}, 2: {"1", "2", "3"}, 3: {"1"}, 4: {"panic"}, 5: {"skip", "unfit"}}
	want := "1"
	for range 3 * Batch {
		q.waiting[1] = append(q.waiting[1], "x")
		want += " x"
	}
	q.run(t, func() bool {
		if len(q.waiting[1]) == 0 && len(q.failed[2]) == 3 && len(q.failed[4]) == 3 && len(q.failed[5]) == 3 {
			never.CloseClientConnections() // so that the delivery can end
			return true
		}
		return false
	})
	if goodHeard() != want || badHeard() != "1 2 2 2" {
		t.Errorf("told %q and %q", goodHeard(), badHeard())
	}
	var status *StatusError
	if !errors.As(q.failed[2][0], &status) || status.Code != http.StatusGone || status.Error() != "the listener answered 410 Gone" {
		t.Errorf("the one that is gone failed with %v", q.failed[2])
	}
	if got := q.failed[4][0].Error(); got != "the server is at fault; its log says why" {
		t.Errorf("the one that panics failed with %q", got)
	}
	if got := q.failed[5][0].Error(); got != "cannot be made" || len(q.waiting[5]) != 1 {
		t.Errorf("what cannot be made failed with %q, and %v waits", got, q.waiting[5])
	}
}

// TestTargetsAreAskedWhenItConnects, whatever a name led to when it was registered.
func TestTargetsAreAskedWhenItConnects(t *testing.T) {
	s, told := heard(t, func(string) int { return http.StatusOK })
	c := NewClient(ClientConfig{})
	var denied *DeniedError
	if err := c.Post(t.Context(), &Post{URL: s.URL}); !errors.As(err, &denied) || told() != "" {
		t.Errorf("%v, and told %q", err, told())
	}
	if err := c.Check(t.Context(), s.URL); !errors.As(err, &denied) {
		t.Errorf("registered: %v", err)
	}
	if _, err := NewTargets([]string{"http://x/"}, false); err == nil {
		t.Error("an address of the web is no target")
	}
}

// TestWhatAStrangerAnswersIsNotSaid: neither a terminal nor a log gets what only the
// listener knows how to read, and no more than a line of it.
func TestWhatAStrangerAnswersIsNotSaid(t *testing.T) {
	long := strings.Repeat("long ", 2000)
	for _, test := range []struct{ answers, want string }{
		{"HTTP/1.1 500 \x1b[2J" + long + "\r\n\r\n", "the listener answered 500 Internal Server Error"},
		{"HTTP/1.1 799 secret\r\n\r\n", "the listener answered 799"},
		{"HTTP/1.1 200 OK\r\n\x1b[2J" + long + "\r\n\r\n", ""},
	} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			defer conn.Close()
			_, _ = http.ReadRequest(bufio.NewReader(conn))
			_, _ = io.WriteString(conn, test.answers)
		}()
		targets, err := NewTargets(nil, true)
		if err != nil {
			t.Fatal(err)
		}
		err = NewClient(ClientConfig{Targets: targets}).Post(t.Context(), &Post{URL: "http://" + l.Addr().String() + "/"})
		l.Close()
		if err == nil {
			t.Fatalf("%.30q is taken", test.answers)
		}
		var s Standing
		s.Failed(err, time.Now(), Backoff)
		if test.want != "" && s.Reason != test.want {
			t.Errorf("%q, want %q", s.Reason, test.want)
		}
		for _, said := range []string{err.Error(), s.Reason} {
			if strings.Contains(said, "\x1b") || len([]rune(said)) > mostReason+1 {
				t.Errorf("said: %q", said)
			}
		}
	}
}

func TestPortsThatThereAreNot(t *testing.T) {
	targets, err := NewTargets(nil, true)
	if err != nil {
		t.Fatal(err)
	}
	c := NewClient(ClientConfig{Targets: targets})
	for port, fine := range map[string]bool{"": true, ":1": true, ":65535": true, ":0": false, ":65536": false, ":99999999": false} {
		var bad *AddressError
		if err := c.Check(t.Context(), "http://127.0.0.1"+port+"/"); errors.As(err, &bad) == fine {
			t.Errorf("port %q: %v", port, err)
		}
	}
}
