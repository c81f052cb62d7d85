package tmf

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"rator/access"
	"rator/failure"
	"rator/store"
)

// HubsConfig is what Hubs are made of. Store is needed.
type HubsConfig struct {
	Store   store.Store
	Behind  *access.ReadBehind                                           // audit rows of what is read for them; nil means none
	Log     *slog.Logger                                                 // nil means slog.Default
	Targets *Targets                                                     // nil means what is public
	Lookup  func(ctx context.Context, host string) ([]netip.Addr, error) // nil means the system's
	Now     func() time.Time                                             // of the store; nil means time.Now
	Every   time.Duration                                                // between two looks at the events; 0 means 200 ms
	Answer  time.Duration                                                // that a listener may take; 0 means 10 s
	Backoff func(failed int) time.Duration                               // before the next attempt; nil means Backoff
	Demo    bool                                                         // hubs of a demo's operator are told, as access.GuardConfig.Demo
	// Transport carries what is posted in place of the network; for tests.
	Transport http.RoundTripper
}

// Hubs tell listeners what happens to resources. A Handler serves their
// registration; Run does the telling.
type Hubs struct {
	config      HubsConfig
	client      *http.Client
	collections map[*Resource]Collection
	publisher   publisher

	wake  chan struct{}
	mu    sync.Mutex
	busy  map[store.ID]bool
	group sync.WaitGroup
}

// NewHubs makes Hubs; give them to a Handler by its Config, then Run them.
func NewHubs(c HubsConfig) (*Hubs, error) {
	if c.Store == nil {
		return nil, errors.New("tmf: hubs need a store")
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Targets == nil {
		c.Targets = &Targets{public: true}
	}
	if c.Lookup == nil {
		c.Lookup = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Backoff == nil {
		c.Backoff = Backoff
	}
	setDefault(&c.Every, 200*time.Millisecond)
	setDefault(&c.Answer, 10*time.Second)
	h := &Hubs{config: c, wake: make(chan struct{}, 1), busy: map[store.ID]bool{}}
	h.publisher.hubs = h
	h.client = h.newClient()
	if c.Transport != nil {
		h.client.Transport = c.Transport
	}
	return h, nil
}

// maxAttempts is how many times in a row a hub may fail before it is suspended.
const maxAttempts = 10

// longestBackoff bounds the time between two attempts.
const longestBackoff = 5 * time.Minute

// Backoff is a second after the first failure and twice as much after each
// further one, up to five minutes, give or take a quarter: ten attempts take
// about ten minutes.
func Backoff(failed int) time.Duration {
	d := min(time.Second<<min(failed-1, 20), longestBackoff)
	return d - d/4 + rand.N(d/2)
}

// poke has Run look again at once.
func (h *Hubs) poke() {
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// sweepEvery is how often old notifications are forgotten.
const sweepEvery = time.Hour

// Run tells listeners what happens until ctx ends. When it returns, nothing of it
// uses the store any more.
func (h *Hubs) Run(ctx context.Context) {
	defer h.client.CloseIdleConnections()
	defer h.group.Wait()
	tick := time.NewTicker(h.config.Every)
	defer tick.Stop()
	swept, stopped := time.Time{}, false
	for {
		switch err := h.config.Store.Ready(); {
		case err == nil:
			h.publishAll(ctx)
			if err := h.dispatch(ctx); err != nil && ctx.Err() == nil {
				h.config.Log.Error("hubs not looked at", "cause", err)
			}
			if now := time.Now(); now.Sub(swept) > sweepEvery {
				swept = now
				h.sweep(ctx)
			}
		case !stopped && ctx.Err() == nil:
			// What a listener takes could not be noted, and would be sent for ever.
			stopped = true
			h.config.Log.Error("hubs are told nothing", "cause", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-h.wake:
		case <-tick.C:
		}
	}
}

func (h *Hubs) publishAll(ctx context.Context) {
	for {
		more, err := h.publisher.publish(ctx)
		if err != nil && ctx.Err() == nil {
			h.config.Log.Error("events not published to hubs", "cause", err)
		}
		if !more || err != nil {
			return
		}
	}
}

// sweep forgets what waited too long.
func (h *Hubs) sweep(ctx context.Context) {
	if _, err := outbox.DropOld(ctx, h.config.Store, notificationsKept); err != nil && ctx.Err() == nil {
		h.config.Log.Error("sweep of notifications", "cause", err)
	}
}

// gone reports whether an error says that there is no such thing.
func gone(err error) bool {
	p := problemOf(err)
	return p != nil && (p.Status == http.StatusNotFound) || failure.KindOf(err) == failure.NotFound
}
