package main

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"
	"time"

	"rator/access"
	"rator/store"
	"rator/tmf/hub"
)

type hubCommand struct {
	List   hubListCommand   `cmd:"" help:"List the listeners of TM Forum notifications."`
	Resume hubResumeCommand `cmd:"" help:"Tell a suspended listener what it was not told."`
	Remove hubRemoveCommand `cmd:"" help:"Forget a listener and what it was not told."`
}

type hubListCommand struct {
	storeFlag
	JSON bool `name:"json" help:"Answer as JSON: a list of id, callback, query, dialect, resource, operator, brand, state, reason, attempts, since."`
}

func (c *hubListCommand) Help() string {
	return `Lists who is told of changes, and who is suspended and why.

  rator hub list --json`
}

func (c *hubListCommand) Run(t *terminal) error {
	args := []string{"hub", "list"}
	if c.JSON {
		args = append(args, "--json")
	}
	return c.read(t, t.out, nil, args, func(st store.Store) error {
		var all []*hub.Hub
		err := st.View(t.ctx, func(tx store.Tx) (err error) {
			all, err = hub.List(tx)
			return err
		})
		if err != nil {
			return err
		}
		return c.print(t, all)
	})
}

func (c *hubListCommand) print(t *terminal, all []*hub.Hub) error {
	type row struct {
		ID       string `json:"id"`
		Callback string `json:"callback"`
		Query    string `json:"query"`
		Dialect  string `json:"dialect"`
		Resource string `json:"resource"`
		Operator string `json:"operator"`
		Brand    string `json:"brand"`
		State    string `json:"state"`
		Reason   string `json:"reason"`
		Attempts int    `json:"attempts"`
		Since    string `json:"since"`
	}
	rows := make([]row, 0, len(all))
	for _, h := range all {
		rows = append(rows, row{
			h.ID.String(), h.Callback, h.Query, h.Dialect, h.Resource, h.Operator, h.Brand,
			string(h.State), h.Reason, h.Attempts, h.Since.Format(time.RFC3339),
		})
	}
	if c.JSON {
		return json.NewEncoder(t.out).Encode(rows)
	}
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tSTATE\tDIALECT\tRESOURCE\tOPERATOR\tCALLBACK\tREASON")
	for _, r := range rows {
		if r.Resource == "" {
			r.Resource = "all"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.ID, r.State, r.Dialect, r.Resource, r.Operator, r.Callback, r.Reason)
	}
	return w.Flush()
}

type hubResumeCommand struct {
	storeFlag
	ID string `arg:"" help:"Id of the hub."`
}

func (c *hubResumeCommand) Help() string {
	return `The listener is told everything since it was suspended, of the last 7 days, the oldest first.

  rator hub resume 202605021011120001`
}

func (c *hubResumeCommand) Run(t *terminal) error {
	return c.with(t, t.out, nil, []string{"hub", "resume", c.ID}, func(st store.Store) error {
		return changeHub(t, st, c.ID, "hub resume", "resumed", func(tx store.Tx, id store.ID) error {
			_, err := hub.Resume(tx, id)
			return err
		})
	})
}

type hubRemoveCommand struct {
	storeFlag
	ID string `arg:"" help:"Id of the hub."`
}

func (c *hubRemoveCommand) Help() string {
	return `The listener is told nothing more.

  rator hub remove 202605021011120001`
}

func (c *hubRemoveCommand) Run(t *terminal) error {
	return c.with(t, t.out, nil, []string{"hub", "remove", c.ID}, func(st store.Store) error {
		return changeHub(t, st, c.ID, "hub remove", "removed", hub.Remove)
	})
}

// changeHub changes one hub, with its audit row, and says so.
func changeHub(t *terminal, st store.Store, text, command, done string, f func(store.Tx, store.ID) error) error {
	id, err := store.ParseID(text)
	if err != nil {
		return misused(err)
	}
	return change(t, st, done, func(tx store.Tx) error {
		if err := f(tx, id); err != nil {
			return err
		}
		return access.Record(tx, access.AuditRow{Who: local.Who, Face: local.Face, Hookpoint: command, Objects: []store.ID{id}, Outcome: access.OutcomeOK})
	})
}
