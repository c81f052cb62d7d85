package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"rator/event/webhook"
	"rator/store"
)

type webhookShowCommand struct {
	storeFlag
	ID   string `arg:"" help:"Id of the webhook."`
	JSON bool   `name:"json" help:"Answer as JSON: what list tells, and waiting, next, former_secret_until."`
}

func (c *webhookShowCommand) Help() string {
	return `Shows who is told what, how it goes, and how many events wait to be told.

  rator webhook show 202605021011120001`
}

func (c *webhookShowCommand) Run(t *terminal) error {
	id, err := webhookID(c.ID)
	if err != nil {
		return err
	}
	args := []string{"webhook", "show", c.ID}
	if c.JSON {
		args = append(args, "--json")
	}
	return c.read(t, t.out, nil, args, func(st store.Store) error {
		var r shownWebhook
		err := st.View(t.ctx, func(tx store.Tx) error {
			w, err := webhook.Get(tx, id)
			if err != nil {
				return err
			}
			r = shownWebhook{webhookRow: rowOfWebhook(w), Next: timeOrNone(w.Next)}
			if w.Until.After(tx.Now()) {
				r.Former = timeOrNone(w.Until)
			}
			r.Waiting, err = w.Waiting(tx)
			return err
		})
		if err != nil {
			return err
		}
		return c.print(t, r)
	})
}

// shownWebhook is a webhook as show tells it.
type shownWebhook struct {
	webhookRow
	Waiting int64  `json:"waiting"`             // events that it is still to be told
	Next    string `json:"next"`                // no attempt before; "" = none failed
	Former  string `json:"former_secret_until"` // when the secret before signs no more; "" = there is none
}

func timeOrNone(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

func (c *webhookShowCommand) print(t *terminal, r shownWebhook) error {
	if c.JSON {
		return json.NewEncoder(t.out).Encode(r)
	}
	if len(r.Brands) == 0 {
		r.Brands = []string{"all of the operator's"}
	}
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	for _, line := range []struct{ name, value string }{
		{"id", r.ID}, {"url", r.URL}, {"topics", strings.Join(r.Topics, " ")}, {"operator", r.Operator}, {"brands", strings.Join(r.Brands, " ")},
		{"added", r.Added}, {"state", r.State + " since " + r.Since}, {"reason", r.Reason},
		{"failed in a row", fmt.Sprint(r.Attempts)}, {"next attempt", r.Next}, {"waiting", fmt.Sprint(r.Waiting, " events")},
		{"lost", fmt.Sprint(r.Lost, " events ended before they could be told")}, {"cursor", fmt.Sprint(r.Cursor)}, {"former secret until", r.Former},
	} {
		if line.value != "" {
			fmt.Fprintf(w, "%s\t%s\n", line.name, line.value)
		}
	}
	return w.Flush()
}
