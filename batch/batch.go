// Package batch runs a script that calls the API of a server from outside, once or for each
// row of a file: it reads the rows, checks the script, makes the calls, keeps what came of
// each row, and goes on where a run was interrupted. It prints nothing.
package batch

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"rator/failure"
	"rator/workflow/contract"
	"rator/workflow/script"
	"rator/workflow/value"
)

// Config is what a run is made of.
type Config struct {
	Script    string // its file
	Source    []byte // what that holds
	Values    value.Tree
	Set       []string // how Values were written: the id of a run over rows is made of it too
	Rows      string   // CSV or JSON file; "" = one run, for Values alone
	Results   string   // where the outcome of each row goes; "" = the name of Rows with .results.jsonl
	Retry     bool     // rows that failed are run again
	Jobs      int      // rows that run at a time
	StopEarly bool     // no more rows are begun after one that failed
	Endpoint  string
	Context   value.Tree // CONTEXT of each call
	Timeout   time.Duration
	Contracts []*contract.Contract // of the hookpoints that are known
	Pauses    []time.Duration      // as usualPauses; nil = those
}

// Batch is a run that was read and checked; nothing is called yet.
type Batch struct {
	Config
	Warnings []contract.Mistake
	Mistakes []contract.Mistake // a script that has some cannot run
	program  *script.Program
	declared map[string]*contract.Contract
	codes    codes
	data     rows
	now      time.Time
	id       string // of the run; request ids begin with it
	web      *http.Client
	told     sync.Map // warnings of keys, each told once
	warn     func(text string)
}

// New reads the rows and checks the script. An *Error says that rows cannot be read.
func New(c Config) (*Batch, error) {
	if c.Results == "" {
		c.Results = c.Rows + ".results.jsonl"
	}
	if c.Pauses == nil {
		c.Pauses = usualPauses
	}
	b := &Batch{Config: c, now: time.Now(), warn: func(string) {}}
	var err error
	if b.data, err = readRows(c.Rows, c.Values); err != nil {
		return nil, err
	}
	b.learn()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = c.Jobs
	b.web = &http.Client{Timeout: c.Timeout, Transport: transport}
	b.id = b.runID()
	b.program, b.Mistakes, b.Warnings = script.CompileClient(c.Script, c.Source, b.data.lists.declare(), script.Env{Contracts: b.declared, Code: b.codes.named})
	return b, nil
}

// Close ends connections that wait for more calls.
func (b *Batch) Close() { b.web.CloseIdleConnections() }

// learn takes what the contracts say: what calls may hold, and the codes they fail with.
func (b *Batch) learn() {
	b.declared, b.codes = map[string]*contract.Contract{}, codes{}
	for _, c := range b.Contracts {
		b.declared[c.Hookpoint] = c
		for _, f := range c.Errors {
			if f.Number != 0 && failure.ByName(f.Name) == nil {
				b.codes[f.Name] = &failure.Code{Number: f.Number, Name: f.Name, Kind: failure.Conflict, Text: f.Text}
			}
		}
	}
}

// runID names the run. With rows, the same script name, Set and file have the same
// name, whenever and wherever they run; a run without is always a new one.
func (b *Batch) runID() string {
	if b.Rows == "" {
		return rand.Text()
	}
	h := sha256.New()
	for _, s := range append([]string{filepath.Base(b.Script), string(b.data.digest)}, b.Set...) {
		fmt.Fprintf(h, "%d:%s", len(s), s)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Once runs the script for Values alone. The error is not the script's, which the result has.
func (b *Batch) Once(ctx context.Context, warn func(text string)) (*Result, error) {
	b.warn = warn
	return b.run(ctx, b.data.rows[0], &try{Row: 1, Try: 1})
}

// Total is how many rows there are.
func (b *Batch) Total() int { return len(b.data.rows) }

// Open begins the file of results, or goes on with it.
func (b *Batch) Open() (*Results, error) {
	head := resultsHead{Run: b.id, Script: filepath.Base(b.Script), Rows: filepath.Base(b.Rows), Endpoint: b.Endpoint, Begun: b.now, Contents: b.data.contents()}
	res, err := openResults(b.Config.Results, head, &b.data, b.Retry)
	if err != nil {
		return nil, err
	}
	b.now, b.id = res.Begun, res.Run
	return res, nil
}

// Run hands the rows out in order that are not done yet, and tells each that ends. Repeated is
// how many calls got the answer that was kept from an earlier run. The error is the one
// that ended it early: rows that were running then are not done.
func (b *Batch) Run(ctx context.Context, res *Results, ended func(*Result), warn func(text string)) (repeated int, err error) {
	b.warn = warn
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var next, again atomic.Int64
	var enough atomic.Bool
	worker := func() {
		for !enough.Load() && ctx.Err() == nil {
			i := int(next.Add(1)) - 1
			if i >= len(b.data.rows) {
				return
			}
			if res.tries[i].result != nil {
				continue
			}
			one, err := b.run(ctx, b.data.rows[i], res.tries[i])
			if err == nil {
				err = res.add(one)
			}
			if err != nil {
				stop(err)
				return
			}
			again.Add(int64(one.Repeated))
			if one.Error != nil && b.StopEarly {
				enough.Store(true)
			}
			ended(one)
		}
	}
	var jobs sync.WaitGroup
	for range min(b.Jobs, len(b.data.rows)) {
		jobs.Go(worker)
	}
	jobs.Wait()
	if res.Done() == len(b.data.rows) {
		return int(again.Load()), nil // whatever came after the last row
	}
	return int(again.Load()), context.Cause(ctx)
}
