package server

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"rator/store"
)

// mountOperations adds what looks after a server: /metrics, and its health. /livez
// and /healthz fail when only a restart helps, /readyz whenever no changes are taken.
func (s *Server) mountOperations(mux *http.ServeMux) {
	mux.Handle("GET /metrics", s.Metrics.handler())
	for _, path := range []string{"/livez", "/healthz"} {
		mux.Handle("GET "+path, health("ok", func() error { return alive(s.Store) }))
	}
	mux.Handle("GET /readyz", health("ready", s.ready))
}

// ready is nil while changes are taken, by a server that is as the others of its database.
func (s *Server) ready() error {
	if err := s.takes(); err != nil || s.present == nil {
		return err
	}
	return s.present.Ready()
}

// takes is nil while changes are taken, by a server that goes on.
func (s *Server) takes() error {
	if s.draining.Load() {
		return errors.New("the server ends: ask another one")
	}
	return s.Store.Ready()
}

// alive is nil while a restart would not help.
func alive(st store.Store) error {
	if err := st.Ready(); errors.Is(err, store.ErrNoWrites) {
		return err
	}
	return nil
}

// health answers 200 and what is well, or 503 and why not.
func health(well string, check func() error) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if err := check(); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, well)
	}
}

// operations is the server of metrics and health on an address of their own.
func (s *Server) operations() *http.Server {
	mux := http.NewServeMux()
	s.mountOperations(mux)
	return &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 15 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10}
}
