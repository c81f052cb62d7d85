package webhook

import (
	"context"
	"math"

	"rator/event"
	"rator/event/delivery"
	"rator/store"
)

// Behind is how many events the active webhook that is farthest behind has before it, of
// whatever topic, and how many webhooks are suspended.
func (d *Deliverer) Behind(ctx context.Context) (events int64, suspended int, err error) {
	err = d.config.Store.View(ctx, func(tx store.Tx) error {
		events, suspended = 0, 0
		all, err := List(tx)
		if err != nil {
			return err
		}
		last := int64(math.MaxInt64) // where the one is that is farthest behind
		for _, w := range all {
			if w.State == delivery.Active {
				last = min(last, d.from(w))
			} else {
				suspended++
			}
		}
		if last < math.MaxInt64 {
			events, err = tx.EventCount(last)
		}
		return err
	})
	return events, suspended, err
}

func init() { event.NeededBy("webhooks", needed) }

// needed is the cursor up to which every active webhook is done with the events; some is
// false when there is no such webhook.
func needed(tx store.Tx) (cursor int64, some bool, err error) {
	all, err := List(tx)
	for _, w := range all {
		if w.State == delivery.Active && (!some || w.Cursor < cursor) {
			cursor, some = w.Cursor, true
		}
	}
	return cursor, some, err
}
