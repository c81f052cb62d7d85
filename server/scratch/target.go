package scratch

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"

	"rator/replay"
	"rator/replay/fixture"
	"rator/typeface"
	"rator/wire"
	"rator/workflow/contract"
)

// Target plays each scenario against a scratch server of its own, without a
// network.
type Target struct {
	Dir string
	// Databases is where servers have databases; nil = they have files in Dir.
	Databases *Databases
	TimeZone  string // of servers whose settings name none; "" = UTC
	Fonts     *typeface.Fonts

	mu    sync.Mutex
	plans map[string]*Plan // by settings
}

func NewTarget(dir string) *Target {
	return &Target{Dir: dir, plans: map[string]*Plan{}}
}

func (t *Target) Endpoint() string { return "" }

func (t *Target) Does(line string) error { return isDeed(line) }

func (t *Target) Begin(ctx context.Context, s *fixture.Scenario) (replay.Session, error) {
	plan, err := t.Plan(ctx, s.Config.Server)
	if err != nil {
		return nil, fmt.Errorf("the server for %s cannot start: %w", s.Name, err)
	}
	server, err := plan.Start(t.Dir)
	if err != nil {
		return nil, err
	}
	return &Session{Server: server}, nil
}

// Plan is the prepared server for settings; many scenarios have the same.
func (t *Target) Plan(ctx context.Context, settings fixture.Server) (*Plan, error) {
	settings.TimeZone = cmp.Or(settings.TimeZone, t.TimeZone)
	key, err := json.Marshal(settings)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if p := t.plans[string(key)]; p != nil {
		return p, nil
	}
	p, err := newPlan(ctx, t.places(), settings)
	if err == nil {
		p.fonts = t.Fonts
		t.plans[string(key)] = p
	}
	return p, err
}

func (t *Target) places() places {
	if t.Databases != nil {
		return t.Databases
	}
	return files{t.Dir}
}

// Session is one of them.
type Session struct{ *Server }

func (s *Session) Do(r *http.Request) (*http.Response, error) {
	if r.URL.Path == "" {
		r.URL.Path = wire.Path
	}
	r.Host, r.RemoteAddr, r.RequestURI = "localhost", "127.0.0.1:1", r.URL.RequestURI()
	w := &answerWriter{header: http.Header{}}
	s.Handler.ServeHTTP(w, r)
	w.WriteHeader(http.StatusOK)
	return &http.Response{
		StatusCode: w.status, Header: w.header, Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()), Request: r,
	}, nil
}

func (s *Session) Deed(ctx context.Context, line string) (*replay.DeedAnswer, error) {
	return s.deed(ctx, line)
}

func (s *Session) Contract(hookpoint string) *contract.Contract {
	return s.Registry.Current().Contract(hookpoint)
}

func (s *Session) Close() error { return s.End(context.Background()) }

// answerWriter keeps an answer.
type answerWriter struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *answerWriter) Header() http.Header { return w.header }

func (w *answerWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *answerWriter) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}
