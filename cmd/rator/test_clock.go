package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"rator/catalogue"
	"rator/clock"
	"rator/server"
	"rator/server/past"
	"rator/store"
	"rator/store/address"
	"rator/zone"
)

// clockFlags is how a demo gets a clock of its own.
type clockFlags struct {
	Clock string `help:"With --demo: begin a test clock at that time, 2026-01-15 (the start of that day in --time-zone) or 2026-01-15T09:00:00Z, which rator clock advance puts forward. A new store's; one that has a clock goes on with it." placeholder:"DATE"`
	Past  bool   `help:"With --demo: a new store has customers with a year behind them, and a test clock that is at the present, or at --clock." env:"-"`
}

// past makes the store of a demo whose customers have a past. One that is there goes on
// as it is.
func (c *serveCommand) past(t *terminal, file string) error {
	switch _, err := os.Stat(file); {
	case !c.Past:
		return nil
	case address.Is(file):
		return misused(errors.New("--past: customers with a past are made in a file; serve one that is new, and bring it into the database"))
	case !c.Demo:
		return misused(errors.New("--past: the customers with a past are a demo's; give --demo too"))
	case err == nil:
		fmt.Fprintf(t.err, "rator: store %s is there already; --past is not used\n", file)
		return nil
	}
	end := time.Now()
	if c.Clock != "" {
		var err error
		if end, err = c.clockBegin(); err != nil {
			return misused(err)
		}
		c.Clock = "" // the store has it
	}
	return past.Make(t.ctx, file, end, c.TimeZone)
}

// testClock goes on with the clock of a store, or begins one. A store that has one
// holds no real customers, and is served as a demo only.
func (c *serveCommand) testClock(t *terminal, st store.Store, clk *clock.Clock, file string) error {
	if err := clk.Resume(t.ctx, st); err != nil {
		return err
	}
	switch {
	case clk.Test() && !c.Demo:
		return misused(fmt.Errorf("store %s has a test clock, which is at %s: it was made for trials and is served with --demo only; take another store for real customers", address.Shown(file), clk.Now().UTC().Format(time.RFC3339)))
	case c.Clock == "":
		return nil
	}
	at, err := c.clockBegin()
	if err != nil {
		return misused(err)
	}
	if clk.Test() {
		fmt.Fprintf(t.err, "rator: the store has a test clock, which goes on from %s; --clock is not used\n", clk.Now().UTC().Format(time.RFC3339))
		return nil
	}
	customers, err := customersIn(t, st)
	if err != nil {
		return err
	}
	if customers > 0 {
		return misused(fmt.Errorf("--clock: store %s has %d customers of the real time; a test clock begins with a new store: name another --store", address.Shown(file), customers))
	}
	if err := clk.Begin(t.ctx, st, at); err != nil {
		return misused(fmt.Errorf("--clock: %w", err))
	}
	return nil
}

// clockBegin reads --clock.
func (c *serveCommand) clockBegin() (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, c.Clock); err == nil {
		return at, nil
	}
	day, err := time.Parse(time.DateOnly, c.Clock)
	if err != nil {
		return time.Time{}, fmt.Errorf("--clock %q is no day such as 2026-01-15 and no time such as 2026-01-15T09:00:00Z", c.Clock)
	}
	name := c.TimeZone
	if name == server.LocalZone {
		if name, err = zone.Machine(); err != nil {
			name = "UTC"
		}
	}
	loc, err := zone.Named(name)
	if err != nil {
		return time.Time{}, fmt.Errorf("--time-zone: %w", err)
	}
	return zone.Midnight(day.Year(), day.Month(), day.Day(), loc), nil
}

// servedZone is the zone that a store is served in, in which a clock's days are meant.
func servedZone(tx store.Tx) (*time.Location, error) {
	name, err := catalogue.ServedZone(tx)
	if err != nil || name == "" {
		return time.UTC, err
	}
	return zone.Named(name)
}
