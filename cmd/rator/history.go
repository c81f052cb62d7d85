package main

import (
	"errors"
	"fmt"
	"time"

	"rator/access"
	"rator/history"
	"rator/store"
)

type historyCommand struct {
	logFolder
	Customer string `help:"The customer's number." placeholder:"NUMBER" xor:"name" env:"-"`
	Account  string `help:"The id of the customer's account." placeholder:"ID" xor:"name" env:"-"`
	MSISDN   string `name:"msisdn" help:"A phone number that the customer has in use." placeholder:"NUMBER" xor:"name" env:"-"`
	Brand    string `help:"Key of the customer's brand. Default all; say it where customers of two brands have the number." placeholder:"KEY" env:"-"`
	Since    string `help:"What happened since then: a duration such as 1h or 2d, or a time such as 2026-11-24T12:00:00Z." placeholder:"DURATION|TIME" env:"-"`
	Until    string `help:"What happened before then, as with --since." placeholder:"DURATION|TIME" env:"-"`
	Limit    int    `help:"The newest so many; 0 = all (default ${default})." default:"200" env:"-"`
	Calls    bool   `help:"Calls of the call log too (default yes)." default:"true" negatable:"" env:"-"`
	JSON     bool   `name:"json" help:"Answer as JSON: customer and history." env:"-"`
}

func (c *historyCommand) Help() string {
	return `Prints how a customer stands, with each line and, where one is blocked, since when, by whom and why; then
what happened to the customer, the oldest first: events, rows of the audit and calls of the call log, each
as long as it is kept. Times are UTC. Who caused an event is known as long as the audit has its row.
Works on the store of a running server too; who reads is written into the audit. Exit code 1 when there is no such customer, 2 when customers
of more than one brand have the number.

  rator history --customer 100001
  rator history --msisdn 13035550123 --since 2d --no-calls
  rator history --account 202605021011120001 --limit 0 --json`
}

func (c *historyCommand) Run(t *terminal) error {
	name := history.Name{Number: c.Customer, MSISDN: c.MSISDN, Brand: c.Brand}
	q, err := c.query(&name)
	if err != nil {
		return misused(err)
	}
	args, err := c.args()
	if err != nil {
		return err
	}
	return c.with(t, t.out, nil, args, func(st store.Store) error {
		line := history.NewTimeline(q)
		var of *history.Customer
		err := noteHistory(t, st, name)
		if err == nil {
			err = st.View(t.ctx, func(tx store.Tx) error { return c.gather(tx, name, line, &of) })
		}
		var ambiguous *history.AmbiguousError
		switch {
		case errors.As(err, &ambiguous):
			return misused(fmt.Errorf("%w with --brand", err))
		case err != nil:
			return err
		}
		if c.Calls {
			if err := c.addCalls(t, line, of.Account.ID); err != nil {
				return err
			}
		}
		if c.JSON {
			return printHistoryJSON(t.out, of, line.Entries())
		}
		return printHistory(t.out, of, line.Entries())
	})
}

// noteHistory writes the row about who reads the audit of a customer.
func noteHistory(t *terminal, st store.Store, name history.Name) error {
	return st.Update(t.ctx, func(tx store.Tx) error {
		a, _, err := history.Find(tx, name)
		if err != nil {
			return err
		}
		_, err = access.NoteReading(tx, local, "history, account "+a.ID.String())
		return err
	})
}

// gather reads what the store has of the customer that is named.
func (c *historyCommand) gather(tx store.Tx, name history.Name, line *history.Timeline, of **history.Customer) error {
	a, brand, err := history.Find(tx, name)
	if err != nil {
		return err
	}
	if *of, err = history.Standing(tx, a, brand); err != nil {
		return err
	}
	if err := line.AddEvents(tx, a.ID); err != nil {
		return err
	}
	return line.AddRows(tx, (*of).Whole)
}

// query is what the flags ask for; the account's id goes to name.
func (c *historyCommand) query(name *history.Name) (q history.Query, err error) {
	q.Limit = c.Limit
	switch {
	case c.Customer == "" && c.Account == "" && c.MSISDN == "":
		return q, errors.New("say whose history: --customer NUMBER, --account ID or --msisdn NUMBER")
	case c.Limit < 0:
		return q, errors.New("--limit is a number from 0")
	}
	if c.Account != "" {
		if name.Account, err = store.ParseID(c.Account); err != nil {
			return q, fmt.Errorf("--account: %w", err)
		}
	}
	if q.Since, err = timeOrAge("--since", c.Since); err != nil {
		return q, err
	}
	q.Before, err = timeOrAge("--until", c.Until)
	return q, err
}

// args are the command line for the server that has the store.
func (c *historyCommand) args() ([]string, error) {
	args := []string{"history", fmt.Sprintf("--limit=%d", c.Limit)}
	for _, f := range []struct{ flag, value string }{
		{"--customer", c.Customer}, {"--account", c.Account}, {"--msisdn", c.MSISDN}, {"--brand", c.Brand}, {"--since", c.Since}, {"--until", c.Until},
	} {
		if f.value != "" {
			args = append(args, f.flag+"="+f.value)
		}
	}
	if c.JSON {
		args = append(args, "--json")
	}
	if !c.Calls {
		args = append(args, "--no-calls")
	}
	dirs, err := c.absolutes()
	for _, dir := range dirs {
		args = append(args, "--call-log="+dir)
	}
	return args, err
}

// stamp is a time as the history shows it; "-" when it is not known.
func stamp(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}
