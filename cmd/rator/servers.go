package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"rator/server"
	"rator/store/address"
)

type serversCommand struct {
	storeFlag
	JSON bool `name:"json" help:"Answer as JSON: a list of name, address, version, hookpoints, counts, since, ready, reason."`
}

func (c *serversCommand) Help() string {
	return `Lists the servers that a store in a database has at the moment: what they are called, where they answer,
which hookpoints they have (a hash), whether those are the ones that all are to have, and whether
they are ready.

  rator servers --store postgres://rator@db.example.net/rator`
}

// serverRow is a server as --json tells it.
type serverRow struct {
	Name       string    `json:"name"`
	Address    string    `json:"address"`
	Version    string    `json:"version"`
	Hookpoints string    `json:"hookpoints"`
	Counts     bool      `json:"counts"` // all are to have those hookpoints
	Since      time.Time `json:"since"`
	Ready      bool      `json:"ready"`
	Reason     string    `json:"reason"` // why it is not
}

func (c *serversCommand) Run(t *terminal) error {
	if err := c.find(t); err != nil {
		return err
	}
	if !address.Is(c.Store) {
		return misused(errors.New("--store: a store in a file has one server at most; rator doctor says whether it has"))
	}
	all, counting, err := server.Servers(t.ctx, c.Store)
	if err != nil {
		return unreachable(err)
	}
	rows := []serverRow{}
	for _, s := range all {
		rows = append(rows, serverRow{s.Name, s.Address, s.Version, s.Hookpoints, counting != nil && counting.Hookpoints == s.Hookpoints, s.Started.UTC(), s.NotReady == "", s.NotReady})
	}
	if c.JSON {
		return json.NewEncoder(t.out).Encode(rows)
	}
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tADDRESS\tVERSION\tHOOKPOINTS\tSINCE\tREADY")
	for _, r := range rows {
		ready := "yes"
		if !r.Ready {
			ready = "no: " + r.Reason
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%.8s\t%s\t%s\n", r.Name, r.Address, r.Version, r.Hookpoints, r.Since.Format(time.RFC3339), ready)
	}
	return w.Flush()
}
