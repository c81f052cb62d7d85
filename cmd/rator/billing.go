package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rator/access"
	"rator/billing"
	"rator/failure"
	"rator/server"
	"rator/store"
	"rator/workflow"
)

type billingCommand struct {
	Run billingRunCommand `cmd:"" help:"Invoice every period that is over, and dun invoices that are late."`
}

type billingRunCommand struct {
	storeFlag
	AsOf string `required:"" help:"The day of the run, such as 2026-02-01, not after today in the brand's zone. Periods that ended by then are billed; invoices bear the date on which they are issued." placeholder:"DATE" env:"-"`
	engineFlags
	Brand  string `help:"Key of the only brand to bill; all without." placeholder:"KEY" env:"-"`
	DryRun bool   `help:"Say what the run would do, and write nothing." env:"-"`
	JSON   bool   `name:"json" help:"Answer as JSON: as_of, brand, dry_run, accounts, periods, invoices, dunned, totals, refused, reasons, no_place, untaxed, untaxed_at."`
	Lines  bool   `hidden:"" env:"-"` // for whoever forwarded it: what happens, a JSON object a line
}

func (c *billingRunCommand) Help() string {
	return `First runs the terminations whose day has come, as rator run-due does, so that no day after an end is billed.
Then makes an invoice for each post-paid billing group and each week, month, quarter or year of its billing
cycle that is over and not billed: what was posted, the recurring prices of options by the day, and
taxes. An invoice bears the day on which it is really issued, and is due from that day on. Then invoices
that are late go to their next dunning state.

It goes through the accounts in order, a few in each transaction. When it is interrupted or killed, the
same command goes on where it ended and makes the invoices that it would have made; nothing is billed
twice. In a database a second run waits until the first has ended. Works on the store of a running
server too, which goes on answering meanwhile. Where no server has
it, name your hookpoints as rator serve does, or they are not asked. Progress, and what was due, go to
standard error.

Accounts that cannot be billed are told with the reason and left for the next run.

Exit code 0 when all was billed, 1 when accounts were refused or it was interrupted, 2 for wrong use, a
day after today included, 3 when the store cannot be opened.

  rator billing run --as-of 2026-02-01 --dry-run
  rator billing run --as-of 2026-02-01 --brand DEMO --store rator.db`
}

func (c *billingRunCommand) Run(t *terminal) error {
	day, err := time.Parse(time.DateOnly, c.AsOf)
	if err != nil {
		return misused(fmt.Errorf("--as-of %q is no day such as 2026-02-01", c.AsOf))
	}
	args := []string{"billing", "run", "--lines", "--as-of=" + c.AsOf, "--brand=" + c.Brand}
	if c.DryRun {
		args = append(args, "--dry-run")
	}
	told := c.printer(t)
	err = c.with(t, &lineReader{take: told.line}, nil, args, func(st store.Store) error {
		engine := func() (*workflow.Engine, func(), error) { return c.engine(t, st, c.Store) }
		run := server.NewBillingRun(st, day, engine, func(o server.DueOutcome) { _ = told.tell(billingLine{Due: o.Text()}) })
		run.Brand, run.DryRun = c.Brand, c.DryRun
		run.Progress = func(done *billing.Report, total int64) {
			_ = told.tell(billingLine{Accounts: done.Accounts, Total: total, Refused: done.Refused}) // who cannot be told ends the context
		}
		return c.run(t, st, run, told)
	})
	told.end()
	if err != nil && t.ctx.Err() != nil && !errors.Is(err, errInterrupted) {
		return errInterrupted // the server ends it when nobody listens any more
	}
	return err
}

var errInterrupted = errors.New("interrupted; the same command goes on where this one ended")

// run makes the run, and tells the audit trail that it began and how it ended.
func (c *billingRunCommand) run(t *terminal, st store.Store, run *billing.Run, told *billingPrinter) error {
	what := "as of " + c.AsOf
	if c.Brand != "" {
		what += ", brand " + c.Brand
	}
	held, done, err := c.alone(t, st, told)
	if err != nil {
		return err
	}
	defer done()
	begun := time.Now()
	if err := c.audit(t.ctx, st, access.AuditRow{Outcome: access.OutcomeOK, Notes: []string{what, "begun"}}); err != nil {
		return err
	}
	report, err := run.Do(held, st)
	if report == nil {
		report = &billing.Report{}
	}
	if lost := context.Cause(held); err != nil && errors.Is(lost, store.ErrLeaseLost) {
		err = fmt.Errorf("%w; the same command goes on where this one ended", lost)
	}
	summary := c.summary(report)
	row := access.AuditRow{Outcome: access.Outcome(err), Duration: time.Since(begun), Notes: []string{what, summary.text()}}
	switch {
	case err != nil && t.ctx.Err() != nil:
		err = errInterrupted
		row.Outcome, row.Notes = "INTERRUPTED", append(row.Notes, "interrupted")
	case failure.CodeOf(err) == billing.DateOutOfRange:
		err = misused(err)
	}
	// What is done is told, and kept, also when the run ended early.
	err = errors.Join(err, c.audit(context.WithoutCancel(t.ctx), st, row))
	if report.Accounts > 0 || err == nil {
		err = errors.Join(err, told.tell(billingLine{Summary: summary}))
	}
	if err == nil && report.Refused > 0 {
		return failed()
	}
	return err
}

// alone waits until no other process that has the store makes a run. A dry one writes nothing,
// and may be beside another.
func (c *billingRunCommand) alone(t *terminal, st store.Store, told *billingPrinter) (held context.Context, done func(), err error) {
	if c.DryRun {
		return t.ctx, func() {}, nil
	}
	return store.Await(t.ctx, st, "billing run", func(has *store.HeldError) { _ = told.tell(billingLine{Waits: has.Who}) })
}

// audit keeps a row of the run; a dry one leaves no trace.
func (c *billingRunCommand) audit(ctx context.Context, st store.Store, row access.AuditRow) error {
	if c.DryRun {
		return nil
	}
	row.Who, row.Face, row.Hookpoint = local.Who, local.Face, "billing run"
	return st.Update(ctx, func(tx store.Tx) error { return access.Record(tx, row) })
}
