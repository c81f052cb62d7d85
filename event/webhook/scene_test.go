package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rator/access"
	"rator/event"
	"rator/event/delivery"
	"rator/store"
	"rator/store/bolt"
)

// Topics of the tests.
var (
	_ = event.Declare("try.made", "a test makes something", "THING_ID", event.Key{Name: "THING_ID", Type: event.OfID})
	_ = event.Declare("try.told", "a test tells something", "THING_ID", event.Key{Name: "THING_ID", Type: event.OfID})
	_ = event.Declare("secret.drawn", "a test draws a secret", "THING_ID", event.Key{Name: "THING_ID", Type: event.OfID}, event.Key{Name: "TOKEN", Secret: true})
)

var admin = access.Administrator{Who: access.Local, Face: "test"}

// scene is a store with operators of two brands, and a deliverer.
type scene struct {
	store     *bolt.DB
	file      string
	clock     atomic.Int64 // of the store, nanoseconds
	deliverer *Deliverer
	behind    *access.ReadBehind
}

// realNow is the time by the clock of receivers.
var realNow = time.Unix(1_800_000_000, 0)

func newScene(t testing.TB) *scene {
	t.Helper()
	s := &scene{file: filepath.Join(t.TempDir(), "store.db")}
	s.clock.Store(time.Date(2026, 5, 2, 10, 0, 0, 0, time.UTC).UnixNano())
	st, err := bolt.Open(s.file, bolt.Options{Now: s.now, Unsynced: true, InitialMmapSize: 1 << 26})
	if err != nil {
		t.Fatal(err)
	}
	s.store = st
	s.behind = access.NewReadBehind(access.ReadBehindConfig{Store: st, Log: slog.New(slog.DiscardHandler)})
	t.Cleanup(func() {
		s.behind.Close()
		if _, err := st.Verify(context.Background(), func(err error) { t.Error(err) }); err != nil {
			t.Error(err)
		}
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	s.update(t, func(tx store.Tx) error {
		for name, brands := range map[string][]string{"north": {"NORTH"}, "south": {"SOUTH"}, "every": {access.Any}} {
			if _, err := access.Add(tx, admin, access.NewOperator{Name: name, Brands: brands, Rights: []string{access.RightEvents}}); err != nil {
				return err
			}
		}
		_, err := access.Add(tx, admin, access.NewOperator{Name: "nobody", Brands: []string{access.Any}, Rights: []string{"*"}})
		return err
	})
	s.deliverer = s.newDeliverer(t)
	return s
}

func (s *scene) newDeliverer(t testing.TB) *Deliverer {
	t.Helper()
	return s.newDelivererOf(t, delivery.ClientConfig{})
}

// newDelivererOf makes a deliverer that may post to this machine.
func (s *scene) newDelivererOf(t testing.TB, c delivery.ClientConfig) *Deliverer {
	t.Helper()
	targets, err := delivery.NewTargets([]string{"127.0.0.1"}, false)
	if err != nil {
		t.Fatal(err)
	}
	c.Targets = targets
	return NewDeliverer(Config{
		Store: s.store, Behind: s.behind, Client: delivery.NewClient(c), Log: slog.New(slog.DiscardHandler),
		Now: s.now, Clock: func() time.Time { return realNow }, Every: 2 * time.Millisecond,
		Backoff: func(int) time.Duration { return time.Minute },
	})
}

func (s *scene) now() time.Time { return time.Unix(0, s.clock.Load()).UTC() }

func (s *scene) pass(d time.Duration) { s.clock.Add(int64(d)) }

func (s *scene) update(t testing.TB, f func(store.Tx) error) {
	t.Helper()
	if err := s.store.Update(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

func (s *scene) view(t testing.TB, f func(store.Tx) error) {
	t.Helper()
	if err := s.store.View(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

// run has the deliverer run until the test ends, or stop is called.
func (s *scene) run(t testing.TB) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.deliverer.Run(ctx)
	}()
	stop = func() { cancel(); <-done }
	t.Cleanup(stop)
	return stop
}

// add makes a webhook of an operator's.
func (s *scene) add(t testing.TB, operator, url string, topics ...string) *Webhook {
	t.Helper()
	return s.want(t, Wanted{URL: url, Operator: operator, Topics: patterns(t, topics...), Secret: publishedSecret})
}

func (s *scene) want(t testing.TB, n Wanted) (w *Webhook) {
	t.Helper()
	s.update(t, func(tx store.Tx) (err error) {
		w, err = Add(tx, admin, n)
		return err
	})
	return w
}

func patterns(t testing.TB, texts ...string) event.Patterns {
	t.Helper()
	p, err := event.ParsePatterns(texts)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (s *scene) get(t testing.TB, id store.ID) (w *Webhook) {
	t.Helper()
	s.view(t, func(tx store.Tx) (err error) {
		w, err = Get(tx, id)
		return err
	})
	return w
}

// emit writes events of a topic, each with a number of its own.
func (s *scene) emit(t testing.TB, topic, brand string, numbers ...int) {
	t.Helper()
	s.update(t, func(tx store.Tx) error {
		for _, n := range numbers {
			if err := tx.Emit(store.Event{Topic: topic, Brand: brand, About: []store.ID{store.ID(n)}, Body: fmt.Appendf(nil, `{"THING_ID":"%s","N":%d}`, store.ID(n), n)}); err != nil {
				return err
			}
		}
		return nil
	})
}

// until waits until something holds.
func until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Minute); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// taken is what a receiver was sent.
type taken struct {
	Number int
	Topic  string
	header http.Header
	body   string
}

// receiver takes what is posted, and checks its signature as a program of other people
// does.
type receiver struct {
	*httptest.Server
	mu    sync.Mutex
	all   []taken
	deal  func(n int, w http.ResponseWriter) bool // answers the nth request, from 0, and reports it; nil = it is well
	asked int
}

func newReceiver(t testing.TB) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		if err != nil {
			return
		}
		var doc struct {
			Type string `json:"type"`
			Data struct{ N int }
		}
		if err := json.Unmarshal(body, &doc); err != nil {
			t.Errorf("%v: %s", err, body)
		}
		r.mu.Lock()
		n, deal := r.asked, r.deal
		r.asked++
		r.mu.Unlock()
		if deal != nil && deal(n, w) {
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.all = append(r.all, taken{doc.Data.N, doc.Type, q.Header.Clone(), string(body)})
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) took() []taken {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.all)
}

func (r *receiver) numbers() (all []int) {
	for _, one := range r.took() {
		all = append(all, one.Number)
	}
	return all
}

func (r *receiver) requests() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.asked
}

func (r *receiver) deals(deal func(n int, w http.ResponseWriter) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.deal = deal
}

// refuse has a receiver answer a status.
func (r *receiver) refuse(status int) {
	r.deals(func(_ int, w http.ResponseWriter) bool {
		w.WriteHeader(status)
		return true
	})
}

func (r *receiver) accept() { r.deals(nil) }

// wants waits until a receiver was sent these numbers, and nothing else.
func (r *receiver) wants(t testing.TB, want ...int) {
	t.Helper()
	until(t, fmt.Sprintf("%d deliveries, there are %v", len(want), r.numbers()), func() bool { return len(r.numbers()) >= len(want) })
	if got := r.numbers(); !slices.Equal(got, want) {
		t.Errorf("told %v, want %v", got, want)
	}
}

// signedWith reports whether a secret signed what was sent.
func (k *taken) signedWith(secret string) bool {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, key)
	io.WriteString(mac, k.header.Get("webhook-id")+"."+k.header.Get("webhook-timestamp")+"."+k.body)
	return slices.Contains(strings.Fields(k.header.Get("webhook-signature")), "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}
