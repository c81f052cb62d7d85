package webhook

import (
	"context"
	"errors"
	"net/http"
	"time"

	"rator/event"
	"rator/event/delivery"
	"rator/failure"
	"rator/store"
)

// mediaType is that of a CloudEvents document (HTTP protocol binding 1.0, 3.2).
const mediaType = "application/cloudevents+json"

// source gives what webhooks are to be told.
type source struct{ *Deliverer }

// message is an event that a webhook is to be told: it is read again when it is sent.
type message struct {
	cursor int64
	about  []store.ID
}

var _ delivery.Source[message] = source{}

func isGone(err error) bool { return failure.CodeOf(err) == unknownWebhook }

// Due gives those that have events before them that nobody looked through.
func (s source) Due(ctx context.Context, now time.Time, busy func(store.ID) bool) (due []store.ID, err error) {
	err = s.config.Store.View(ctx, func(tx store.Tx) error {
		due = nil
		all, err := List(tx)
		if err != nil {
			return err
		}
		s.forget(all)
		if len(all) == 0 {
			return nil // each server asks so five times a second
		}
		span, err := tx.EventSpan()
		if err != nil {
			return err
		}
		for _, w := range all {
			if w.Standing.Due(now) && span.Newest != s.from(w) && !busy(w.ID) {
				due = append(due, w.ID)
			}
		}
		return nil
	})
	return due, err
}

// Waiting gives the next events of a webhook's. One whose operator may not
// be told anything any more is suspended, and stays where it is.
func (s source) Waiting(ctx context.Context, id store.ID, most int) ([]message, error) {
	for limit := most; ; limit = min(2*limit, mostPage) {
		w, page, err := s.look(ctx, id, limit)
		var gone *event.GoneError
		var beyond *event.BeyondError
		switch {
		case errors.As(err, &gone) || errors.As(err, &beyond):
			if err := s.catchUp(ctx, id, err); err != nil {
				return nil, err
			}
			continue
		case denied(err):
			return nil, s.suspend(ctx, id, err)
		case err != nil || w == nil:
			return nil, err
		case len(page.Events) > 0:
			var next []message
			for _, e := range page.Events[:min(most, len(page.Events))] {
				next = append(next, message{e.Cursor, e.About})
			}
			return next, nil
		}
		if s.ahead(w, page.Cursor, s.config.Now()) {
			if err := s.keep(ctx, id, page.Cursor); err != nil {
				return nil, err
			}
		}
		if page.End || ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
}

// look reads the next events of a webhook's, of at most limit; w is nil when it is to be
// told nothing now.
func (s source) look(ctx context.Context, id store.ID, limit int) (w *Webhook, page event.Page, err error) {
	err = s.config.Store.View(ctx, func(tx store.Tx) error {
		w = nil
		found, err := webhooks.Get(tx, id)
		if isGone(err) || err == nil && !found.Standing.Due(tx.Now()) {
			return nil
		}
		if err != nil {
			return err
		}
		o, err := s.operator(tx, found)
		if err != nil {
			return err
		}
		w = found
		page, err = w.reader(o).After(tx, s.from(w), limit)
		return err
	})
	return w, page, err
}

// catchUp puts a webhook where events are kept.
func (s source) catchUp(ctx context.Context, id store.ID, why error) error {
	s.config.Log.Error("events ended before a webhook was told of them", "webhook", id.String(), "cause", why)
	s.mu.Lock()
	delete(s.places, id)
	s.mu.Unlock()
	return s.change(ctx, id, func(tx store.Tx, w *Webhook) (bool, error) {
		_, err := w.catchUp(tx)
		return true, err
	})
}

func (s source) suspend(ctx context.Context, id store.ID, why error) error {
	reason := reasonOf(why)
	s.config.Log.Warn("a webhook is suspended", "webhook", id.String(), "why", reason)
	return s.change(ctx, id, func(tx store.Tx, w *Webhook) (bool, error) {
		w.Suspend(reason, tx.Now())
		return true, nil
	})
}

// reasonOf is an error without the name of its code.
func reasonOf(err error) string {
	var f *failure.Error
	if errors.As(err, &f) {
		return f.Message("EN")
	}
	return err.Error()
}

// Post makes the signed document of an event as it is now, for a webhook that may still be
// told of it.
func (s source) Post(ctx context.Context, id store.ID, m message) (post *delivery.Post, err error) {
	err = s.config.Store.View(ctx, func(tx store.Tx) error {
		post = nil
		w, err := webhooks.Get(tx, id)
		if isGone(err) {
			return nil
		}
		if err != nil {
			return err
		}
		o, err := s.operator(tx, w)
		if err != nil {
			return err
		}
		page, err := w.reader(o).After(tx, m.cursor-1, 1)
		var gone *event.GoneError
		if errors.As(err, &gone) || err == nil && len(page.Events) == 0 {
			return nil
		}
		if err != nil {
			return err
		}
		post, err = w.post(page.Events[0], tx.Now(), s.config.Clock())
		return err
	})
	return post, err
}

// post is an event as the webhook is sent it: now is of the store, at of the receiver.
func (w *Webhook) post(e store.Event, now, at time.Time) (*delivery.Post, error) {
	body, err := event.Document(e, event.Source)
	if err != nil {
		return nil, err
	}
	h := http.Header{"Content-Type": {mediaType}}
	if err := sign(h, w.secrets(now), e.ID.String(), at, body); err != nil {
		return nil, err
	}
	return &delivery.Post{URL: w.URL, Header: h, Body: body}, nil
}
