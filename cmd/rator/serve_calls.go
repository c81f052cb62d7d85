package main

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"time"

	"rator/transport"
)

// shutdownWait is how long calls may go on after SIGTERM.
const shutdownWait = 15 * time.Second

// serving is what a server that listens works with.
type serving struct {
	file     string           // of its store, beside which the administration socket lies
	commands http.Handler     // of that socket
	hangup   <-chan os.Signal // has hookpoints and certificate read again
	begun    func() error     // is told when the server answers
	ending   func()           // is told when it takes no more calls
}

// serve answers on the listeners until ctx ends, and runs what runs beside the calls. Then
// it finishes those that were begun.
func (s *server) serve(ctx context.Context, at *listeners, o serving) error {
	var secure *tls.Config
	if at.certificates != nil {
		secure = at.certificates.config
	}
	beside, err := s.beside(ctx, at, o)
	if err != nil {
		return err
	}
	defer beside.stop()
	calls := &requests{handler: s.handler}
	defer calls.end() // before the rest stops, and the store
	srv := &http.Server{
		Handler: calls, ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 15*time.Second + s.longestCall,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	srv.RegisterOnShutdown(s.feed.Stop)
	defer srv.Close() // also after a panic: what runs beside is awaited
	ended := make(chan error, 1)
	beside.running.Go(func() { ended <- transport.Serve(srv, at.calls, secure) })

	if err := o.begun(); err != nil && ctx.Err() == nil {
		return errors.Join(err, srv.Close())
	}
	select {
	case err := <-ended:
		return &openError{errors.Join(err, srv.Close())}
	case <-ctx.Done():
	}
	o.ending()
	finish, cancel := context.WithTimeout(context.Background(), shutdownWait)
	defer cancel()
	if err := srv.Shutdown(finish); err != nil {
		return errors.Join(err, srv.Close())
	}
	return nil
}

// beside starts everything that runs beside the calls.
func (s *server) beside(ctx context.Context, at *listeners, o serving) (*background, error) {
	socket, err := listenForCommands(ctx, o.file)
	if err != nil {
		return nil, err
	}
	b := newBackground(ctx, s.log)
	b.serve("administration socket", &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: o.commands}, socket)
	if at.operations != nil {
		b.serve("metrics and health", s.operations(), at.operations)
	}
	b.run("what is due", s.schedule)
	b.run("TM Forum hubs", s.hubs.Run)
	b.run("webhooks", s.webhooks.Run)
	b.run("sweep", s.sweep)
	b.run("seal of the audit", s.sealer.Run)
	b.run("events", s.keepEvents)
	b.run("reload on SIGHUP", func(ctx context.Context) { s.reloadOn(ctx, o.hangup, at.certificates) })
	return b, nil
}
