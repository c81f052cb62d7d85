package servertest

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"rator/event/delivery"
	"rator/server"
	"rator/server/scratch"
	"rator/store/bolt"
	"rator/tmf/hub"
	"rator/workflow"
)

// EventsBefore is a store that a version whose events did not say whose they are left when it
// was killed: customers, a blocked line, kept answers with their requests, a token for a
// password, and two hubs whose listener, on port 9, took nothing. told-all and told-v4 are
// what that version tells them, a line each, once the listener is back.
var EventsBefore = filepath.Join(Root, "testdata", "store", "events-1")

// eventsBeforeAt is right after it was killed.
var eventsBeforeAt = time.Date(2026, 11, 29, 21, 58, 30, 0, time.UTC)

// Upgraded is a server of today over a copy of that store, at its time. Its hubs reach
// a listener, whatever address they have.
func Upgraded(t *testing.T, file string, listener http.Handler) *Server {
	t.Helper()
	pins, err := server.ReadKeyFile(filepath.Join(EventsBefore, "store.pin-key"))
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return eventsBeforeAt }
	st, err := bolt.Open(file, bolt.Options{Now: now, Unsynced: true})
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.New(server.Config{
		Store: st, Now: now, Metrics: server.NewMetrics(), Log: slog.New(slog.DiscardHandler), Layers: []workflow.Layer{server.Shipped()}, Keys: pins,
		Hubs: hub.Config{Client: delivery.NewClient(delivery.ClientConfig{Transport: carrier{listener}}), Backoff: func(int) time.Duration { return 0 }},
	})
	if err != nil {
		t.Fatal(err)
	}
	return Listening(t, &scratch.Server{Server: s})
}

// carrier takes requests to a handler in place of the network.
type carrier struct{ http.Handler }

func (c carrier) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	return w.Result(), nil
}
