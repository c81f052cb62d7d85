package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"rator/billing"
	"rator/catalogue"
)

// billingLine is what a billing run tells while it runs, and at its end. A run
// inside a server tells it as a line of JSON, and the command that forwarded it
// prints it as one that runs here does.
type billingLine struct {
	Accounts int64           `json:"accounts,omitempty"` // done so far
	Total    int64           `json:"total,omitempty"`
	Refused  int64           `json:"refused,omitempty"`
	Due      string          `json:"due,omitempty"`     // what came of a termination that was due
	Waits    string          `json:"waits,omitempty"`   // for whose run
	Summary  *billingSummary `json:"summary,omitempty"` // at the end
}

// billingSummary is what a run did, as --json answers it.
type billingSummary struct {
	AsOf     string            `json:"as_of"`
	Brand    string            `json:"brand"` // "" = all
	DryRun   bool              `json:"dry_run"`
	Accounts int64             `json:"accounts"` // looked at
	Periods  int64             `json:"periods"`  // billed
	Invoices int64             `json:"invoices"`
	Dunned   int               `json:"dunned"`
	Totals   map[string]string `json:"totals"` // of the invoices, by currency
	Refused  int64             `json:"refused"`
	Reasons  []string          `json:"reasons"` // of the first accounts refused
	// Of the refused, those whose bill goes to where the tax table knows nothing of.
	NoPlace   int64    `json:"no_place"`
	Untaxed   int64    `json:"untaxed"`    // invoices without the tax of a place that has no row in the tax table
	UntaxedAt []string `json:"untaxed_at"` // the first of them
}

func (c *billingRunCommand) summary(r *billing.Report) *billingSummary {
	s := &billingSummary{AsOf: c.AsOf, Brand: c.Brand, DryRun: c.DryRun, Accounts: r.Accounts, Periods: r.Periods, Invoices: r.Invoices,
		Dunned: r.Dunned, Totals: map[string]string{}, Refused: r.Refused, Reasons: append([]string{}, r.Reasons...),
		NoPlace: r.NoPlace, Untaxed: r.Untaxed, UntaxedAt: append([]string{}, r.UntaxedAt...)}
	for currency, sum := range r.Totals {
		s.Totals[currency] = sum.StringFixed(catalogue.MinorUnits(currency))
	}
	return s
}

// text is the summary on one line.
func (s *billingSummary) text() string {
	totals := ""
	for _, currency := range slices.Sorted(maps.Keys(s.Totals)) {
		totals += fmt.Sprintf(", %s %s", s.Totals[currency], currency)
	}
	text := fmt.Sprintf("%d accounts, %d periods billed, %d invoices%s, %d dunned, %d refused", s.Accounts, s.Periods, s.Invoices, totals, s.Dunned, s.Refused)
	if s.NoPlace > 0 {
		text += fmt.Sprintf(" (%d in no place of the tax table)", s.NoPlace)
	}
	if s.Untaxed > 0 {
		text += fmt.Sprintf(", %d invoices without a row of the tax table", s.Untaxed)
	}
	return text
}

// billingPrinter shows a run to whoever started it.
type billingPrinter struct {
	*billingRunCommand
	toldLines[billingLine]
	shown *progress
}

func (c *billingRunCommand) printer(t *terminal) *billingPrinter {
	p := &billingPrinter{billingRunCommand: c}
	p.toldLines = toldLines[billingLine]{t: t, asJSON: c.Lines, print: p.print}
	return p
}

func (p *billingPrinter) print(line billingLine) error {
	if line.Due != "" {
		_, err := fmt.Fprintf(p.t.err, "due: %s\n", line.Due)
		return err
	}
	if line.Waits != "" {
		_, err := fmt.Fprintf(p.t.err, "another billing run is under way (%s); this one begins when that has ended\n", line.Waits)
		return err
	}
	if line.Summary == nil {
		if p.shown == nil {
			p.shown = newProgress(p.t.err, int(line.Total), 0)
			p.shown.noun, p.shown.bad = "accounts", "refused"
		}
		p.shown.set(int(line.Accounts), int(line.Refused))
		return nil
	}
	p.end()
	return p.conclude(line.Summary)
}

// end takes the bar away, if there is one.
func (p *billingPrinter) end() {
	if p.shown != nil {
		p.shown.end()
	}
}

func (p *billingPrinter) conclude(s *billingSummary) error {
	if p.JSON {
		return json.NewEncoder(p.t.out).Encode(s)
	}
	for _, reason := range s.Reasons {
		fmt.Fprintf(p.t.err, "refused: %s\n", reason)
	}
	if more := s.Refused - int64(len(s.Reasons)); more > 0 {
		fmt.Fprintf(p.t.err, "and %d more accounts\n", more)
	}
	for _, invoice := range s.UntaxedAt {
		fmt.Fprintf(p.t.err, "no tax: %s\n", invoice)
	}
	if more := s.Untaxed - int64(len(s.UntaxedAt)); more > 0 {
		fmt.Fprintf(p.t.err, "and %d more invoices\n", more)
	}
	head := "billing run as of " + s.AsOf
	if s.Brand != "" {
		head += " of brand " + s.Brand
	}
	if s.DryRun {
		head += ", dry, nothing written"
	}
	_, err := fmt.Fprintf(p.t.out, "%s: %s\n", head, s.text())
	return err
}
