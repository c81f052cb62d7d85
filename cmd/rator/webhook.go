package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"rator/event/delivery"
	"rator/event/webhook"
	"rator/store"
)

type webhookCommand struct {
	Add    webhookAddCommand    `cmd:"" help:"Have an address told of events, and print the secret this once."`
	List   webhookListCommand   `cmd:"" help:"List webhooks, without their secrets."`
	Show   webhookShowCommand   `cmd:"" help:"Show one webhook, and how much waits for it."`
	Test   webhookTestCommand   `cmd:"" help:"Send a webhook a document now, and say what became of it."`
	Resume webhookResumeCommand `cmd:"" help:"Tell a suspended webhook what it was not told."`
	Rotate webhookRotateCommand `cmd:"" help:"Give a webhook another secret, and print it this once."`
	Remove webhookRemoveCommand `cmd:"" help:"Forget a webhook."`
}

// webhookAllow is where a command may post when no server has the store, whose own list
// counts.
type webhookAllow struct {
	HubAllow []string `help:"Where webhooks may be, as rator serve --hub-allow has it, when no server has the store. Default public." placeholder:"CIDR|HOST" env:"-"`
}

// deliverer is the server's own, or one for a command without a server.
func (c *webhookAllow) deliverer(t *terminal, st store.Store) (*webhook.Deliverer, error) {
	if t.webhooks != nil {
		return t.webhooks, nil
	}
	targets, err := delivery.NewTargets(c.HubAllow, false)
	if err != nil {
		return nil, misused(fmt.Errorf("--hub-allow: %w", err))
	}
	return webhook.NewDeliverer(webhook.Config{Store: st, Client: delivery.NewClient(delivery.ClientConfig{Targets: targets})}), nil
}

// webhookID reads the id of a webhook.
func webhookID(text string) (store.ID, error) {
	id, err := store.ParseID(text)
	if err != nil {
		return 0, misused(fmt.Errorf("%.40q is no id of a webhook; rator webhook list shows them", text))
	}
	return id, nil
}

// webhookRow is a webhook as --json tells it.
type webhookRow struct {
	ID       string   `json:"id"`
	URL      string   `json:"url"`
	Topics   []string `json:"topics"`
	Brands   []string `json:"brands"` // none = all of the operator's
	Operator string   `json:"operator"`
	State    string   `json:"state"`
	Reason   string   `json:"reason"`
	Attempts int      `json:"attempts"` // that failed in a row
	Since    string   `json:"since"`    // RFC 3339
	Added    string   `json:"added"`
	Cursor   int64    `json:"cursor"` // of the newest event that it is done with
	Lost     int64    `json:"lost"`   // events that ended before they could be told
}

func rowOfWebhook(w *webhook.Webhook) webhookRow {
	r := webhookRow{
		ID: w.ID.String(), URL: w.URL, Topics: []string{}, Brands: append([]string{}, w.Brands...), Operator: w.Operator,
		State: string(w.State), Reason: w.Reason, Attempts: w.Attempts, Since: w.Since.Format(time.RFC3339), Added: w.Added.Format(time.RFC3339),
		Cursor: w.Cursor, Lost: w.Lost,
	}
	for _, p := range w.Topics {
		r.Topics = append(r.Topics, string(p))
	}
	return r
}

type webhookListCommand struct {
	storeFlag
	JSON bool `name:"json" help:"Answer as JSON: a list of id, url, topics, brands, operator, state, reason, attempts, since, added, cursor, lost."`
}

func (c *webhookListCommand) Help() string {
	return `Lists who is told of which events, and who is suspended and why.

  rator webhook list --json`
}

func (c *webhookListCommand) Run(t *terminal) error {
	args := []string{"webhook", "list"}
	if c.JSON {
		args = append(args, "--json")
	}
	return c.read(t, t.out, nil, args, func(st store.Store) error {
		rows := []webhookRow{}
		err := st.View(t.ctx, func(tx store.Tx) error {
			all, err := webhook.List(tx)
			rows = rows[:0]
			for _, w := range all {
				rows = append(rows, rowOfWebhook(w))
			}
			return err
		})
		if err != nil {
			return err
		}
		return c.print(t, rows)
	})
}

func (c *webhookListCommand) print(t *terminal, rows []webhookRow) error {
	if c.JSON {
		return json.NewEncoder(t.out).Encode(rows)
	}
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tSTATE\tOPERATOR\tTOPICS\tURL\tREASON")
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", r.ID, r.State, r.Operator, strings.Join(r.Topics, " "), r.URL, r.Reason)
	}
	return w.Flush()
}
