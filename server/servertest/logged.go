package servertest

import (
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"rator/calllog"
	"rator/server"
	"rator/wire"
	"rator/workflow"
)

// Logged is the real server with the real clock and a call log, over a
// store of its own with the demo catalogue.
func Logged(t testing.TB, skip ...string) (s *server.Server, endpoint, store string) {
	t.Helper()
	return LoggedWith(t, func(c *server.Config, _ string) { c.CallLogSkip = skip })
}

// LoggedWith is Logged with other settings; file is the store's.
func LoggedWith(t testing.TB, change func(c *server.Config, file string)) (s *server.Server, endpoint, store string) {
	t.Helper()
	store = StoreFile(t)
	st := OpenStore(t, store)
	t.Cleanup(func() { st.Close() })
	layers := []workflow.Layer{server.Shipped()}
	layer, err := server.SiteLayer(filepath.Join(Root, "server", "servertest", "testdata", "logged"))
	if err != nil {
		t.Fatal(err)
	}
	c := server.Config{
		Store: st, Metrics: server.NewMetrics(), Log: slog.New(slog.DiscardHandler), Layers: append(layers, layer),
		CallLog: calllog.Config{Dir: server.CallLogOf(store), MaxBytes: 64 << 20, MaxAge: time.Hour},
	}
	change(&c, store)
	s, err = server.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	web := httptest.NewServer(s.Handler)
	t.Cleanup(web.Close)
	return s, web.URL + wire.Path, store
}
