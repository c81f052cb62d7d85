package tmftest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"rator/server/servertest"
	"rator/store"
)

// Audience is listeners of a test server, each at a path of its own.
type Audience struct {
	Server *servertest.Server
	Web    *httptest.Server
	mu     sync.Mutex
	got    map[string][]Heard // by path, repetitions left out
}

// Heard is a notification.
type Heard struct {
	ID, What string // eventId and eventType
	Resource string
	Item     string // id of the resource
	Document string
	Body     string
}

// ListenTo has the hubs of a test server told until the test ends.
func ListenTo(t *testing.T, ts *servertest.Server) *Audience {
	t.Helper()
	a := &Audience{Server: ts, got: map[string][]Heard{}}
	a.Web = httptest.NewServer(a)
	t.Cleanup(a.Web.Close)
	ctx, stop := context.WithCancel(t.Context())
	var told sync.WaitGroup
	told.Go(func() { ts.Hubs.Run(ctx) })
	t.Cleanup(func() { stop(); told.Wait() })
	return a
}

func (a *Audience) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	var n struct {
		EventID, EventType string
		Event              map[string]json.RawMessage
	}
	_ = json.Unmarshal(body, &n) // one that is none is found by who waits for it
	h := Heard{ID: n.EventID, What: n.EventType, Body: string(body)}
	for resource, document := range n.Event {
		var item struct{ ID string }
		_ = json.Unmarshal(document, &item)
		h.Resource, h.Item, h.Document = resource, item.ID, string(document)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if !slices.ContainsFunc(a.got[r.URL.Path], func(o Heard) bool { return o.ID == h.ID }) {
		a.got[r.URL.Path] = append(a.got[r.URL.Path], h)
	}
	w.WriteHeader(http.StatusCreated)
}

// Register makes a hub whose listener is at the path name, and gives its address.
func (a *Audience) Register(t *testing.T, path, name, query string) string {
	t.Helper()
	status, answer := a.Server.CallTMF(t, "POST", path, fmt.Sprintf(`{"callback":%q,"query":%q}`, a.Web.URL+name, query))
	var hub struct{ ID string }
	if err := json.Unmarshal([]byte(answer), &hub); err != nil || status != http.StatusCreated {
		t.Fatalf("%s: %d %s", path, status, answer)
	}
	return path + "/" + hub.ID
}

func (a *Audience) Heard(name string) []Heard {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.got[name])
}

// Await waits until a listener has heard of n events.
func (a *Audience) Await(t *testing.T, name string, n int) []Heard {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		if got := a.Heard(name); len(got) >= n {
			return got
		}
		if time.Now().After(end) {
			t.Fatalf("%s: %d events did not come, but %+v", name, n, a.Heard(name))
		}
	}
}

// Quiet waits until no listener has anything to hear of what was published.
func Quiet(t *testing.T, ts *servertest.Server) {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		var waiting int64
		err := ts.Store.View(t.Context(), func(tx store.Tx) (err error) {
			waiting, err = tx.Count("tmf_notification")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if waiting == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d notifications are not told", waiting)
		}
	}
}
