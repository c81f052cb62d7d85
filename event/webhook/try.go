package webhook

import (
	"context"
	"fmt"

	"rator/access"
	"rator/event/delivery"
	"rator/store"
)

// tried is the type of what Try sends. It is no topic: nothing happened.
const tried = "webhook.test"

// Try sends a webhook a signed document of type webhook.test at once, and fails with what
// kept the receiver from taking it. It is beside what the webhook is told: it counts as no
// attempt, and a suspended one is sent it too. It fails with unknownWebhook.
func (d *Deliverer) Try(ctx context.Context, by access.Administrator, id store.ID) error {
	var post *delivery.Post
	err := d.config.Store.Update(ctx, func(tx store.Tx) error {
		w, err := webhooks.Get(tx, id)
		if err != nil {
			return err
		}
		e := store.Event{Cursor: w.Cursor, Topic: tried, At: tx.Now(), About: []store.ID{w.ID}, Body: fmt.Appendf(nil, `{"WEBHOOK_ID":"%s"}`, w.ID)}
		if e.ID, err = tx.NextID(); err != nil {
			return err
		}
		if post, err = w.post(e, tx.Now(), d.config.Clock()); err != nil {
			return err
		}
		return w.record(tx, by, "webhook test")
	})
	if err != nil {
		return err
	}
	return d.config.Client.Post(ctx, post)
}
