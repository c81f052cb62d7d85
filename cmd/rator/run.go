package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"rator/batch"
	"rator/server"
	"rator/workflow"
	"rator/workflow/contract"
	"rator/workflow/value"
)

type runCommand struct {
	Script string   `arg:"" help:"Script, such as chain.star."`
	Set    []string `help:"A value of p, as in rator call; with --rows, for rows that do not give the key." placeholder:"KEY=value" sep:"none" env:"-"`
	Rows   string   `help:"CSV or JSON file (.csv, .json, .jsonl): one run for each row." placeholder:"FILE" env:"-"`

	Results     string `help:"Where the outcome of each row goes, one JSON object a line (default: the name of the rows' file with .results.jsonl)." placeholder:"FILE" env:"-"`
	RetryFailed bool   `help:"Run the rows again that failed, also from a file in which they are corrected."`
	Jobs        int    `help:"How many rows run at a time." default:"1"`
	StopOnError bool   `help:"Begin no more rows after one that failed."`

	endpointFlag
	Operator   string        `help:"CONTEXT/OPERATOR." env:"RATOR_OPERATOR"`
	Password   string        `help:"CONTEXT/PASSWORD; better by RATOR_PASSWORD, where others do not see it." env:"RATOR_PASSWORD"`
	Brand      string        `help:"CONTEXT/BRAND_KEY." env:"RATOR_BRAND"`
	Language   string        `help:"CONTEXT/LANGUAGE." default:"EN" env:"RATOR_LANGUAGE"`
	Hookpoints []string      `help:"Directory of hookpoint folders that the server has over the shipped ones; may be repeated." placeholder:"DIR" sep:"none"`
	Timeout    time.Duration `help:"How long to wait for the answer of one call." default:"15s"`
	JSON       bool          `name:"json" help:"Answer as JSON."`
}

func (c *runCommand) Help() string {
	return `Runs a script of the dialect of workflow.star with api.NAME only: each call is one SOAP request with
its own commit. call, hook and emit are mistakes here. The script is checked before anything is called:
its mistakes, and calls that break the contracts of the shipped hookpoints or of --hookpoints, are told
with line and column. A hookpoint without a contract is called unchecked, with a warning.

Without --rows it runs once and prints what run returned, as JSON. With --rows it runs once a row; what
a CSV file has in its header is a key of p, USER.CITY nests, an empty cell is an absent key. The results
file says which rows are done: after an interruption the same command goes on with the others. Request
ids are made of script name, --set and rows' file, row and call, so a row that was cut off is done once
(within 7 days). now is the time at which the results file was begun. --retry-failed does the rows again
that failed, also from a file in which they are corrected; the last line of a row in the results counts.

Exit code 0 when all went well, 1 when the script has a mistake or a run failed or was interrupted,
2 for wrong use, 3 when the endpoint does not answer or a file cannot be opened.

  rator run chain.star --set USER.CITY=Odense --operator demo
  rator run chain.star --rows people.csv --jobs 4 --endpoint https://rator.example.com/workflow-soap/InvokerService`
}

// runPauses are those of batch.Config; tests have shorter ones.
var runPauses []time.Duration

func (c *runCommand) Run(t *terminal) error {
	b, err := c.read(t)
	if b == nil {
		return err
	}
	defer b.Close()
	if c.Rows != "" {
		return c.all(t, b)
	}
	return c.once(t, b)
}

// read reads every file and checks the script; nothing is called yet. It gives nil when
// there are mistakes, which are told.
func (c *runCommand) read(t *terminal) (*batch.Batch, error) {
	if c.Jobs < 1 {
		return nil, misused(fmt.Errorf("--jobs is a number from 1"))
	}
	if c.RetryFailed && c.Rows == "" {
		return nil, misused(fmt.Errorf("--retry-failed is for a run with --rows"))
	}
	set, err := value.ParseAssignments(c.Set)
	if err != nil {
		return nil, misused(fmt.Errorf("--set: %w", err))
	}
	src, err := os.ReadFile(c.Script)
	if err != nil {
		return nil, unreachable(err)
	}
	layers, err := server.Layers(c.Hookpoints)
	if err != nil {
		return nil, unreachable(err)
	}
	hookpoints, mistakes := workflow.Load(layers...)
	if len(mistakes) > 0 {
		return nil, c.mistaken(t, mistakes)
	}
	b, err := batch.New(batch.Config{
		Script: c.Script, Source: src, Values: set, Set: c.Set, Rows: c.Rows, Results: c.Results, Retry: c.RetryFailed,
		Jobs: c.Jobs, StopEarly: c.StopOnError, Endpoint: c.Endpoint, Context: c.context(), Timeout: c.Timeout,
		Contracts: hookpoints.Contracts(), Pauses: runPauses,
	})
	if err != nil {
		return nil, c.exit(err)
	}
	for _, w := range b.Warnings {
		fmt.Fprintf(t.err, "rator: warning: %s\n", w)
	}
	if len(b.Mistakes) > 0 {
		return nil, c.mistaken(t, b.Mistakes)
	}
	return b, nil
}

// context is the CONTEXT of each call.
func (c *runCommand) context() value.Tree {
	return (&callCommand{Language: c.Language, Operator: c.Operator, Password: c.Password, Brand: c.Brand}).context().Items
}

// exit gives what ended a run its exit code.
func (c *runCommand) exit(err error) error {
	var e *batch.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Kind {
	case batch.Misused:
		return misused(err)
	case batch.Unreachable:
		return unreachable(err)
	case batch.NotAuthenticated:
		return errors.Join(err, unsaid(c.context()))
	}
	return err
}

func warner(w io.Writer) func(text string) {
	return func(text string) { fmt.Fprintln(w, "rator: warning: "+text) }
}

func (c *runCommand) mistaken(t *terminal, mistakes []contract.Mistake) error {
	if c.JSON {
		_ = json.NewEncoder(t.out).Encode(mistakesAsJSON(0, mistakes, nil))
		return failed()
	}
	for _, m := range mistakes {
		fmt.Fprintln(t.err, m)
	}
	return failed()
}

// once runs the script for --set alone.
func (c *runCommand) once(t *terminal, b *batch.Batch) error {
	r, err := b.Once(t.ctx, warner(t.err))
	if err != nil {
		return c.exit(err)
	}
	for _, text := range r.Notes {
		fmt.Fprintf(t.err, "note: %s\n", text)
	}
	switch {
	case c.JSON:
		r.Row, r.Made = 0, nil
		if err := json.NewEncoder(t.out).Encode(r); err != nil {
			return err
		}
	case r.Error == nil && r.Values != nil:
		indented, err := json.MarshalIndent(r.Values, "", "  ")
		if err != nil {
			return err
		}
		if _, err := io.WriteString(t.out, string(indented)+"\n"); err != nil {
			return err
		}
	case r.Error != nil:
		return fmt.Errorf("%s", r.Error)
	}
	if r.Error != nil {
		return failed()
	}
	return nil
}
