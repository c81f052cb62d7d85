package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"rator/bench/rig"
)

// report is everything that a run found.
type report struct {
	Machine  string         `json:"machine"`
	This     string         `json:"this"`
	Base     string         `json:"base,omitempty"`
	Settings string         `json:"settings"`
	Said     []string       `json:"said,omitempty"`    // what a reader must know
	Missing  []string       `json:"missing,omitempty"` // what this machine does not have
	Ratios   []rig.Row      `json:"ratios"`
	Measured []*measurement `json:"measured"`
}

// measurement is what who showed at a work, each time.
type measurement struct {
	Work    string   `json:"work"`
	Who     string   `json:"who"`
	Median  sample   `json:"median"`
	Samples []sample `json:"samples"`
}

func newReport(o options) *report {
	return &report{Machine: rig.Machine(), Settings: fmt.Sprintf("medians of %d rounds, %d calls of an echo each, %d customers at first", o.rounds, o.calls, o.customers)}
}

func (r *report) say(what string) { r.Said = append(r.Said, what) }

func (r *report) miss(name string, err error) {
	r.Missing = append(r.Missing, fmt.Sprintf("%s is left out: %v", name, err))
	progress("%s is left out: %v", name, err)
}

// add keeps a sample; the median is of all so far.
func (r *report) add(work, who string, s sample) {
	m := r.find(work, who)
	if m == nil {
		m = &measurement{Work: work, Who: who}
		r.Measured = append(r.Measured, m)
	}
	m.Samples = append(m.Samples, s)
	m.Median = median(m.Samples)
}

func (r *report) find(work, who string) *measurement {
	for _, m := range r.Measured {
		if m.Work == work && m.Who == who {
			return m
		}
	}
	return nil
}

// judge makes the ratios of the medians.
func (r *report) judge(some []ratio) {
	for _, of := range some {
		r.Ratios = append(r.Ratios, rig.NewRow(of.name, r.ratio(of, base), r.ratio(of, this), rig.Bound{More: of.more, Sign: of.sign, Goal: of.goal}))
	}
}

// ratio is what one of ours came to; nil where a measurement is missing.
func (r *report) ratio(of ratio, who string) *float64 {
	mine, theirs := r.find(of.of.work, who), r.find(of.against.work, of.against.who)
	if mine == nil || theirs == nil {
		return nil
	}
	value := of.value(mine.Median.of(of.of.of), theirs.Median.of(of.against.of))
	return &value
}

func (r *report) printJSON(to io.Writer) error {
	e := json.NewEncoder(to)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(r)
}

// print writes the table of ratios, and below it what they were made of.
func (r *report) print(to io.Writer) error {
	fmt.Fprintf(to, "%s\nthis %s, base %s; %s\n", r.Machine, r.This, orDash(r.Base), r.Settings)
	for _, said := range append(r.Said, r.Missing...) {
		fmt.Fprintln(to, said)
	}
	fmt.Fprintln(to)
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	rig.PrintRows(table, r.Ratios)
	fmt.Fprintln(table, "\t\t\t\t\t")
	fmt.Fprintln(table, "medians\tCPU µs a call\ta second\tp50 ms\tp99 ms\tothers took")
	for _, m := range r.Measured {
		fmt.Fprintf(table, "%s: %s\t%.0f\t%.0f\t%.2f\t%.2f\t%.2f\n", m.Work, m.Who, m.Median.CPU, m.Median.PerSecond, m.Median.P50, m.Median.P99, m.Median.Others)
	}
	return table.Flush()
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
