package tmf

import (
	"context"
	"errors"
	"net/url"
	"runtime/debug"
	"time"

	"rator/store"
)

// dispatch starts a delivery for every hub that has something to be told and
// none under way. Each hub has its own, so that a slow listener holds up no
// other.
func (h *Hubs) dispatch(ctx context.Context) error {
	var due []*Hub
	err := h.config.Store.View(ctx, func(tx store.Tx) error {
		due = nil
		for hub, err := range hubs.Scan(tx) {
			if err != nil {
				return err
			}
			if hub.State != HubActive || hub.Next.After(h.config.Now()) || h.isBusy(hub.ID) {
				continue
			}
			waiting, _, err := outbox.Page(tx, byHub, hub.ID.String(), nil, 1)
			if err != nil {
				return err
			}
			if len(waiting) > 0 {
				due = append(due, hub)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, hub := range due {
		h.setBusy(hub.ID, true)
		h.group.Go(func() {
			defer h.poke()
			defer h.setBusy(hub.ID, false)
			if err := h.deliver(ctx, hub.ID); err != nil && ctx.Err() == nil {
				h.config.Log.Error("delivery to a hub", "hub", hub.ID.String(), "cause", err)
			}
		})
	}
	return nil
}

func (h *Hubs) isBusy(id store.ID) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.busy[id]
}

func (h *Hubs) setBusy(id store.ID, busy bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if busy {
		h.busy[id] = true
	} else {
		delete(h.busy, id)
	}
}

// attempt is tell. One that panics has failed, as any other: it ends neither the server
// nor what other hubs are told.
func (h *Hubs) attempt(ctx context.Context, hub *Hub, id store.ID) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			h.config.Log.Error("delivery to a hub broke off", "hub", hub.ID.String(), "cause", &panicError{cause: cause, stack: debug.Stack()})
			err = errors.New("the server is at fault; its log says why")
		}
	}()
	return h.tell(ctx, hub, id)
}

// delivered is how many notifications are sent between two notes of it: what a
// crash may send again.
const delivered = 16

// deliver tells a hub what it waits for, in order, until it fails or has heard
// everything.
func (h *Hubs) deliver(ctx context.Context, id store.ID) error {
	for {
		hub, waiting, err := h.waiting(ctx, id)
		if err != nil || len(waiting) == 0 {
			return err
		}
		var failed error
		sent := 0
		for _, n := range waiting {
			if failed = h.attempt(ctx, hub, n.ID); failed != nil {
				break
			}
			sent++
		}
		stopped := ctx.Err() != nil // a failure then is ours
		if stopped {
			failed = nil
		}
		// What the listener took is noted also when the server stops.
		if err := h.note(context.WithoutCancel(ctx), id, waiting[:sent], failed); err != nil {
			return err
		}
		if failed != nil || stopped {
			return nil
		}
	}
}

// tell posts a notification as it is now: the person it spoke of may have been erased
// since others of its kind were read.
func (h *Hubs) tell(ctx context.Context, hub *Hub, id store.ID) error {
	var n *notification
	err := h.config.Store.View(ctx, func(tx store.Tx) (err error) {
		n, err = outbox.Get(tx, id)
		return err
	})
	switch {
	case errors.Is(err, store.ErrAbsent):
		return nil // the hub was removed
	case err != nil:
		return err
	}
	return h.post(ctx, hub, n)
}

func (h *Hubs) waiting(ctx context.Context, id store.ID) (hub *Hub, waiting []*notification, err error) {
	err = h.config.Store.View(ctx, func(tx store.Tx) (err error) {
		hub, err = hubs.Get(tx, id)
		if gone(err) {
			return nil
		}
		if err != nil || hub.State != HubActive {
			return err
		}
		waiting, _, err = outbox.Page(tx, byHub, id.String(), nil, delivered)
		return err
	})
	return hub, waiting, err
}

// note writes down what a hub was told, and that it failed.
func (h *Hubs) note(ctx context.Context, id store.ID, sent []*notification, failed error) error {
	var hub *Hub
	err := h.config.Store.Update(ctx, func(tx store.Tx) error {
		for _, n := range sent {
			kept, err := outbox.Get(tx, n.ID)
			if errors.Is(err, store.ErrAbsent) {
				continue // the hub was removed
			}
			if err == nil {
				err = outbox.Delete(tx, kept)
			}
			if err != nil {
				return err
			}
		}
		var err error
		if hub, err = hubs.Get(tx, id); gone(err) {
			hub = nil
			return nil
		}
		if err != nil {
			return err
		}
		if len(sent) > 0 && hub.Attempts > 0 {
			hub.Attempts, hub.Reason, hub.Next = 0, "", time.Time{}
		} else if failed == nil {
			return nil
		}
		if failed != nil {
			hub.failed(failed, tx.Now(), h.config.Backoff)
		}
		return hubs.Put(tx, hub)
	})
	if err == nil && failed != nil && hub != nil {
		h.config.Log.Warn("a listener was not told", "hub", id.String(), "attempts", hub.Attempts, "state", string(hub.State), "why", hub.Reason)
	}
	return err
}

// failed counts an attempt that failed.
func (h *Hub) failed(why error, now time.Time, backoff func(int) time.Duration) {
	var wrapped *url.Error
	if errors.As(why, &wrapped) {
		why = wrapped.Err // without the address, which everybody knows who sees the hub
	}
	h.Attempts++
	h.Reason = why.Error()
	h.Next = now.Add(backoff(h.Attempts))
	if h.Attempts >= maxAttempts && h.State == HubActive {
		h.State, h.Since, h.Next = HubSuspended, now, time.Time{}
	}
}
