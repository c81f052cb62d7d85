package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"rator/access"
	"rator/catalogue"
	"rator/store"
)

type catalogueCommand struct {
	New    catalogueNewCommand    `cmd:"" help:"Write a catalogue file to begin with: asks, or takes flags."`
	Check  catalogueCheckCommand  `cmd:"" help:"Find every mistake in a catalogue file."`
	Import catalogueImportCommand `cmd:"" help:"Take a catalogue file into a store."`
	Export catalogueExportCommand `cmd:"" help:"Write a store's catalogue as a file."`
}

// readCatalogue reads a file, or standard input for "-", and checks it. Mistakes
// go to t.out, one a line, and what it says in vain to t.err, once where another
// process does the work.
func readCatalogue(t *terminal, name string) (src []byte, f *catalogue.File, err error) {
	if name == "-" {
		name, src, err = "standard input", nil, nil
		src, err = io.ReadAll(t.in)
	} else {
		src, err = os.ReadFile(name)
	}
	if err != nil {
		return nil, nil, unreachable(err)
	}
	f, mistakes := catalogue.Load(name, src)
	for _, m := range mistakes {
		fmt.Fprintln(t.out, m)
	}
	if len(mistakes) > 0 {
		return nil, nil, failed()
	}
	if t.live == nil {
		for _, w := range f.Warnings() {
			fmt.Fprintln(t.err, "warning:", w)
		}
	}
	return src, f, nil
}

type catalogueCheckCommand struct {
	File string `arg:"" help:"Catalogue file (TOML); - for standard input."`
}

func (c *catalogueCheckCommand) Help() string {
	return `Prints every mistake at once, one a line, as file:line: message. Exit code 1 when there is one.
Warnings go to standard error and are no mistakes: recurrent prices that prepaid lines never pay.

  rator catalogue check catalogue.toml`
}

func (c *catalogueCheckCommand) Run(t *terminal) error {
	_, _, err := readCatalogue(t, c.File)
	if err == nil {
		_, err = fmt.Fprintln(t.out, "no mistakes")
	}
	return err
}

type catalogueImportCommand struct {
	storeFlag
	File      string `arg:"" help:"Catalogue file (TOML); - for standard input."`
	ValidFrom string `help:"The day from which prices and taxes that the file gives no day to count, such as 2026-02-01; the brand's today without." placeholder:"DATE" env:"-"`
	DryRun    bool   `help:"Write nothing; say what would change, from which day, and for how many customers." env:"-"`
	JSON      bool   `name:"json" help:"Answer as JSON: added, changed, retired, unchanged; with --dry-run also changes."`
}

func (c *catalogueImportCommand) Help() string {
	return `All or nothing. Things of the file's brands that the file no longer has are retired: not sold
any more, still readable for the customers who have them. Importing a file twice changes nothing.
Works on the store of a running server too.

A price or a tax that is another one than before counts from today on, or from the day of --valid-from;
what was kept for the days before stays, and those days are billed at it.

  rator catalogue import --store rator.db catalogue.toml
  rator catalogue import --store rator.db --dry-run catalogue.toml
  rator catalogue import --store rator.db --valid-from 2026-02-01 catalogue.toml`
}

func (c *catalogueImportCommand) Run(t *terminal) error {
	var from time.Time
	if c.ValidFrom != "" {
		var err error
		if from, err = time.Parse(time.DateOnly, c.ValidFrom); err != nil {
			return misused(fmt.Errorf("--valid-from %q is no day such as 2026-02-01", c.ValidFrom))
		}
	}
	src, f, err := readCatalogue(t, c.File)
	if err != nil {
		return err
	}
	args := []string{"catalogue", "import", "-"}
	if c.ValidFrom != "" {
		args = append(args, "--valid-from="+c.ValidFrom)
	}
	if c.JSON {
		args = append(args, "--json")
	}
	if c.DryRun {
		return c.read(t, t.out, src, append(args, "--dry-run"), func(st store.Store) error { return c.plan(t, st, f, from) })
	}
	return c.with(t, t.out, src, args, func(st store.Store) error {
		changes, err := importCatalogue(t, st, f, from)
		if err != nil {
			return err
		}
		if c.JSON {
			return json.NewEncoder(t.out).Encode(map[string]int{"added": changes.Added, "changed": changes.Changed, "retired": changes.Retired, "unchanged": changes.Unchanged})
		}
		_, err = fmt.Fprintf(t.out, "%d added, %d changed, %d retired, %d unchanged\n", changes.Added, changes.Changed, changes.Retired, changes.Unchanged)
		return err
	})
}

func importCatalogue(t *terminal, st store.Store, f *catalogue.File, from time.Time) (changes catalogue.Changes, err error) {
	err = st.Update(t.ctx, func(tx store.Tx) (err error) {
		noted := access.NewChanges(tx, "")
		if changes, err = catalogue.ImportFrom(noted, f, from); err != nil || changes.Added+changes.Changed+changes.Retired == 0 {
			return err
		}
		return noted.Record(access.AuditRow{Who: local.Who, Face: local.Face, Hookpoint: "catalogue import", Outcome: access.OutcomeOK}, nil)
	})
	return changes, err
}

type catalogueExportCommand struct {
	storeFlag
	File string `arg:"" optional:"" default:"-" help:"File to write; - for standard output."`
}

func (c *catalogueExportCommand) Help() string {
	return `Writes a file that import takes as it is and finds nothing changed in.

  rator catalogue export --store rator.db > catalogue.toml`
}

func (c *catalogueExportCommand) Run(t *terminal) error {
	out := t.out
	if c.File != "-" {
		f, err := os.OpenFile(c.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if errors.Is(err, os.ErrExist) {
			return misused(fmt.Errorf("%s exists; name a new file", c.File))
		}
		if err != nil {
			return unreachable(err)
		}
		defer f.Close()
		out = f
	}
	return c.read(t, out, nil, []string{"catalogue", "export"}, func(st store.Store) error {
		var src []byte
		err := st.View(t.ctx, func(tx store.Tx) (err error) {
			src, err = catalogue.Export(tx)
			return err
		})
		if err != nil {
			return err
		}
		_, err = out.Write(src)
		return err
	})
}
