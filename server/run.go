package server

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"

	"rator/access"
	"rator/server/together"
	"rator/transport"
)

// ShutdownWait is how long calls may go on after SIGTERM.
const ShutdownWait = 15 * time.Second

// Serving is what a server that listens works with.
type Serving struct {
	File     string           // of its store, beside which the administration socket lies; "" = it has none
	Commands http.Handler     // of that socket
	Drain    time.Duration    // how long it goes on answering for balancers to ask other servers of the database instead
	Hurry    <-chan os.Signal // ends that at once
	Hangup   <-chan os.Signal // has hookpoints and certificate read again
	Begun    func() error     // is told when the server answers
	Ending   func()           // is told when it is about to take no more calls
}

// Run answers on the listeners until ctx ends, and runs what runs beside the calls. Then
// it finishes those that were begun.
func (s *Server) Run(ctx context.Context, at *Listeners, o Serving) error {
	var secure *tls.Config
	if at.Certificates != nil {
		secure = at.Certificates.config
	}
	beside, err := s.beside(ctx, at, o)
	if err != nil {
		return err
	}
	defer beside.Stop()
	calls := &requests{handler: s.Handler}
	defer calls.end() // before the rest stops, and the store
	calls.last = s.draining.Load
	srv := &http.Server{
		Handler: calls, ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 15*time.Second + s.longestCall,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	srv.RegisterOnShutdown(s.feed.Stop)
	defer srv.Close() // also after a panic: what runs beside is awaited
	ended := make(chan error, 1)
	beside.running.Go(func() { ended <- transport.Serve(srv, at.Calls, secure) })

	if err := o.Begun(); err != nil && ctx.Err() == nil {
		return errors.Join(err, srv.Close())
	}
	super := &supervisor{s.Store, s.log}
	super.tell(daemon.SdNotifyReady)
	beside.run("systemd", super.watch)
	select {
	case err := <-ended:
		return &OpenError{errors.Join(err, srv.Close())}
	case <-ctx.Done():
	}
	super.tell(daemon.SdNotifyStopping)
	s.drain(o, at)
	o.Ending()
	finish, cancel := context.WithTimeout(context.Background(), ShutdownWait)
	defer cancel()
	if err := srv.Shutdown(finish); err != nil {
		return errors.Join(err, srv.Close())
	}
	return nil
}

// drain has balancers ask the other servers of the database, where there are any, while this one
// still answers: /readyz is red, and each answer ends its connection. Then nobody is let in.
func (s *Server) drain(o Serving, at *Listeners) {
	if s.present == nil || s.present.Seen() < 2 || o.Drain <= 0 {
		return
	}
	s.draining.Store(true)
	s.log.Info("the server ends: it is not ready, and answers until balancers ask the others", "until", time.Now().UTC().Add(o.Drain))
	select {
	case <-time.After(o.Drain):
	case <-o.Hurry:
		s.log.Info("the server was told to end again, and does not wait for balancers")
	}
	transport.Settle(at.Calls)
}

// beside starts everything that runs beside the calls.
func (s *Server) beside(ctx context.Context, at *Listeners, o Serving) (*Background, error) {
	b := NewBackground(ctx, s.log)
	if o.File != "" {
		socket, err := ListenForCommands(ctx, o.File)
		if err != nil {
			return nil, err
		}
		b.Answer("administration socket", &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: o.Commands}, socket)
	}
	if at.Operations != nil {
		b.Answer("metrics and health", s.operations(), at.Operations)
	}
	b.run("what is due", s.schedule)
	b.run("TM Forum hubs", s.Hubs.Run)
	b.run("webhooks", s.Webhooks.Run)
	b.run("sweep", s.sweep)
	b.run("seal of the audit", s.Sealer.Run)
	b.run("events", s.keepEvents)
	if s.database != nil {
		if err := s.present.Beat(ctx, at.Endpoint(), s.Store.Ready); err != nil {
			s.log.Warn("the other servers of the database are not known yet", "cause", err)
		}
		b.run("servers of the database", func(ctx context.Context) { s.present.Run(ctx, s.takes) })
		b.run("wrong tries", func(ctx context.Context) { s.tries.Run(ctx, s.heardTries) })
		b.run("clock of the database", func(ctx context.Context) { together.WatchClock(ctx, s.log, s.database.Skew) })
	}
	b.run("reload on SIGHUP", func(ctx context.Context) { s.reloadOn(ctx, o.Hangup, at.Certificates) })
	return b, nil
}

// heardTries is told what all servers of the database have counted.
func (s *Server) heardTries(t access.Try, n func() int) {
	s.guard.HeardTries(t, n)
	s.Engine.Logins.HeardTries(t, n)
}
