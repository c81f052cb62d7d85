package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"
)

// figure is what one binary showed under one load.
type figure struct {
	Load    string   `json:"-"`
	Value   *float64 `json:"value"` // what the target is held against; null = for ever, or never
	Shown   string   `json:"shown"`
	Details []string `json:"details,omitempty"` // what else was seen
	target  target
}

// target is what a figure is to reach; the zero target asks for nothing.
type target struct {
	reach   string
	reached func(this, base float64) bool
	based   bool // without a base nobody can tell
}

// atMost and atLeast hold the value against a number.
func atMost(limit float64, reach string) target {
	return target{reach: reach, reached: func(this, _ float64) bool { return this <= limit }}
}

func atLeast(limit float64, reach string) target {
	return target{reach: reach, reached: func(this, _ float64) bool { return this >= limit }}
}

// newFigure takes a value that may be infinite or none.
func newFigure(load string, value float64, shown string, t target, details ...string) figure {
	f := figure{Load: load, Shown: shown, Details: details, target: t}
	if !math.IsInf(value, 0) && !math.IsNaN(value) {
		f.Value = &value
	}
	return f
}

// row is a load with what both binaries showed under it.
type row struct {
	Scenario string  `json:"scenario"`
	Load     string  `json:"load"`
	Base     *figure `json:"base,omitempty"` // nil = there was none
	This     *figure `json:"this"`
	Reach    string  `json:"reach,omitempty"`
	OK       *bool   `json:"ok,omitempty"` // nil = nothing is to be reached, or nobody can tell
}

// newRow judges; base may be nil.
func newRow(scenario string, base, this *figure) row {
	r := row{Scenario: scenario, Load: this.Load, Base: base, This: this, Reach: this.target.reach}
	if this.target.reached == nil || this.target.based && base == nil {
		return r
	}
	var before float64
	if base != nil {
		before = valueOf(base)
	}
	ok := this.Value != nil && this.target.reached(*this.Value, before)
	r.OK = &ok
	return r
}

// valueOf is infinite where a figure has none.
func valueOf(f *figure) float64 {
	if f.Value == nil {
		return math.Inf(1)
	}
	return *f.Value
}

// report is everything that a run found.
type report struct {
	This string   `json:"this"`
	Base string   `json:"base,omitempty"`
	Said []string `json:"said,omitempty"` // what a reader must know: no base, what could not be run
	Rows []row    `json:"rows"`
}

func (r *report) printJSON(to io.Writer) error {
	e := json.NewEncoder(to)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(r)
}

// print writes the table, and below it what else was seen of each row.
func (r *report) print(to io.Writer) error {
	fmt.Fprintf(to, "this %s, base %s\n", r.This, or(r.Base, "none"))
	for _, said := range r.Said {
		fmt.Fprintln(to, said)
	}
	fmt.Fprintln(to)
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "load\tbase\tthis\tto reach\t")
	for _, row := range r.Rows {
		base := "-"
		if row.Base != nil {
			base = row.Base.Shown
		}
		verdict := "-"
		if row.OK != nil && *row.OK {
			verdict = "ok"
		} else if row.OK != nil {
			verdict = "MISS"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", row.Load, base, row.This.Shown, or(row.Reach, "-"), verdict)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, row := range r.Rows {
		for _, side := range []struct {
			name string
			of   *figure
		}{{"base", row.Base}, {"this", row.This}} {
			if side.of != nil && len(side.of.Details) > 0 {
				fmt.Fprintf(to, "\n%s, %s: %s", row.Load, side.name, strings.Join(side.of.Details, "; "))
			}
		}
	}
	_, err := fmt.Fprintln(to)
	return err
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// inMillis prints milliseconds as a reader wants them.
func inMillis(ms float64) string {
	switch {
	case math.IsInf(ms, 0) || math.IsNaN(ms):
		return "never"
	case ms < 10:
		return fmt.Sprintf("%.1f ms", ms)
	case ms < 1000:
		return fmt.Sprintf("%.0f ms", ms)
	}
	return fmt.Sprintf("%.1f s", ms/1000)
}

func inPercent(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }
