package main

import (
	"encoding/json"
	"fmt"
	"time"

	"rator/bulk/load"
	"rator/store"
)

// loadLine is what rator load tells while it runs, and at its end. One that runs inside a
// server tells it as a line of JSON, and the command that forwarded it prints it as one
// that runs here does.
type loadLine struct {
	Progress *store.Progress `json:"progress,omitempty"`
	Said     string          `json:"said,omitempty"` // to whoever started it
	Mistake  *load.Mistake   `json:"mistake,omitempty"`
	Summary  *loadSummary    `json:"summary,omitempty"` // at the end
}

// loadSummary is what a load did, as --json answers it.
type loadSummary struct {
	Customers int64            `json:"customers"` // in the files
	Before    int64            `json:"before"`    // of them, loaded by an earlier run
	Written   int64            `json:"written"`   // by this one
	DryRun    bool             `json:"dry_run"`
	Mistakes  int64            `json:"mistakes"`
	Records   map[string]int64 `json:"records"`          // by kind
	Loaded    string           `json:"loaded,omitempty"` // when all of it was loaded by an earlier run
}

func summaryOf(r *load.Report, dry bool) *loadSummary {
	s := &loadSummary{Customers: r.Customers, Before: r.Before, Written: r.Written, DryRun: dry, Mistakes: r.Mistakes, Records: r.Things}
	if s.Records == nil {
		s.Records = map[string]int64{}
	}
	if r.Whole != nil {
		s.Loaded = r.Whole.Ended.Format(time.RFC3339)
	}
	return s
}

// text is the summary on a line.
func (s *loadSummary) text() string {
	switch counts := load.CountsOf(s.Records); {
	case s.Mistakes > 0:
		return fmt.Sprintf("%s in %s; nothing is written", counted(s.Mistakes, "mistake"), counted(s.Customers, "customer"))
	case s.Loaded != "":
		return fmt.Sprintf("%s loaded %s; nothing is done", were(s.Customers), s.Loaded)
	case s.DryRun:
		return fmt.Sprintf("%s can be loaded: %s; dry, nothing is written", counted(s.Customers-s.Before, "customer"), counts)
	case s.Before > 0:
		return fmt.Sprintf("%s loaded, %d of them now: %s", are(s.Customers), s.Written, counts)
	default:
		return fmt.Sprintf("%s loaded: %s", are(s.Customers), counts)
	}
}

func are(customers int64) string {
	if customers == 1 {
		return "1 customer is"
	}
	return fmt.Sprintf("%d customers are", customers)
}

func were(customers int64) string {
	if customers == 1 {
		return "this customer was"
	}
	return fmt.Sprintf("these %d customers were", customers)
}

// counted is so many of something.
func counted(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// loadPrinter shows a load to whoever started it.
type loadPrinter struct {
	toldLines[loadLine]
	shown   *shownProgress
	json    bool
	printed int64 // mistakes
}

func (c *loadCommand) printer(t *terminal) *loadPrinter {
	p := &loadPrinter{shown: &shownProgress{out: t.err}, json: c.JSON}
	p.toldLines = toldLines[loadLine]{t: t, asJSON: c.Lines, print: p.print}
	return p
}

func (p *loadPrinter) print(line loadLine) error {
	if line.Progress != nil {
		p.shown.show(*line.Progress)
		return nil
	}
	p.shown.clear()
	switch {
	case line.Said != "":
		_, err := fmt.Fprintf(p.t.err, "rator: %s\n", line.Said)
		return err
	case line.Mistake != nil:
		p.printed++
		out := p.t.out
		if p.json {
			out = p.t.err
		}
		_, err := fmt.Fprintln(out, line.Mistake)
		return err
	}
	p.shown.end()
	if p.json {
		return json.NewEncoder(p.t.out).Encode(line.Summary)
	}
	if more := line.Summary.Mistakes - p.printed; more > 0 {
		fmt.Fprintf(p.t.out, "and %s; --mistakes N prints more\n", counted(more, "more mistake"))
	}
	_, err := fmt.Fprintln(p.t.out, line.Summary.text())
	return err
}
