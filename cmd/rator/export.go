package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"rator/access"
	"rator/bulk/export"
	"rator/customer"
	"rator/history"
	"rator/server"
	"rator/store"
)

type exportCommand struct {
	logFolder
	Brand          string `help:"Key of a brand: its customers only." placeholder:"KEY" env:"-"`
	Customer       string `help:"One customer by its number, with what happened to it." placeholder:"NUMBER" xor:"name" env:"-"`
	Account        string `help:"One customer by the id of its account." placeholder:"ID" xor:"name" env:"-"`
	Since          string `help:"Those that changed since then: a duration such as 1h or 2d, or a time such as 2026-11-24T12:00:00Z." placeholder:"DURATION|TIME" env:"-"`
	PasswordHashes bool   `help:"With password hashes of users, and PINs as they are sealed." env:"-"`
	Out            string `help:"File to write, packed where its name ends in .gz or .zst; - for standard output." default:"-" placeholder:"FILE" env:"-"`
	Pretty         bool   `help:"One customer on lines of their own, for people." env:"-"`
	Calls          bool   `help:"Of one customer, calls of the call log too (default yes)." default:"true" negatable:"" env:"-"`
	Inside         bool   `hidden:"" env:"-"` // for whoever forwarded it: how many there are, on a line before the others
}

func (c *exportCommand) Help() string {
	return `Prints each customer whole as a line of JSON, in the order of their accounts' ids, closed and deleted ones too;
rator load takes such lines. Works on the store of a running server too. Each customer is of one moment, and
not all of the same. A file is written beside its name and takes it when it is whole; an existing one is not replaced. Who exports is written into the audit.
With --customer the line has a member history: events, rows of the audit and calls, as rator history --json has
them. Password hashes and PINs are there with --password-hashes only.

  rator export --brand DEMO --out demo.ndjson.zst
  rator export --since 1d > changed.ndjson
  rator export --customer 100001 --pretty`
}

func (c *exportCommand) Run(t *terminal) error {
	one := c.Customer != "" || c.Account != ""
	switch {
	case one && c.Since != "":
		return misused(errors.New("--since chooses among customers: leave it out for one"))
	case c.Pretty && !one:
		return misused(errors.New("--pretty is for one customer: name it with --customer or --account"))
	}
	if c.Out == "-" {
		if one {
			return c.person(t, t.out)
		}
		_, err := c.everybody(t, t.out)
		return err
	}
	return c.toFile(t, func(to io.Writer) (int64, error) {
		if one {
			return 1, c.person(t, to)
		}
		return c.everybody(t, to)
	})
}

// toFile has lines written beside the file, which is there once all of them are.
func (c *exportCommand) toFile(t *terminal, write func(io.Writer) (int64, error)) error {
	f, err := fresh(c.Out)
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	packed, err := export.Packed(c.Out, f)
	if err != nil {
		return err
	}
	n, err := write(packed)
	if err := errors.Join(err, packed.Close()); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := server.PlaceStore(f.Name(), c.Out, false); err != nil {
		return err
	}
	_, err = fmt.Fprintf(t.out, "%s: %s\n", c.Out, counted(n, "customer"))
	return err
}

// everybody writes the lines of all customers that are wanted; it gives how many.
func (c *exportCommand) everybody(t *terminal, to io.Writer) (int64, error) {
	since, err := timeOrAge("--since", c.Since)
	if err != nil {
		return 0, misused(err)
	}
	args := append(c.args(), "--inside")
	lines := &countedLines{to: to, shown: &shownProgress{out: t.err}}
	defer lines.shown.end()
	out := io.Writer(lines)
	if c.Inside {
		out = to
	}
	q := export.Query{Brand: c.Brand, Since: since, PasswordHashes: c.PasswordHashes}
	err = c.with(t, out, nil, args, func(st store.Store) error {
		if err := noteExport(t, st, 0, strings.Join(args[1:len(args)-1], " ")); err != nil {
			return err
		}
		var all int64
		if err := st.View(t.ctx, func(tx store.Tx) (err error) {
			if all, err = customer.CountAccounts(tx, c.Brand); err == nil && c.Brand != "" {
				_, err = (history.Name{Brand: c.Brand}).Brands(tx)
			}
			return err
		}); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(out, "%d\n", all); err != nil {
			return err
		}
		_, err := q.Write(t.ctx, st, out)
		return err
	})
	return lines.done, err
}

// person writes one customer, with what happened to it.
func (c *exportCommand) person(t *terminal, to io.Writer) error {
	name := history.Name{Number: c.Customer, Brand: c.Brand}
	if c.Account != "" {
		var err error
		if name.Account, err = store.ParseID(c.Account); err != nil {
			return misused(fmt.Errorf("--account: %w", err))
		}
	}
	args := c.args()
	if !c.Calls {
		args = append(args, "--no-calls")
	}
	if c.Pretty {
		args = append(args, "--pretty")
	}
	return c.with(t, to, nil, args, func(st store.Store) error {
		line, err := c.lineOf(t, st, name)
		if err != nil {
			return err
		}
		if c.Pretty {
			var b bytes.Buffer
			if err := json.Indent(&b, line, "", "  "); err != nil {
				return err
			}
			line = b.Bytes()
		}
		_, err = to.Write(append(line, '\n'))
		return err
	})
}

// lineOf is the line of a customer, with what happened to it.
func (c *exportCommand) lineOf(t *terminal, st store.Store, name history.Name) (line []byte, err error) {
	happened := history.NewTimeline(history.Query{})
	var account store.ID
	err = st.View(t.ctx, func(tx store.Tx) error {
		a, _, err := history.Find(tx, name)
		if err == nil {
			account = a.ID
		}
		return err
	})
	var ambiguous *history.AmbiguousError
	switch {
	case errors.As(err, &ambiguous):
		return nil, misused(fmt.Errorf("%w with --brand", err))
	case err != nil:
		return nil, err
	}
	if err := noteExport(t, st, account, ""); err != nil {
		return nil, err
	}
	err = st.View(t.ctx, func(tx store.Tx) error {
		happened = history.NewTimeline(history.Query{})
		all, err := customer.LoadEach(tx, []store.ID{account})
		if err != nil {
			return err
		}
		if line, err = (&export.Query{PasswordHashes: c.PasswordHashes}).Customer(tx, nil, all[0]); err != nil {
			return err
		}
		if err := happened.AddEvents(tx, account); err != nil {
			return err
		}
		return happened.AddRows(tx, all[0])
	})
	if err != nil {
		return nil, err
	}
	if c.Calls {
		if err := c.addCalls(t, happened, account); err != nil {
			return nil, err
		}
	}
	return export.WithHistory(line, happened.Entries())
}

// noteExport writes the row about who takes customers out.
func noteExport(t *terminal, st store.Store, account store.ID, asked string) error {
	row := access.AuditRow{Who: local.Who, Face: local.Face, Hookpoint: "export", Outcome: access.OutcomeOK}
	if account != 0 {
		row.Objects = []store.ID{account}
	}
	if asked != "" {
		row.Notes = []string{asked}
	}
	return st.Update(t.ctx, func(tx store.Tx) error { return access.Record(tx, row) })
}

// args are the command line for the server that has the store.
func (c *exportCommand) args() []string {
	args := []string{"export"}
	for _, f := range []struct{ flag, value string }{
		{"--brand", c.Brand}, {"--customer", c.Customer}, {"--account", c.Account}, {"--since", c.Since},
	} {
		if f.value != "" {
			args = append(args, f.flag+"="+f.value)
		}
	}
	if c.PasswordHashes {
		args = append(args, "--password-hashes")
	}
	return args
}

// countedLines passes lines on, and shows how many of how many they are: the first says
// that, and is not passed on.
type countedLines struct {
	to          io.Writer
	shown       *shownProgress
	first       []byte // as far as it came
	begun       bool
	done, total int64
}

func (l *countedLines) Write(b []byte) (int, error) {
	n := len(b)
	if !l.begun {
		head, rest, found := bytes.Cut(b, []byte{'\n'})
		l.first = append(l.first, head...)
		if !found {
			return n, nil
		}
		if _, err := fmt.Sscan(string(l.first), &l.total); err != nil {
			return 0, fmt.Errorf("the server that has the store answered %.80q, not how many customers there are", l.first)
		}
		l.begun, b = true, rest
	}
	if _, err := l.to.Write(b); err != nil {
		return 0, err
	}
	l.done += int64(bytes.Count(b, []byte{'\n'}))
	l.shown.show(store.Progress{Of: "customers", Done: l.done, Total: max(l.total, l.done)})
	return n, nil
}
