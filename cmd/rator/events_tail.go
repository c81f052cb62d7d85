package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"rator/catalogue"
	"rator/event"
	"rator/failure"
	"rator/store"
	"rator/store/address"
)

type eventsTailCommand struct {
	storeFlag
	hookpointsFlag
	Since   string   `help:"Events after a cursor, from a time on such as 2026-11-24T12:00:00Z, or of the last while, such as 90m or 7d. Default all that are kept." placeholder:"CURSOR|TIME|DURATION"`
	Topic   []string `help:"Events of a topic, or of those that a pattern fits, such as 'customer.*'; may be repeated. Default all that hold no secret." placeholder:"PATTERN"`
	Brand   []string `help:"Events of a brand; may be repeated. Default of all brands and of none." placeholder:"KEY" env:"-"`
	Account string   `help:"Events of a customer: the account's id." placeholder:"ID"`
	Limit   int      `help:"Most events; 0 = all." default:"0"`
	Secrets bool     `help:"Show secrets, such as a password's token; else *** stands for each."`
	Follow  bool     `short:"f" help:"Go on with the events that come, until interrupted. Needs a server that runs."`
}

func (c *eventsTailCommand) Help() string {
	return `Prints events as CloudEvents, the oldest first, one line of JSON each. Each line has its cursor: with --since
and the last one that was seen, the next run goes on where that one ended, and none is missed or told twice.
Events that are asked for and are not kept any more are a mistake that says how many they are, and where to
go on; exit code 1. Topics are listed by rator events topics. Where no server has the store, name your hookpoints as
rator serve does, or a --topic of yours is not known.

  rator events tail --since 1h
  rator events tail --topic 'customer.*' --topic subscription.blocked --brand DEMO
  rator events tail --account 202605021011120001
  rator events tail --since 4711 --follow`
}

// args are the flags for a server that has the store.
func (c *eventsTailCommand) args() []string {
	args := []string{"events", "tail", "--limit=" + strconv.Itoa(c.Limit)}
	add := func(flag string, values ...string) {
		for _, v := range values {
			if v != "" {
				args = append(args, "--"+flag+"="+v)
			}
		}
	}
	add("since", c.Since)
	for _, pattern := range c.Topic {
		args = append(args, "--topic="+pattern)
	}
	add("brand", c.Brand...)
	add("account", c.Account)
	for flag, given := range map[string]bool{"--secrets": c.Secrets, "--follow": c.Follow} {
		if given {
			args = append(args, flag)
		}
	}
	return args
}

func (c *eventsTailCommand) Run(t *terminal) error {
	err := c.read(t, t.out, nil, c.args(), func(st store.Store) error {
		r, err := c.reader()
		if err != nil {
			return misused(err)
		}
		var unknown *event.PatternError
		if r.Patterns, err = c.patterns(t, c.Topic); errors.As(err, &unknown) {
			return misused(fmt.Errorf("--%w", err))
		} else if err != nil {
			return err
		}
		if c.Follow && t.live == nil && !address.Is(c.Store) {
			return unreachable(errors.New("--follow: no server has the store, and nobody else makes events; start rator serve, or leave --follow out"))
		}
		return (&tail{c, t, st, r, 0, 0}).run()
	})
	if c.Follow && t.ctx.Err() != nil {
		return nil // interrupted, as it ends
	}
	return err
}

// reader is what the flags ask for, but for topics.
func (c *eventsTailCommand) reader() (r *event.Reader, err error) {
	if c.Limit < 0 {
		return nil, errors.New("--limit is a number from 0")
	}
	if _, err := event.ParseSince(c.Since, time.Time{}); err != nil {
		return nil, fmt.Errorf("--%w", err)
	}
	r = &event.Reader{}
	if len(c.Brand) > 0 {
		r.Brands = c.Brand
	}
	if c.Account != "" {
		if r.Account, err = store.ParseID(c.Account); err != nil {
			return nil, fmt.Errorf("--account: %w", err)
		}
	}
	return r, nil
}

// tail prints the events of a store.
type tail struct {
	*eventsTailCommand
	t      *terminal
	store  store.Store
	reader *event.Reader
	cursor int64
	told   int
}

// What a tail reads at a time, and how often it looks for what is new.
const (
	tailPage = 200
	tailPoll = 100 * time.Millisecond
)

func (l *tail) run() error {
	err := l.store.View(l.t.ctx, func(tx store.Tx) error {
		if err := l.knownBrands(tx); err != nil {
			return err
		}
		since, err := event.ParseSince(l.Since, tx.Now())
		if err == nil {
			l.cursor, err = since.Cursor(tx)
		}
		return err
	})
	for err == nil {
		var p event.Page
		err = l.store.View(l.t.ctx, func(tx store.Tx) (err error) {
			p, err = l.reader.After(tx, l.cursor, tailPage)
			return err
		})
		if err == nil {
			err = l.print(p.Events)
		}
		l.cursor = p.Cursor
		if err != nil || l.Limit > 0 && l.told >= l.Limit || p.End && !l.Follow {
			return err
		}
		if p.End {
			err = l.wait()
		}
	}
	return err
}

// knownBrands fails when a brand is asked for that nobody knows.
func (l *tail) knownBrands(tx store.Tx) error {
	for _, key := range l.Brand {
		if _, err := catalogue.BrandByKey(tx, key); failure.CodeOf(err) == catalogue.UnknownBrand {
			return fmt.Errorf("--brand %.40q is not a brand of this store", key)
		} else if err != nil {
			return err
		}
	}
	return nil
}

// wait returns once something came.
func (l *tail) wait() error {
	tick := time.NewTicker(tailPoll)
	defer tick.Stop()
	for newest := l.cursor; newest == l.cursor; {
		select {
		case <-tick.C:
		case <-l.t.ctx.Done():
			return l.t.ctx.Err()
		}
		err := l.store.View(context.WithoutCancel(l.t.ctx), func(tx store.Tx) (err error) {
			span, err := tx.EventSpan()
			newest = span.Newest
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *tail) print(events []store.Event) error {
	for _, e := range events {
		if l.Limit > 0 && l.told >= l.Limit {
			break
		}
		if !l.Secrets {
			e = event.Mask(e)
		}
		line, err := event.Document(e, event.Source)
		if err != nil {
			return err
		}
		if _, err := l.t.out.Write(append(line, '\n')); err != nil {
			return err
		}
		l.told++
	}
	if f, ok := l.t.out.(http.Flusher); ok && len(events) > 0 {
		f.Flush()
	}
	return nil
}
