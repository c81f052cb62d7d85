package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"rator/server"
	"rator/store"
	"rator/workflow"
)

type runDueCommand struct {
	storeFlag
	AsOf string `name:"as-of" help:"Run what was due at that time only: 2026-11-24 (the start of that day in each brand's zone) or 2026-11-24T12:00:00Z. Not after now." placeholder:"DATE"`
	engineFlags
	JSON bool `name:"json" help:"Answer as JSON: done, refused, failed."`
}

func (c *runDueCommand) Help() string {
	return `Runs the terminations whose day has come, as a server does every minute; each happens once,
whoever runs it and how often. Works on the store of a running server too, inside that server. What a
hookpoint of yours refuses is not tried again; what fails is due until it succeeds. Where no server
has the store, name your hookpoints as rator serve does, or they are not asked. Prints one line for
each, and the counts. Exit code 1 when one was refused or failed.

  rator run-due --store rator.db
  rator run-due --store rator.db --hookpoints site --as-of 2026-11-24`
}

func (c *runDueCommand) Run(t *terminal) error {
	until, err := c.asOf()
	if err != nil {
		return misused(err)
	}
	args := []string{"run-due", "--as-of", c.AsOf}
	if c.JSON {
		args = append(args, "--json")
	}
	return c.with(t, t.out, nil, args, func(st store.Store) error {
		engine, done, err := c.engine(t, st, c.Store)
		if err != nil {
			return err
		}
		defer done()
		return c.run(t, engine, until)
	})
}

// AsOf reads --as-of.
func (c *runDueCommand) asOf() (server.AsOf, error) {
	if c.AsOf == "" {
		return server.AsOf{}, nil
	}
	var until server.AsOf
	first, err := time.Parse(time.RFC3339, c.AsOf)
	if err == nil {
		until.Moment = first
	} else if until.Day, err = time.Parse(time.DateOnly, c.AsOf); err == nil {
		first = until.Day.Add(-server.FarthestEast)
	} else {
		return server.AsOf{}, fmt.Errorf("--as-of %q must be a day, such as 2026-11-24, or a time, such as 2026-11-24T12:00:00Z", c.AsOf)
	}
	if first.After(time.Now()) {
		return server.AsOf{}, fmt.Errorf("--as-of %s is to come; nothing ends before its day", c.AsOf)
	}
	return until, nil
}

func (c *runDueCommand) run(t *terminal, e *workflow.Engine, until server.AsOf) error {
	report, err := server.RunDue(t.ctx, e, until, func(o server.DueOutcome) {
		if c.JSON {
			return
		}
		fmt.Fprintln(t.out, o.Text())
	})
	if c.JSON {
		err = errors.Join(err, json.NewEncoder(t.out).Encode(report))
	} else {
		fmt.Fprintf(t.out, "%d done, %d refused, %d failed\n", report.Done, report.Refused, report.Failed)
	}
	if err == nil && report.Refused+report.Failed > 0 {
		return failed()
	}
	return err
}
