package main

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"rator/failure"
	"rator/server"
	"rator/workflow"
	"rator/workflow/contract"
	"rator/workflow/script"
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

// plan is what a command line asks for, read and checked.
type plan struct {
	*runCommand
	program   *script.Program
	contracts map[string]*contract.Contract
	codes     codes
	data      rows
	now       time.Time
	id        string // of the run; request ids begin with it
	web       *http.Client
	told      sync.Map // warnings of keys, each told once
	warn      func(text string)
}

func (c *runCommand) Run(t *terminal) error {
	p := &plan{runCommand: c, now: time.Now(), warn: func(text string) { fmt.Fprintln(t.err, text) }}
	if err := p.read(t); err != nil {
		return err
	}
	defer p.web.CloseIdleConnections()
	if c.Rows != "" {
		return p.all(t)
	}
	return p.once(t)
}

// read reads every file and checks the script; nothing is called yet.
func (p *plan) read(t *terminal) error {
	if p.Jobs < 1 {
		return misused(fmt.Errorf("--jobs is a number from 1"))
	}
	if p.RetryFailed && p.Rows == "" {
		return misused(fmt.Errorf("--retry-failed is for a run with --rows"))
	}
	set, err := value.ParseAssignments(p.Set)
	if err != nil {
		return misused(fmt.Errorf("--set: %w", err))
	}
	src, err := os.ReadFile(p.Script)
	if err != nil {
		return unreachable(err)
	}
	layers, err := server.Layers(p.Hookpoints)
	if err != nil {
		return unreachable(err)
	}
	hookpoints, mistakes := workflow.Load(layers...)
	if len(mistakes) > 0 {
		return p.mistaken(t, mistakes)
	}
	if p.data, err = readRows(p.Rows, set); err != nil {
		return err
	}
	p.learn(hookpoints)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = p.Jobs
	p.web = &http.Client{Timeout: p.Timeout, Transport: transport}
	p.id = p.runID()
	program, mistakes, warnings := script.CompileClient(p.Script, src, p.data.lists.declare(), script.Env{Contracts: p.contracts, Code: p.codes.named})
	for _, w := range warnings {
		fmt.Fprintf(t.err, "rator: warning: %s\n", w)
	}
	if len(mistakes) > 0 {
		return p.mistaken(t, mistakes)
	}
	p.program = program
	return nil
}

// learn takes what the hookpoints say: contracts, and the codes they fail with.
func (p *plan) learn(set *workflow.Set) {
	p.contracts, p.codes = map[string]*contract.Contract{}, codes{}
	for _, c := range set.Contracts() {
		p.contracts[c.Hookpoint] = c
		for _, f := range c.Errors {
			if f.Number != 0 && failure.ByName(f.Name) == nil {
				p.codes[f.Name] = &failure.Code{Number: f.Number, Name: f.Name, Kind: failure.Conflict, Text: f.Text}
			}
		}
	}
}

// runID names the run. With rows, the same script name, --set and file have the
// same name, whenever and wherever they run; a run without is always a new one.
func (p *plan) runID() string {
	if p.Rows == "" {
		return rand.Text()
	}
	h := sha256.New()
	for _, s := range append([]string{filepath.Base(p.Script), string(p.data.digest)}, p.Set...) {
		fmt.Fprintf(h, "%d:%s", len(s), s)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func (p *plan) mistaken(t *terminal, mistakes []contract.Mistake) error {
	if p.JSON {
		_ = json.NewEncoder(t.out).Encode(mistakesAsJSON(0, mistakes, nil))
		return failed()
	}
	for _, m := range mistakes {
		fmt.Fprintln(t.err, m)
	}
	return failed()
}

// once runs the script for --set alone.
func (p *plan) once(t *terminal) error {
	r, err := p.run(t.ctx, p.data.rows[0], &try{Row: 1, Try: 1})
	if err != nil {
		return err
	}
	for _, text := range r.Notes {
		fmt.Fprintf(t.err, "note: %s\n", text)
	}
	switch {
	case p.JSON:
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
