package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"rator/bulk"
	"rator/bulk/load"
	"rator/store"
	"rator/store/address"
)

type loadCommand struct {
	storeFlag
	Files    []string `arg:"" optional:"" name:"file" help:"Files of customers, NDJSON or CSV, also packed by gzip or zstd; - for standard input."`
	DryRun   bool     `help:"End after the check; write nothing." env:"-"`
	Brand    string   `help:"Key of the brand of lines that name none; that of the store where it has one alone." placeholder:"KEY" env:"-"`
	Jobs     int      `help:"How many lines are read and checked at a time: as many as there are processors, in a server half of them." placeholder:"N" env:"-"`
	Events   bool     `help:"Tell of each customer what a sign-up tells: events, webhooks, hubs." env:"-"`
	IDs      string   `name:"ids" help:"Take ids of another form too, and append to FILE a line old,new for each." placeholder:"FILE" env:"-"`
	Results  string   `help:"Append to FILE a line for each customer: file, line, customer number, account id." placeholder:"FILE" env:"-"`
	Mistakes int      `help:"How many mistakes are printed; all are counted." default:"1000" placeholder:"N" env:"-"`
	Group    int      `hidden:"" env:"-"` // customers of a transaction; 0 = as many as fit
	Schema   bool     `help:"Print the format as JSON Schema." env:"-"`
	Abandon  bool     `help:"Give up the load that is half done; what it wrote stays." env:"-"`
	JSON     bool     `name:"json" help:"Answer as JSON: customers, before, written, mistakes, records, loaded."`
	Lines    bool     `hidden:"" env:"-"` // for whoever forwarded it: what happens, a JSON object a line
	Parts    string   `hidden:"" env:"-"` // the files come as parts with this boundary
}

func (c *loadCommand) Help() string {
	return `Brings customers in from another system, or from rator export: a line of JSON each with everything
that belongs to the customer, or a row of CSV (docs/load.md). Ids, numbers and dates are kept.

Everything is checked before anything is written: each mistake is a line FILE:LINE: path: text, and with one
of them nothing is written. Then customers are written in groups, each of them durable. A load that was
interrupted or killed goes on where it ended when the same command is given again. While one is half done no
other begins, unless it is given up with --abandon. A second load of the same content does nothing.

Works on the store of a running server too, which goes on answering meanwhile; the files are then sent to
the server, and it writes those of --ids and --results.

Exit code 0 when all was loaded, or had been before; 1 for mistakes, or when it was interrupted; 2 for wrong
use; 3 when a file or the store cannot be opened.

  rator load --store rator.db --dry-run customers.ndjson
  rator load --store rator.db customers.ndjson.gz
  rator load --brand ACME --ids ids.csv old-system.csv`
}

// Groups of so many customers are written: as many as are fast, and in a server so few that
// callers hardly wait.
const (
	loadGroup     = 250
	liveLoadGroup = 50
)

func (c *loadCommand) Run(t *terminal) error {
	switch {
	case c.Schema:
		_, err := t.out.Write(bulk.Schema())
		return err
	case c.Abandon && len(c.Files) > 0:
		return misused(errors.New("--abandon takes no files: it gives up the load that is half done"))
	case !c.Abandon && len(c.Files) == 0 && c.Parts == "":
		return misused(errors.New("name the files to be loaded, or - for standard input"))
	case c.Jobs < 0 || c.Mistakes < 0 || c.Group < 0:
		return misused(errors.New("--jobs and --mistakes are numbers from 1 on"))
	}
	if c.Abandon {
		return c.abandon(t)
	}
	if err := c.readable(); err != nil {
		return err
	}
	for _, file := range []*string{&c.IDs, &c.Results} {
		if *file == "" {
			continue
		}
		whole, err := filepath.Abs(*file)
		if err != nil {
			return err
		}
		*file = whole
	}
	letGarbageGather(t)
	told := c.printer(t)
	defer told.shown.end()
	parts := &loadParts{files: c.Files, in: t.in}
	defer parts.close()
	reach := c.stream
	if c.DryRun {
		reach = c.readStream
	}
	err := reach(t, &lineReader{take: told.line}, parts, append(c.args(), "--parts="+parts.boundary()), func(st store.Store) error {
		return c.load(t, st, told)
	})
	if err != nil && t.ctx.Err() != nil {
		return errInterrupted
	}
	return err
}

// readable says early what cannot be opened.
func (c *loadCommand) readable() error {
	for _, name := range c.Files {
		if name == "-" {
			continue
		}
		f, err := os.Open(name)
		if err == nil {
			var info os.FileInfo
			if info, err = f.Stat(); err == nil && info.IsDir() {
				err = fmt.Errorf("%s is a folder; name its files", name)
			}
			f.Close()
		}
		if err != nil {
			return unreachable(err)
		}
	}
	return nil
}

// args are those with which a server is asked to do it.
func (c *loadCommand) args() []string {
	args := []string{"load", "--lines", "--brand=" + c.Brand, "--ids=" + c.IDs, "--results=" + c.Results,
		fmt.Sprintf("--jobs=%d", c.Jobs), fmt.Sprintf("--mistakes=%d", c.Mistakes), fmt.Sprintf("--group=%d", c.Group)}
	for flag, set := range map[string]bool{"--dry-run": c.DryRun, "--events": c.Events, "--json": c.JSON} {
		if set {
			args = append(args, flag)
		}
	}
	return args
}

// inputs are what is to be loaded; done gives back what they take.
func (c *loadCommand) inputs(t *terminal, dir string) (all []load.Input, done func(), err error) {
	var spooled []func()
	done = func() {
		for _, f := range spooled {
			f()
		}
	}
	spool := func(name string, from io.Reader) error {
		in, end, err := load.Spool(name, from, dir)
		if err == nil {
			all, spooled = append(all, in), append(spooled, end)
		}
		return err
	}
	if c.Parts != "" {
		return all, done, readLoadParts(t.in, c.Parts, spool)
	}
	for _, name := range c.Files {
		if name != "-" {
			all = append(all, load.FileInput(name))
		} else if err := spool("standard input", t.in); err != nil {
			return nil, done, err
		}
	}
	return all, done, nil
}

func (c *loadCommand) load(t *terminal, st store.Store, told *loadPrinter) error {
	dir := filepath.Dir(c.Store)
	if address.Is(c.Store) {
		dir = os.TempDir()
	}
	inputs, done, err := c.inputs(t, dir)
	defer func() { done() }()
	if err != nil {
		return err
	}
	job := &load.Job{Store: st, Inputs: inputs, Dir: dir, Who: local.Who, Face: local.Face, Brand: c.Brand, Jobs: c.Jobs, Group: c.Group,
		Events: c.Events, DryRun: c.DryRun, IDs: c.IDs, Results: c.Results, Mistakes: c.Mistakes}
	if job.Jobs == 0 {
		job.Jobs = runtime.GOMAXPROCS(0)
		if t.live != nil {
			job.Jobs = max(1, job.Jobs/2)
		}
	}
	if job.Group == 0 {
		job.Group = loadGroup
		if t.live != nil {
			job.Group = liveLoadGroup
		}
	}
	ctx, end := context.WithCancel(t.ctx)
	defer end()
	tell := func(line loadLine) {
		if told.tell(line) != nil { // nobody listens any more
			end()
		}
	}
	job.Mistake = func(m load.Mistake) { tell(loadLine{Mistake: &m}) }
	job.Progress = func(p store.Progress) { tell(loadLine{Progress: &p}) }
	job.Begun = func(done int64) {
		tell(loadLine{Said: "going on after " + counted(done, "customer") + " of this load"})
	}
	report, err := job.Do(ctx)
	switch {
	case err != nil && t.ctx.Err() != nil:
		return errInterrupted
	case err != nil:
		return err
	}
	if err := told.tell(loadLine{Summary: summaryOf(report, c.DryRun)}); err != nil {
		return err
	}
	if report.Mistakes > 0 {
		return failed()
	}
	return nil
}

func (c *loadCommand) abandon(t *terminal) error {
	return c.with(t, t.out, nil, []string{"load", "--abandon"}, func(st store.Store) error {
		m, err := load.Abandon(t.ctx, st, local.Who, local.Face)
		switch {
		case err != nil:
			return err
		case m == nil:
			_, err = fmt.Fprintln(t.out, "no load is half done")
		default:
			_, err = fmt.Fprintf(t.out, "given up: what is written stays, %d of %s\n", m.Done, counted(m.Customers, "customer"))
		}
		return err
	})
}
