package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"rator/store"
	"rator/transport"
)

// Background owns what runs beside the calls of a server: the scheduler, hubs and
// webhooks, the sweep, reloading, the administration socket, metrics on an address of their own. It
// tells when something of it ends that should not, and ends and awaits all of it, so
// that the store can be closed.
type Background struct {
	ctx     context.Context
	end     context.CancelFunc
	log     *slog.Logger
	running sync.WaitGroup
	Pause   time.Duration // before what ended by itself begins again
}

// NewBackground gives an owner of nothing yet. It ends with stop only: while calls are
// finished, what runs beside them goes on.
func NewBackground(ctx context.Context, log *slog.Logger) *Background {
	b := &Background{log: log, Pause: time.Minute}
	b.ctx, b.end = context.WithCancel(context.WithoutCancel(ctx))
	return b
}

// once does what one of all servers of the store does at a time, unless another one does it
// now. What the lease is called, the other's log and metrics call it too.
func (s *Server) once(ctx context.Context, lease string, job func(context.Context)) {
	held, done, err := s.Store.Hold(ctx, lease)
	switch {
	case err == nil:
		defer done()
		job(held)
	case ctx.Err() == nil && !errors.As(err, new(*store.HeldError)):
		s.log.Error("a job beside the calls was not done", "job", lease, "cause", err)
	}
}

// run runs a job, which lasts until its context ends. One that panics or ends before is
// told, and begins again.
func (b *Background) run(name string, job func(context.Context)) {
	b.running.Go(func() {
		for b.ctx.Err() == nil {
			broken := panicOf(func() { job(b.ctx) })
			switch {
			case broken != nil:
				b.log.Error("a job beside the calls broke off", "job", name, "cause", broken.value, "stack", broken.stack)
			case b.ctx.Err() == nil:
				b.log.Error("a job beside the calls ended by itself", "job", name)
			}
			again := time.NewTimer(b.Pause)
			select {
			case <-again.C:
			case <-b.ctx.Done():
				again.Stop()
			}
		}
	})
}

// Answer answers on l, in plain HTTP. When b stops, requests are broken off and awaited.
func (b *Background) Answer(name string, srv *http.Server, l net.Listener) {
	requests := &requests{handler: srv.Handler}
	srv.Handler = requests
	srv.BaseContext = func(net.Listener) context.Context { return b.ctx }
	srv.ErrorLog = slog.NewLogLogger(b.log.Handler(), slog.LevelWarn)
	b.run(name, func(ctx context.Context) {
		if err := transport.Serve(srv, l, nil); ctx.Err() == nil {
			b.log.Error("an address is not served any more", "job", name, "address", l.Addr().String(), "cause", err)
		}
	})
	b.running.Go(func() {
		<-b.ctx.Done()
		_ = srv.Close() // the address is given back either way
		requests.end()
	})
}

// Stop ends everything, and returns when nothing of it runs any more.
func (b *Background) Stop() {
	b.end()
	b.running.Wait()
}

// panicked is a panic.
type panicked struct {
	value any
	stack string
}

// panicOf runs fn and gives its panic, nil when there was none.
func panicOf(fn func()) (p *panicked) {
	defer func() {
		if v := recover(); v != nil {
			p = &panicked{v, string(debug.Stack())}
		}
	}()
	fn()
	return nil
}

// requests answers requests until end, and knows when none is being answered any more,
// which http.Server.Close does not wait for.
type requests struct {
	handler http.Handler
	last    func() bool  // whether each answer is to be the last on its connection; nil = none is
	mu      sync.RWMutex // held for reading while a request is answered
	ended   bool
}

func (q *requests) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q.mu.RLock()
	defer q.mu.RUnlock()
	if q.ended {
		http.Error(w, "the server stops", http.StatusServiceUnavailable)
		return
	}
	if q.last != nil && q.last() {
		w.Header().Set("Connection", "close")
	}
	q.handler.ServeHTTP(w, r)
}

// end waits for those that are being answered; others are refused.
func (q *requests) end() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.ended = true
}
