package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"rator/access"
	"rator/clock"
	"rator/server"
	"rator/store"
	"rator/store/address"
)

type clockCommand struct {
	Show    clockShowCommand    `cmd:"" default:"withargs" help:"Say what time the test clock of a demo store shows."`
	Advance clockAdvanceCommand `cmd:"" help:"Put the test clock of a demo store forward, and run what falls due on the way."`
}

type clockShowCommand struct {
	storeFlag
}

func (c *clockShowCommand) Help() string {
	return `Works on the store of a running server too. Exit code 1 when the store has no test clock.

  rator clock
  rator clock show --store demo.db`
}

func (c *clockShowCommand) Run(t *terminal) error {
	return c.with(t, t.out, nil, []string{"clock", "show"}, func(st store.Store) error {
		if err := needsClock(t, c.Store); err != nil {
			return err
		}
		return t.showClock(st, "")
	})
}

// needsClock refuses a store that has no test clock.
func needsClock(t *terminal, file string) error {
	if t.clock == nil || !t.clock.Test() {
		return fmt.Errorf("store %s has no test clock, so its time is the real one; only a demo gets one, when its store is new: rator serve --demo --store year.db --clock 2026-01-15", address.Shown(file))
	}
	return nil
}

// showClock prints the time in the zone that the store is served in.
func (t *terminal) showClock(st store.Store, more string) error {
	return st.View(t.ctx, func(tx store.Tx) error {
		in, err := servedZone(tx)
		if err != nil {
			return err
		}
		begun, err := clock.Begun(tx)
		if err != nil {
			return err
		}
		now := t.clock.Now().In(in)
		_, err = fmt.Fprintf(t.out, "the test clock is at %s (%s, %s), begun at %s%s\n", now.Format(time.RFC3339), now.Weekday(), in, begun.In(in).Format(time.DateOnly), more)
		return err
	})
}

type clockAdvanceCommand struct {
	storeFlag
	Far []string `arg:"" help:"How far: 1 month, 2 weeks, 10 days, 1 year; or where to: to 2026-03-01, the start of that day in the zone that the store is served in, or to 2026-03-01T09:00:00Z."`
	engineFlags
}

func (c *clockAdvanceCommand) Help() string {
	return `Puts the test clock of a demo store forward, day by day. What falls due on the way is run in its order:
terminations at their moment and, as each day of a brand begins, its billing run with the dunning of
late invoices. Prints a line for each day on which something happened, and the counts. Works on the store
of a running server, which then has the new time. Stores without a test clock are refused (rator serve
--demo --clock DATE begins one), and a clock never goes back. What was cut off goes on where it ended.

Exit code 0 when the clock is there, 1 when something kept it from that, 2 for wrong use.

  rator clock advance 1 month --store demo.db
  rator clock advance to 2027-01-15 --store demo.db`
}

func (c *clockAdvanceCommand) Run(t *terminal) error {
	if _, err := target(time.Now(), c.Far, time.UTC); err != nil && len(c.Far) > 0 && c.Far[0] != "to" {
		return misused(err) // before a store is looked for
	}
	args := append([]string{"clock", "advance"}, c.Far...)
	return c.with(t, t.out, nil, args, func(st store.Store) error {
		if err := needsClock(t, c.Store); err != nil {
			return err
		}
		if err := c.alone(t); err != nil {
			return err
		}
		engine, done, err := c.engine(t, st, c.Store)
		if err != nil {
			return err
		}
		defer done()
		var in *time.Location
		err = st.View(t.ctx, func(tx store.Tx) (err error) {
			in, err = servedZone(tx)
			return err
		})
		if err != nil {
			return err
		}
		to, err := target(t.clock.Now(), c.Far, in)
		if err != nil {
			return misused(err)
		}
		a := &server.Advance{Store: st, Engine: engine, Clock: t.clock, Told: func(a server.Advanced) error { return t.tell(a, in) }}
		return c.advance(t, a, to)
	})
}

// alone refuses to put the clock of a database forward beside its server, which would not
// follow.
func (c *clockAdvanceCommand) alone(t *terminal) error {
	if t.live != nil {
		return nil
	}
	served, err := server.HasServer(t.ctx, c.Store)
	if err != nil {
		return unreachable(err)
	}
	if served {
		return fmt.Errorf("store %s has a server, whose clock would not follow: stop it, put the clock forward, and start it again", address.Shown(c.Store))
	}
	return nil
}

// tell prints what happened at a stop, as it happens.
func (t *terminal) tell(a server.Advanced, in *time.Location) error {
	_, err := fmt.Fprintf(t.out, "%s  %s\n", a.At.In(in).Format("2006-01-02 15:04"), a.Text())
	for _, note := range a.Notes {
		fmt.Fprintf(t.out, "                  %s\n", note)
	}
	if f, ok := t.out.(http.Flusher); ok {
		f.Flush()
	}
	return err
}

func (c *clockAdvanceCommand) advance(t *terminal, a *server.Advance, to time.Time) error {
	begun := time.Now()
	err := a.To(t.ctx, to)
	if err != nil && t.ctx.Err() != nil {
		err = errors.New("interrupted; the clock stays where it is, and goes on from there")
	}
	row := access.AuditRow{Who: local.Who, Face: local.Face, Hookpoint: "clock advance", Outcome: access.Outcome(err), Duration: time.Since(begun),
		Notes: []string{strings.Join(c.Far, " "), a.Sum.Text()}}
	err = errors.Join(err, a.Store.Update(context.WithoutCancel(t.ctx), func(tx store.Tx) error { return access.Record(tx, row) }))
	return errors.Join(err, t.showClock(a.Store, ": "+a.Sum.Text()))
}
