package hub

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"rator/event/delivery"
	"rator/store"
	"rator/tmf/dialect"
)

// listeners are hubs as a source of deliveries; their messages are ids of notifications.
type listeners struct{ *Hubs }

// Due gives the hubs for which notifications wait. Each server asks so five times a second, so
// where there is no hub it asks the copies alone.
func (l listeners) Due(ctx context.Context, now time.Time, busy func(store.ID) bool) (due []store.ID, err error) {
	some := false
	err = l.config.Store.Look(ctx, func(tx store.Tx) error {
		all, err := List(tx)
		some = slices.ContainsFunc(all, func(h *Hub) bool { return h.Due(now) && !busy(h.ID) })
		return err
	})
	if err != nil || !some {
		return nil, err
	}
	err = l.config.Store.View(ctx, func(tx store.Tx) error {
		due = nil
		for hub, err := range hubs.Scan(tx) {
			if err != nil {
				return err
			}
			if !hub.Due(now) || busy(hub.ID) {
				continue
			}
			waiting, _, err := outbox.Page(tx, byHub, hub.ID.String(), nil, 1)
			if err != nil {
				return err
			}
			if len(waiting) > 0 {
				due = append(due, hub.ID)
			}
		}
		return nil
	})
	return due, err
}

// Waiting gives a hub's notifications, the oldest first.
func (l listeners) Waiting(ctx context.Context, id store.ID, most int) (waiting []store.ID, err error) {
	err = l.config.Store.View(ctx, func(tx store.Tx) error {
		waiting = nil
		hub, err := hubs.Get(tx, id)
		if gone(err) {
			return nil
		}
		if err != nil || hub.State != delivery.Active {
			return err
		}
		all, _, err := outbox.Page(tx, byHub, id.String(), nil, most)
		for _, n := range all {
			waiting = append(waiting, n.ID)
		}
		return err
	})
	return waiting, err
}

// Post gives a notification as it is now: the person it spoke of may have been erased since
// Waiting. There is none when the hub was removed, or its operator may not hear it any more.
func (l listeners) Post(ctx context.Context, id, notification store.ID) (p *delivery.Post, err error) {
	err = l.config.Store.View(ctx, func(tx store.Tx) error {
		p = nil
		hub, err := hubs.Get(tx, id)
		if gone(err) {
			return nil
		}
		if err != nil {
			return err
		}
		n, err := outbox.Get(tx, notification)
		if errors.Is(err, store.ErrAbsent) {
			return nil
		}
		if err != nil {
			return err
		}
		may, err := l.mayHear(tx, hub, n)
		if may {
			p = hub.post(n)
		}
		return err
	})
	return p, err
}

func (h *Hub) post(n *notification) *delivery.Post {
	media := dialect.JSON
	if d := h.dialect(); d != nil {
		media = d.MediaType
	}
	return &delivery.Post{URL: h.Callback, Header: http.Header{"Content-Type": {media}, "Accept": {dialect.JSON}}, Body: n.Body}
}

// Note forgets the notifications that a hub has taken, and counts that it failed.
func (l listeners) Note(ctx context.Context, id store.ID, taken []store.ID, failed error) error {
	return l.config.Store.Update(ctx, func(tx store.Tx) error {
		for _, n := range taken {
			kept, err := outbox.Get(tx, n)
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
		hub, err := hubs.Get(tx, id)
		if gone(err) {
			return nil
		}
		if err != nil {
			return err
		}
		changed := len(taken) > 0 && hub.Took()
		if failed != nil {
			hub.Failed(failed, tx.Now(), l.config.Backoff)
		}
		if !changed && failed == nil {
			return nil
		}
		return hubs.Put(tx, hub)
	})
}
