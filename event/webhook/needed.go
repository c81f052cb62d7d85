package webhook

import (
	"context"

	"rator/event/delivery"
	"rator/store"
)

// Behind is how many events the active webhook that is farthest behind has before it, of
// whatever topic, and how many webhooks are suspended.
func (d *Deliverer) Behind(ctx context.Context) (events int64, suspended int, err error) {
	err = d.config.Store.View(ctx, func(tx store.Tx) error {
		events, suspended = 0, 0
		_, newest, err := tx.EventSpan()
		if err != nil {
			return err
		}
		all, err := List(tx)
		for _, w := range all {
			if w.State == delivery.Active {
				events = max(events, newest-d.from(w))
			} else {
				suspended++
			}
		}
		return err
	})
	return events, suspended, err
}

// needed is the cursor after which active webhooks need events.
func needed(tx store.Tx) (cursor int64, err error) {
	if _, cursor, err = tx.EventSpan(); err != nil {
		return 0, err
	}
	all, err := List(tx)
	for _, w := range all {
		if w.State == delivery.Active {
			cursor = min(cursor, w.Cursor)
		}
	}
	return cursor, err
}
