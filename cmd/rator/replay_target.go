package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"rator/replay"
	"rator/replay/fixture"
	"rator/soap"
	"rator/typeface"
	"rator/workflow/contract"
)

// scratchTarget plays each scenario against a scratch server of its own, without a
// network.
type scratchTarget struct {
	dir      string
	timeZone string // of servers whose settings name none; "" = UTC
	fonts    *typeface.Fonts

	mu    sync.Mutex
	plans map[string]*scratchPlan // by settings
}

func newScratchTarget(dir string) *scratchTarget {
	return &scratchTarget{dir: dir, plans: map[string]*scratchPlan{}}
}

func (t *scratchTarget) Endpoint() string { return "" }

func (t *scratchTarget) Does(line string) error { return isDeed(line) }

func (t *scratchTarget) Begin(ctx context.Context, s *fixture.Scenario) (replay.Session, error) {
	plan, err := t.plan(ctx, s.Config.Server)
	if err != nil {
		return nil, fmt.Errorf("the server for %s cannot start: %w", s.Name, err)
	}
	server, err := plan.start(t.dir)
	if err != nil {
		return nil, err
	}
	return &scratchSession{scratch: server}, nil
}

// plan is the prepared server for settings; many scenarios have the same.
func (t *scratchTarget) plan(ctx context.Context, settings fixture.Server) (*scratchPlan, error) {
	settings.TimeZone = cmp.Or(settings.TimeZone, t.timeZone)
	key, err := json.Marshal(settings)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if p := t.plans[string(key)]; p != nil {
		return p, nil
	}
	p, err := newScratchPlan(ctx, t.dir, settings)
	if err == nil {
		p.fonts = t.fonts
		t.plans[string(key)] = p
	}
	return p, err
}

// scratchSession is one of them.
type scratchSession struct{ *scratch }

func (s *scratchSession) Do(r *http.Request) (*http.Response, error) {
	if r.URL.Path == "" {
		r.URL.Path = soap.Path
	}
	r.Host, r.RemoteAddr, r.RequestURI = "localhost", "127.0.0.1:1", r.URL.RequestURI()
	w := &answerWriter{header: http.Header{}}
	s.Handler.ServeHTTP(w, r)
	w.WriteHeader(http.StatusOK)
	return &http.Response{
		StatusCode: w.status, Header: w.header, Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()), Request: r,
	}, nil
}

func (s *scratchSession) Deed(ctx context.Context, line string) (*replay.DeedAnswer, error) {
	return s.deed(ctx, line)
}

func (s *scratchSession) Contract(hookpoint string) *contract.Contract {
	return s.Registry.Current().Contract(hookpoint)
}

func (s *scratchSession) Now() time.Time { return s.now() }

func (s *scratchSession) Close() error { return s.end(context.Background()) }

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
