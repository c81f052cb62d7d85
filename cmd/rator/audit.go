package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"rator/access"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/store/address"
)

type auditCommand struct {
	List   auditListCommand   `cmd:"" default:"withargs" help:"List who did what, the newest last (what rator audit does without a subcommand)."`
	Anchor auditAnchorCommand `cmd:"" help:"Print the newest hash of the sealed audit, to keep elsewhere."`
}

type auditListCommand struct {
	storeFlag
	Since     string `help:"Rows since then: a duration such as 1h or 2d, or a time such as 2026-11-24T12:00:00Z." placeholder:"DURATION|TIME" env:"-"`
	Until     string `help:"Rows before then, as with --since." placeholder:"DURATION|TIME" env:"-"`
	Operator  string `help:"Rows of who did it: an operator, or local for the command line." placeholder:"NAME" env:"-"`
	Account   string `help:"Rows about a customer: the account's id." placeholder:"ID" env:"-"`
	Customer  string `help:"Rows about a customer: the customer number." placeholder:"NUMBER" env:"-"`
	Object    string `help:"Rows about anything by its id: of a customer, an operator, a hub." placeholder:"ID" env:"-"`
	Brand     string `help:"Rows of this brand." placeholder:"KEY" env:"-"`
	Face      string `help:"Rows of calls over this face, such as soap, tmf or command." placeholder:"FACE" env:"-"`
	Hookpoint string `help:"Rows of this hookpoint, right of TM Forum or command, such as 'operator grant'." placeholder:"NAME" env:"-"`
	Outcome   string `help:"Rows of what ended so: OK, refused for all else, or the name of an error code." placeholder:"OUTCOME" env:"-"`
	Limit     int    `help:"The newest so many; 0 = all (default ${default})." default:"100" env:"-"`
	JSON      bool   `name:"json" help:"One JSON object a line: id, time, operator, from, face, hookpoint, brand, account, objects, outcome, seconds, requestId, changes (object, kind, change, ended, values: key, old, new), erased, notes, trace; what is not there is left out."`
	Follow    bool   `short:"f" help:"Go on with the rows that come, until interrupted. Needs a server that runs."`
}

func (c *auditListCommand) Help() string {
	return `Prints rows of the audit, the oldest first: who did what and from where, how it ended, and what it changed.
Secrets are shown as ***; of who was erased, and of what was deleted, there are keys without values. Reading
writes a row itself. Times are UTC. Exit code 1 when no row is found.

  rator audit --since 1h --outcome refused
  rator audit --customer 100001 --brand DEMO
  rator audit --object 202605021011120001 --limit 0 --json
  rator audit --operator selfcare --follow`
}

// args are the flags for a server that has the store.
func (c *auditListCommand) args() []string {
	args := []string{"audit", "list", "--limit=" + strconv.Itoa(c.Limit)}
	for _, f := range []struct{ flag, value string }{
		{"--since", c.Since}, {"--until", c.Until}, {"--operator", c.Operator}, {"--account", c.Account}, {"--customer", c.Customer}, {"--object", c.Object},
		{"--brand", c.Brand}, {"--face", c.Face}, {"--hookpoint", c.Hookpoint}, {"--outcome", c.Outcome},
	} {
		if f.value != "" {
			args = append(args, f.flag+"="+f.value)
		}
	}
	for flag, given := range map[string]bool{"--json": c.JSON, "--follow": c.Follow} {
		if given {
			args = append(args, flag)
		}
	}
	return args
}

func (c *auditListCommand) Run(t *terminal) error {
	q, err := c.query()
	if err != nil {
		return misused(err)
	}
	err = c.with(t, t.out, nil, c.args(), func(st store.Store) error {
		if c.Follow && t.live == nil && !address.Is(c.Store) {
			return unreachable(errors.New("--follow: no server has the store, and nobody else does anything; start rator serve, or leave --follow out"))
		}
		l := &auditList{auditListCommand: c, t: t, store: st, query: q}
		return l.run()
	})
	if c.Follow && t.ctx.Err() != nil {
		return nil // interrupted, as it ends
	}
	return err
}

// query is what the flags ask for, but for the customer by number.
func (c *auditListCommand) query() (q access.AuditQuery, err error) {
	q = access.AuditQuery{Operator: c.Operator, Face: c.Face, Hookpoint: c.Hookpoint, Outcome: c.Outcome}
	if c.Brand != "" {
		q.Brands = []string{c.Brand}
	}
	for _, f := range []struct {
		flag, value string
		to          *time.Time
	}{{"--since", c.Since, &q.Since}, {"--until", c.Until, &q.Until}} {
		if *f.to, err = timeOrAge(f.flag, f.value); err != nil {
			return q, err
		}
	}
	for _, f := range []struct {
		flag, value string
		to          *store.ID
	}{{"--account", c.Account, &q.Account}, {"--object", c.Object, &q.Object}} {
		if f.value == "" {
			continue
		}
		if *f.to, err = store.ParseID(f.value); err != nil {
			return q, fmt.Errorf("%s: %w", f.flag, err)
		}
	}
	switch {
	case c.Limit < 0:
		return q, errors.New("--limit is a number from 0")
	case c.Account != "" && c.Customer != "":
		return q, errors.New("--account and --customer: name the customer by one of them")
	case c.Outcome != "" && c.Outcome != access.OutcomeOK && c.Outcome != access.OutcomeRefused && failure.ByName(c.Outcome) == nil && strings.ToUpper(c.Outcome) != c.Outcome:
		return q, fmt.Errorf("--outcome %.40q is neither %s, %s nor the name of an error code, which are in capitals", c.Outcome, access.OutcomeOK, access.OutcomeRefused)
	}
	if err := q.Check(); err != nil {
		return q, fmt.Errorf("--%w", err)
	}
	return q, nil
}

// accountNumbered finds the account with a customer number, of a brand or of any.
func accountNumbered(tx store.Tx, number, brand string) (store.ID, error) {
	var found []*customer.Account
	for b, err := range catalogue.AllBrands(tx) {
		if err != nil {
			return 0, err
		}
		if brand != "" && b.Key != brand {
			continue
		}
		a, _, err := customer.FindByCustomerNumber(tx, b, number)
		if failure.CodeOf(err) == customer.UnknownCustomer {
			continue
		}
		if err != nil {
			return 0, err
		}
		found = append(found, a)
	}
	switch len(found) {
	case 0:
		return 0, customer.UnknownCustomer.With("--customer %.40q", number)
	case 1:
		return found[0].ID, nil
	}
	return 0, misused(fmt.Errorf("customers of more than one brand have the number %.40q: say which with --brand", number))
}
