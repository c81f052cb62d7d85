package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"rator/access"
	"rator/password"
	"rator/soap"
	"rator/store"
	"rator/workflow"
	"rator/workflow/contract"
	"rator/wsdl"
)

// endpointPath is where Rator's clients post to (rator-api.md 1.1).
const endpointPath = "/workflow-soap/InvokerService"

// server is everything that answers, wired over one store.
type server struct {
	engine   *workflow.Engine
	registry *workflow.Registry
	behind   *access.ReadBehind
	store    store.Store
	metrics  *metrics
	log      *slog.Logger
	layers   []workflow.Layer
	handler  http.Handler
}

// serverConfig is what a server is made of; the zero values are the usual ones
// but for store, log and layers.
type serverConfig struct {
	store          store.Store
	metrics        *metrics
	log            *slog.Logger
	layers         []workflow.Layer // of hookpoint folders, a later one over an earlier
	now            func() time.Time
	newRequestID   func() string
	observe        func(workflow.Observation) // is told of every call; nil = the metrics
	zone           *time.Location
	auditSync      bool
	trustForwarded bool
	soap           soap.Options
}

// mistakesError lists what keeps hookpoints from being loaded.
type mistakesError []contract.Mistake

func (e mistakesError) Error() string {
	s := fmt.Sprintf("%d mistakes in the hookpoints:", len(e))
	for _, m := range e {
		s += "\n" + m.String()
	}
	return s
}

func newServer(c serverConfig) (*server, error) {
	if c.now == nil {
		c.now = time.Now
	}
	if c.observe == nil {
		c.observe = c.metrics.call
	}
	key := make([]byte, 32)
	rand.Read(key)
	guard, err := access.NewGuard(access.GuardConfig{Now: c.now, Key: key, Verify: password.Verify})
	if err != nil {
		return nil, err
	}
	s := &server{registry: &workflow.Registry{}, store: c.store, metrics: c.metrics, log: c.log, layers: c.layers}
	if err := s.reload(); err != nil {
		return nil, err
	}
	s.behind = access.NewReadBehind(access.ReadBehindConfig{Store: c.store, Log: c.log, Sync: c.auditSync})
	s.engine = workflow.New(workflow.Config{
		Store: c.store, Guard: guard, Behind: s.behind, Registry: s.registry, Log: c.log,
		Now: c.now, Zone: c.zone, NewRequestID: c.newRequestID, Observe: c.observe,
	})
	s.handler = s.routes(c)
	return s, nil
}

// reload takes the hookpoint folders as they are now, all or nothing.
func (s *server) reload() error {
	set, mistakes := workflow.Load(s.layers...)
	if len(mistakes) > 0 {
		return mistakesError(mistakes)
	}
	s.registry.Replace(set)
	return nil
}

func (s *server) routes(c serverConfig) http.Handler {
	contracts := func() []*contract.Contract { return s.registry.Current().Contracts() }
	address := func(r *http.Request) string { return wsdl.Address(r, c.trustForwarded) }
	o := c.soap
	o.Pages = wsdl.New(contracts, address)
	o.Log = c.log
	o.Metrics = soap.Metrics{
		LimitHit: func(l soap.Limit) { s.metrics.limits.WithLabelValues(string(l)).Inc() },
		Fault:    func(f soap.FaultCode) { s.metrics.faults.WithLabelValues(string(f)).Inc() },
	}
	o.MaxBytes = func(hookpoint string) int {
		if h := s.registry.Current().Find(hookpoint); h != nil {
			return h.Contract.MaxBytes
		}
		return 0
	}
	o.Typed = func(hookpoint string) bool {
		h := s.registry.Current().Find(hookpoint)
		return h != nil && !h.Contract.Internal
	}
	mux := http.NewServeMux()
	mux.Handle(endpointPath, soap.NewHandler(s.engine, o))
	mux.Handle("GET /metrics", s.metrics.handler())
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if err := s.store.Ready(); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ready")
	})
	mux.Handle("GET /{$}", http.RedirectHandler(endpointPath, http.StatusFound))
	return mux
}

// sweep deletes old kept replies once an hour until ctx ends.
func (s *server) sweep(ctx context.Context) {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		if n, err := workflow.SweepKept(ctx, s.store); err != nil && ctx.Err() == nil {
			s.log.Error("sweep of kept replies", "cause", err)
		} else if n > 0 {
			s.log.Info("kept replies swept", "count", n)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// close ends what runs behind the calls; the store stays open.
func (s *server) close() { s.behind.Close() }
