package webhook

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"rator/access"
	"rator/event/delivery"
	"rator/store"
)

// Config is what a Deliverer is made of. Store and Client are needed.
type Config struct {
	Store   store.Store
	Client  *delivery.Client
	Behind  *access.ReadBehind // audit rows of what is told; nil means none
	Log     *slog.Logger       // nil means slog.Default
	Now     func() time.Time   // of the store; nil means time.Now
	Clock   func() time.Time   // of receivers, who look at the time of a signature; nil means time.Now
	Every   time.Duration      // between two looks at the events; 0 means what delivery has
	Backoff func(failed int) time.Duration
	Demo    bool               // webhooks of a demo's operator are told, as access.GuardConfig.Demo
	Observe func(failed error) // is told of every attempt; nil means nothing
}

// Deliverer tells webhooks what happens. Each has a place in the stream of events, kept
// with it after a few deliveries: after a crash those few come again, under their ids.
type Deliverer struct {
	config   Config
	delivery *delivery.Delivery[message]

	mu     sync.Mutex
	places map[store.ID]place
}

// place is how far a webhook's events are looked through.
type place struct {
	cursor int64     // nothing after the webhook's own cursor, up to this one, is for it
	noted  time.Time // when the webhook's own was last put forward for that
}

const (
	mostPage = 512 // events that are looked at in one transaction

	// A place that is ahead of its webhook's is kept when that is so by many events, or for
	// long: a start looks through what is between again, and what is there is not ended.
	mostUnkept    = 1000
	longestUnkept = time.Hour
)

// NewDeliverer makes a Deliverer; Run it.
func NewDeliverer(c Config) *Deliverer {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Backoff == nil {
		c.Backoff = delivery.Backoff
	}
	d := &Deliverer{config: c, places: map[store.ID]place{}}
	of := delivery.Config{Store: c.Store, Client: c.Client, Name: "webhook", Log: c.Log, Now: c.Now, Every: c.Every}
	if c.Observe != nil {
		of.Observe = func(_ store.ID, failed error, _ time.Duration) { c.Observe(failed) }
	}
	d.delivery = delivery.New(of, source{d})
	return d
}

// Run tells webhooks what happens until ctx ends. When it returns, nothing of it uses the
// store any more.
func (d *Deliverer) Run(ctx context.Context) { d.delivery.Run(ctx) }

// Poke has Run look again at once.
func (d *Deliverer) Poke() { d.delivery.Poke() }

// Check fails with badWebhook for what is no address of a webhook, and with targetDenied
// for one that the server may not post to. A host that nobody knows at the moment passes:
// whoever it is then, is looked at at every delivery.
func (d *Deliverer) Check(ctx context.Context, address string) error {
	err := d.config.Client.Check(ctx, address)
	var denied *delivery.DeniedError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &denied):
		return targetDenied.With("%s", err)
	}
	return badWebhook.With("the address %s", err)
}

// from is the cursor after which a webhook's events are not looked through.
func (d *Deliverer) from(w *Webhook) int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return max(w.Cursor, d.places[w.ID].cursor)
}

// ahead says that a webhook's events are looked through up to a cursor, and reports
// whether that is to be kept.
func (d *Deliverer) ahead(w *Webhook, cursor int64, now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, known := d.places[w.ID]
	if !known {
		p.noted = now
	}
	p.cursor = max(p.cursor, cursor)
	d.places[w.ID] = p
	return p.cursor-w.Cursor >= mostUnkept || p.cursor > w.Cursor && now.Sub(p.noted).Abs() >= longestUnkept
}

// keep puts a webhook's own cursor where its events are looked through.
func (d *Deliverer) keep(ctx context.Context, id store.ID, cursor int64) error {
	err := d.change(ctx, id, func(tx store.Tx, w *Webhook) (bool, error) {
		further := cursor > w.Cursor && w.State == delivery.Active
		w.Cursor = max(w.Cursor, cursor)
		return further, nil
	})
	if err == nil {
		d.mu.Lock()
		defer d.mu.Unlock()
		if p, known := d.places[id]; known {
			p.noted = d.config.Now()
			d.places[id] = p
		}
	}
	return err
}

// forget forgets places of webhooks that are gone.
func (d *Deliverer) forget(all []*Webhook) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for id := range d.places {
		if !slices.ContainsFunc(all, func(w *Webhook) bool { return w.ID == id }) {
			delete(d.places, id)
		}
	}
}

// change changes a webhook in a transaction of its own, unless it is gone; do reports
// whether it did.
func (d *Deliverer) change(ctx context.Context, id store.ID, do func(store.Tx, *Webhook) (bool, error)) error {
	return d.config.Store.Update(ctx, func(tx store.Tx) error {
		w, err := webhooks.Get(tx, id)
		if isGone(err) {
			return nil
		}
		if err != nil {
			return err
		}
		changed, err := do(tx, w)
		if err != nil || !changed {
			return err
		}
		return webhooks.Put(tx, w)
	})
}

// operator is the webhook's as operatorOf has it; that of a demo is none elsewhere.
func (d *Deliverer) operator(tx store.Tx, w *Webhook) (*access.Operator, error) {
	o, err := w.operatorOf(tx)
	if err == nil && o.Demo && !d.config.Demo {
		return nil, mayNotHear.With("operator %s has the password that everybody knows, and the server is no demo", o.Name)
	}
	return o, err
}
