// Package delivery posts messages to subscribers, whoever they are: each is told in order,
// again and again with longer and longer pauses, and suspended when it goes on failing; a
// slow one holds up no other. It says where subscribers may be, and knows neither what they
// are told nor where that is kept.
package delivery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"runtime/debug"
	"sync"
	"time"

	"rator/store"
)

// Source is a sort of subscribers. M is one of their messages, as the source knows it: an
// id, an event.
type Source[M any] interface {
	// Due gives those that are to be told something now. busy reports whether one is being
	// told already; what it answers for such a one does not matter.
	Due(ctx context.Context, now time.Time, busy func(store.ID) bool) ([]store.ID, error)
	// Waiting gives what a subscriber is to be told next, the oldest first; nothing when
	// there is none, when it is suspended or gone.
	Waiting(ctx context.Context, id store.ID, most int) ([]M, error)
	// Post makes what is sent, right before it is: a person may have been erased, or a
	// right taken, since Waiting. Nil means that there is nothing to send, and the message
	// counts as taken; an error is a failed attempt.
	Post(ctx context.Context, id store.ID, m M) (*Post, error)
	// Note writes down what a subscriber has taken, and why the next message failed, in one
	// transaction. Its context does not end when the server stops.
	Note(ctx context.Context, id store.ID, taken []M, failed error) error
}

// Batch is how many messages are sent between two notes of it: what a crash may send
// again.
const Batch = 16

// Config is what a Delivery is made of. Store and Client are needed.
type Config struct {
	Store   store.Store // whose Ready is asked: what cannot be noted is not sent; and whose leases are held
	Client  *Client
	Name    string                                              // of a subscriber, in the log
	Log     *slog.Logger                                        // nil means slog.Default
	Now     func() time.Time                                    // of the store; nil means time.Now
	Every   time.Duration                                       // between two looks; 0 means 200 ms
	Before  func(ctx context.Context)                           // is called before each look, under a lease; nil means nothing
	Observe func(id store.ID, failed error, took time.Duration) // is called after each attempt; nil means nothing
}

// Delivery delivers to the subscribers of a source.
type Delivery[M any] struct {
	config Config
	source Source[M]

	wake  chan struct{}
	mu    sync.Mutex
	busy  map[store.ID]bool
	group sync.WaitGroup
}

// New makes a Delivery; Run it.
func New[M any](c Config, source Source[M]) *Delivery[M] {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Every <= 0 {
		c.Every = 200 * time.Millisecond
	}
	return &Delivery[M]{config: c, source: source, wake: make(chan struct{}, 1), busy: map[store.ID]bool{}}
}

// Poke has Run look again at once.
func (d *Delivery[M]) Poke() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// Run delivers until ctx ends. When it returns, nothing of it uses the store any more.
func (d *Delivery[M]) Run(ctx context.Context) {
	defer d.config.Client.http.CloseIdleConnections()
	defer d.group.Wait()
	tick := time.NewTicker(d.config.Every)
	defer tick.Stop()
	stopped := false
	for {
		switch err := d.config.Store.Ready(); {
		case err == nil:
			stopped = false
			if d.config.Before != nil {
				d.under(ctx, "what is told each "+d.config.Name, func(ctx context.Context) error {
					d.config.Before(ctx)
					return nil
				})
			}
			if err := d.dispatch(ctx); err != nil && ctx.Err() == nil {
				d.config.Log.Error("subscribers not looked at", "sort", d.config.Name, "cause", err)
			}
		case !stopped && ctx.Err() == nil:
			// What a subscriber takes could not be noted, and would be sent for ever.
			stopped = true
			d.config.Log.Error("subscribers are told nothing", "sort", d.config.Name, "cause", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-d.wake:
		case <-tick.C:
		}
	}
}

// dispatch starts a delivery for each subscriber that has something to be told and none
// under way.
func (d *Delivery[M]) dispatch(ctx context.Context) error {
	due, err := d.source.Due(ctx, d.config.Now(), d.isBusy)
	if err != nil {
		return err
	}
	for _, id := range due {
		if !d.begin(id) {
			continue
		}
		d.group.Go(func() {
			defer d.Poke()
			defer d.end(id)
			d.under(ctx, d.config.Name+"/"+id.String(), func(ctx context.Context) error { return d.deliver(ctx, id) })
		})
	}
	return nil
}

// under does what one of all servers of the store does at a time, unless another one does it.
// What this one has begun and another goes on with, it leaves.
func (d *Delivery[M]) under(ctx context.Context, lease string, do func(context.Context) error) {
	held, done, err := d.config.Store.Hold(ctx, lease)
	if err == nil {
		defer done()
		err = do(held)
	}
	switch {
	case err == nil || ctx.Err() != nil || errors.As(err, new(*store.HeldError)):
	case errors.Is(err, store.ErrLeaseLost):
		d.config.Log.Warn("another server goes on with what this one did", "lease", lease, "cause", err)
	default:
		d.config.Log.Error("subscribers are not told", "lease", lease, "cause", err)
	}
}

func (d *Delivery[M]) isBusy(id store.ID) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.busy[id]
}

// begin takes a subscriber, unless it is being told already.
func (d *Delivery[M]) begin(id store.ID) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.busy[id] {
		return false
	}
	d.busy[id] = true
	return true
}

func (d *Delivery[M]) end(id store.ID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.busy, id)
}

// deliver tells a subscriber what it waits for, in order, until it fails or has heard
// everything.
func (d *Delivery[M]) deliver(ctx context.Context, id store.ID) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = &panicError{cause, debug.Stack()}
		}
	}()
	for {
		waiting, err := d.source.Waiting(ctx, id, Batch)
		if err != nil || len(waiting) == 0 {
			return err
		}
		var failed error
		taken := 0
		for _, m := range waiting {
			if failed = d.attempt(ctx, id, m); failed != nil {
				break
			}
			taken++
		}
		stopped := ctx.Err() != nil // a failure then is ours
		if stopped {
			failed = nil
		}
		// What was taken is noted also when the server stops.
		if err := d.source.Note(context.WithoutCancel(ctx), id, waiting[:taken], failed); err != nil {
			return err
		}
		if failed != nil {
			d.config.Log.Warn("a subscriber was not told", d.config.Name, id.String(), "why", reasonOf(failed))
		}
		if failed != nil || stopped {
			return nil
		}
	}
}

// attempt sends a message. One that panics has failed, as any other: it ends neither the
// server nor what other subscribers are told.
func (d *Delivery[M]) attempt(ctx context.Context, id store.ID, m M) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			d.config.Log.Error("delivery to a subscriber broke off", d.config.Name, id.String(), "cause", &panicError{cause, debug.Stack()})
			err = errors.New("the server is at fault; its log says why")
		}
	}()
	p, err := d.source.Post(ctx, id, m)
	if p == nil || err != nil {
		return err
	}
	if err := store.Had(ctx); err != nil { // this server may have been stopped since it was asked
		return err
	}
	began := time.Now()
	err = d.config.Client.Post(ctx, p)
	if d.config.Observe != nil && ctx.Err() == nil {
		d.config.Observe(id, err, time.Since(began))
	}
	return err
}

// reasonOf is why a message was not taken, without the address, which everybody knows who
// sees the subscriber.
func reasonOf(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return &plainError{wrapped.Err}
	}
	return err
}

// panicError is a panic as an error.
type panicError struct {
	cause any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v\n%s", e.cause, e.stack) }
