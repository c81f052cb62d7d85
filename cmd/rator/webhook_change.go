package main

import (
	"encoding/json"
	"fmt"

	"rator/event/webhook"
	"rator/store"
)

type webhookTestCommand struct {
	storeFlag
	webhookAllow
	ID string `arg:"" help:"Id of the webhook."`
}

func (c *webhookTestCommand) Help() string {
	return `Posts a signed document of type webhook.test, whose data names the webhook, and exits with 1 when the
receiver does not take it. It counts as no attempt, and one that is suspended stays so.

  rator webhook test 202605021011120001`
}

func (c *webhookTestCommand) Run(t *terminal) error {
	id, err := webhookID(c.ID)
	if err != nil {
		return err
	}
	return c.with(t, t.out, nil, []string{"webhook", "test", c.ID}, func(st store.Store) error {
		d, err := c.deliverer(t, st)
		if err != nil {
			return err
		}
		if err := d.Try(t.ctx, local, id); err != nil {
			return err
		}
		_, err = fmt.Fprintln(t.out, "taken")
		return err
	})
}

type webhookResumeCommand struct {
	storeFlag
	ID string `arg:"" help:"Id of the webhook."`
}

func (c *webhookResumeCommand) Help() string {
	return `The webhook is told everything since it was suspended, the oldest first, and at once. Events are kept
for a while (rator serve --event-age); of those that ended meanwhile it says how many they are.

  rator webhook resume 202605021011120001`
}

func (c *webhookResumeCommand) Run(t *terminal) error {
	id, err := webhookID(c.ID)
	if err != nil {
		return err
	}
	return c.with(t, t.out, nil, []string{"webhook", "resume", c.ID}, func(st store.Store) error {
		var w *webhook.Webhook
		var waiting, lost int64
		err := st.Update(t.ctx, func(tx store.Tx) (err error) {
			w, lost, err = webhook.Resume(tx, local, id)
			return err
		})
		if err == nil { // counted apart: nobody else writes during an Update
			err = st.View(t.ctx, func(tx store.Tx) (err error) {
				waiting, err = w.Waiting(tx)
				return err
			})
		}
		if err != nil {
			return err
		}
		if t.webhooks != nil {
			t.webhooks.Poke()
		}
		if lost > 0 {
			fmt.Fprintf(t.out, "%d events ended meanwhile, of whatever topic, and are not told\n", lost)
		}
		_, err = fmt.Fprintf(t.out, "resumed; %d events wait\n", waiting)
		return err
	})
}

type webhookRotateCommand struct {
	storeFlag
	webhookSecret
	ID   string `arg:"" help:"Id of the webhook."`
	JSON bool   `name:"json" help:"Answer as JSON: secret and what list tells."`
}

func (c *webhookRotateCommand) Help() string {
	return `For a day both secrets sign, so that the receiver may take the new one in its own time.

  rator webhook rotate 202605021011120001`
}

func (c *webhookRotateCommand) Run(t *terminal) error {
	id, err := webhookID(c.ID)
	if err != nil {
		return err
	}
	secret, err := c.take(t)
	if err != nil {
		return err
	}
	args := []string{"webhook", "rotate", c.ID, "--secret=-"}
	if c.JSON {
		args = append(args, "--json")
	}
	return c.with(t, t.out, []byte(secret+"\n"), args, func(st store.Store) error {
		var w *webhook.Webhook
		err := st.Update(t.ctx, func(tx store.Tx) (err error) {
			w, err = webhook.Rotate(tx, local, id, secret)
			return err
		})
		if err != nil {
			return err
		}
		if c.JSON {
			return json.NewEncoder(t.out).Encode(secretRow{secret, rowOfWebhook(w)})
		}
		_, err = fmt.Fprintf(t.out, "the secret before signs too until %s; the new one is shown this once:\n%s\n", timeOrNone(w.Until), secret)
		return err
	})
}

type webhookRemoveCommand struct {
	storeFlag
	ID string `arg:"" help:"Id of the webhook."`
}

func (c *webhookRemoveCommand) Help() string {
	return `Nothing more is sent to it.

  rator webhook remove 202605021011120001`
}

func (c *webhookRemoveCommand) Run(t *terminal) error {
	id, err := webhookID(c.ID)
	if err != nil {
		return err
	}
	return c.with(t, t.out, nil, []string{"webhook", "remove", c.ID}, func(st store.Store) error {
		return change(t, st, "removed", func(tx store.Tx) error { return webhook.Remove(tx, local, id) })
	})
}
