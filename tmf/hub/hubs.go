package hub

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"rator/event/delivery"
	"rator/failure"
	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/problem"
	"rator/tmf/resource"
)

// Config is what Hubs are made of. Store is needed.
type Config struct {
	Store   store.Store
	Log     *slog.Logger                   // nil means slog.Default
	Client  *delivery.Client               // nil means one for what is public
	Now     func() time.Time               // of the store; nil means time.Now
	Every   time.Duration                  // between two looks at the events; 0 means 200 ms
	Backoff func(failed int) time.Duration // before the next attempt; nil means delivery.Backoff
	Demo    bool                           // hubs of a demo's operator are told, as access.GuardConfig.Demo
}

// Hubs tell listeners what happens to resources. A Handler serves their
// registration; Run does the telling.
type Hubs struct {
	config      Config
	collections map[*dialect.Resource]resource.Collection
	publisher   publisher
	delivery    *delivery.Delivery[store.ID]
	swept       time.Time
}

// New makes Hubs; give them to a Handler by its Config, then Run them.
func New(c Config) (*Hubs, error) {
	if c.Store == nil {
		return nil, errors.New("tmf: hubs need a store")
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Client == nil {
		c.Client = delivery.NewClient(delivery.ClientConfig{})
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Backoff == nil {
		c.Backoff = delivery.Backoff
	}
	h := &Hubs{config: c}
	h.publisher.hubs = h
	h.delivery = delivery.New(delivery.Config{
		Store: c.Store, Client: c.Client, Name: "hub", Log: c.Log, Now: c.Now, Every: c.Every, Before: h.prepare,
	}, listeners{h})
	return h, nil
}

// sweepEvery is how often old notifications are forgotten.
const sweepEvery = time.Hour

// Run tells listeners what happens until ctx ends. When it returns, nothing of it
// uses the store any more.
func (h *Hubs) Run(ctx context.Context) { h.delivery.Run(ctx) }

// Read says where resources are read that an older version did not keep with their
// change.
func (h *Hubs) Read(collections map[*dialect.Resource]resource.Collection) {
	h.collections = collections
}

// Poke has the hubs look at once for what is to be told.
func (h *Hubs) Poke() { h.delivery.Poke() }

// CheckCallback refuses what is no address of a listener, or is none that is allowed.
func (h *Hubs) CheckCallback(ctx context.Context, callback string) error {
	if strings.TrimSpace(callback) == "" {
		return problem.MissingField.With("callback is mandatory")
	}
	err := h.config.Client.Check(ctx, callback)
	var address *delivery.AddressError
	switch {
	case errors.As(err, &address):
		return problem.BadFormat.With("callback %s", address)
	case err != nil:
		return problem.NotAllowed.With("callback: %s", err)
	}
	return nil
}

// prepare makes the notifications that are delivered next.
func (h *Hubs) prepare(ctx context.Context) {
	h.publishAll(ctx)
	if now := time.Now(); now.Sub(h.swept) > sweepEvery {
		h.swept = now
		h.sweep(ctx)
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
	p := problem.Of(err)
	return p != nil && (p.Status == http.StatusNotFound) || failure.KindOf(err) == failure.NotFound
}
