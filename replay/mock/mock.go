// Package mock is a server that gives recorded answers (replay.md "Record, mock"). A
// request gets the answer of the recorded one that says the same: hookpoint and typed
// values for ours, operation and content for other XML, the bytes for anything else.
// What it does not know it explains, or forwards.
package mock

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"time"

	"rator/replay/fixture"
	"rator/wire"
	"rator/workflow/contract"
	"rator/wsdl"
)

// Options say how a Server behaves; the zero value serves what is recorded at once.
type Options struct {
	// Contracts say which values of a request are volatile or secret; nil: none are
	// known.
	Contracts func(hookpoint string) *contract.Contract
	// Forward takes what is not recorded; nil: it is explained.
	Forward http.Handler
	Delay   *Delay // before answers of ours; nil = none
	Fail    []Failure
	// Random is where delays and failures are drawn from; nil = a source of its own.
	Random *rand.Rand
	// Hide takes card numbers out of what is said of a request. nil: nothing is hidden.
	Hide func(text string) string
	Log  *slog.Logger     // nil = none
	Now  func() time.Time // for ${xmlunit.isDateTime} in answers; nil = the real clock
	// MaxBytes is the longest request taken; 0 = 16 MiB.
	MaxBytes int64
}

// Server is an http.Handler.
type Server struct {
	o     Options
	index *index
	wsdl  http.Handler // of the hookpoints that are recorded; nil when none is

	mu    sync.Mutex // of Random, of the groups' turns, and of count
	count Summary
}

// Summary is what a server did.
type Summary struct {
	Recorded  int `json:"recorded"` // exchanges that it knows
	Answered  int `json:"answered"`
	Unknown   int `json:"unknown"` // explained
	Forwarded int `json:"forwarded"`
	Failed    int `json:"failed"` // on purpose
	Unused    int `json:"unused"` // recorded exchanges that nobody asked for
}

// New reads every request of the scenarios; the answers stay on disk. What cannot
// be read is found at once and given as joined errors of kind *fixture.Error.
func New(ctx context.Context, scenarios []*fixture.Scenario, o Options) (*Server, error) {
	if o.Contracts == nil {
		o.Contracts = func(string) *contract.Contract { return nil }
	}
	if o.Random == nil {
		o.Random = rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.MaxBytes == 0 {
		o.MaxBytes = 16 << 20
	}
	x, err := newIndex(ctx, scenarios, o.Contracts)
	if err != nil {
		return nil, err
	}
	s := &Server{o: o, index: x}
	if ours, recorded := x.recordedContracts(o.Contracts); ours {
		s.wsdl = wsdl.New(func() []*contract.Contract { return recorded }, nil, func(r *http.Request) string { return wire.Address(r, false) })
	}
	return s, nil
}

// Summary is what it did until now.
func (s *Server) Summary() Summary {
	s.mu.Lock()
	defer s.mu.Unlock()
	sum := s.count
	sum.Recorded, sum.Unused = s.index.total, s.index.total-s.index.used
	return sum
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, s.o.MaxBytes))
	if err != nil {
		http.Error(w, "the request cannot be read: "+err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	asked := requestOf(r.Method, r.URL.RequestURI(), r.Header, body, s.o.MaxBytes, s.o.Contracts)
	if f := s.drawFailure(); f != nil {
		if s.wait(r.Context()) {
			s.tally(func(c *Summary) { c.Failed++ })
			s.o.Log.Info("failed on purpose", "operation", asked.operation, "how", f.String())
			f.answer(w, asked)
		}
		return
	}
	found, err := s.find(asked)
	switch {
	case err != nil:
		s.o.Log.Error("a recorded exchange cannot be read", "cause", err)
		sendFault(w, asked, "a recorded exchange cannot be read: "+err.Error())
	case found != nil:
		if s.wait(r.Context()) {
			s.tally(func(c *Summary) { c.Answered++ })
			s.o.Log.Info("answered", "operation", asked.operation, "with", found.label())
			found.send(w, r, asked)
		}
	case s.o.Forward != nil:
		s.tally(func(c *Summary) { c.Forwarded++ })
		s.o.Log.Info("forwarded", "operation", asked.operation)
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		s.o.Forward.ServeHTTP(w, r)
	case s.wsdl != nil && isDescription(r):
		if s.wait(r.Context()) {
			s.tally(func(c *Summary) { c.Answered++ })
			s.o.Log.Info("answered", "operation", asked.operation, "with", "a description of ours")
			s.wsdl.ServeHTTP(w, r)
		}
	default:
		s.tally(func(c *Summary) { c.Unknown++ })
		why := s.nearest(asked)
		if s.o.Hide != nil {
			why = s.o.Hide(why)
		}
		s.o.Log.Warn("not recorded", "operation", asked.operation, "nearest", why)
		sendFault(w, asked, why)
	}
}

func (s *Server) tally(add func(*Summary)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	add(&s.count)
}

// wait is false when the client went away meanwhile.
func (s *Server) wait(ctx context.Context) bool {
	if s.o.Delay == nil {
		return true
	}
	s.mu.Lock()
	d := s.o.Delay.draw(s.o.Random)
	s.mu.Unlock()
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (s *Server) drawFailure() *Failure {
	if len(s.o.Fail) == 0 {
		return nil
	}
	s.mu.Lock()
	at := s.o.Random.Float64()
	s.mu.Unlock()
	for i := range s.o.Fail {
		if at -= s.o.Fail[i].Share; at < 0 {
			return &s.o.Fail[i]
		}
	}
	return nil
}

// label names a step for logs and the header Rator-Mock.
func (e *exchange) label() string {
	return e.scenario.Name + "/" + e.step().Label()
}

// headerOf makes a label fit for a header.
func headerOf(label string) string { return (&url.URL{Path: label}).EscapedPath() }
