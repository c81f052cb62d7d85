package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"rator/mask"
	"rator/replay"
	"rator/replay/load"
)

// quantiles are those that are shown, with their names.
var quantiles = []struct {
	name  string
	share float64
}{{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}, {"max", 1}}

// print shows what was measured, as tables.
func (c *benchCommand) print(out io.Writer, r *load.Result) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s, %s after %s of warm-up\n", mask.Address(c.Endpoint), seconds(r.Took), seconds(r.WarmUp))
	fmt.Fprintf(w, "calls\t%d\n", r.All.Count)
	if r.Rate > 0 {
		fmt.Fprintf(w, "rate\t%.1f a second, %g asked for\n", r.PerSecond(), r.Rate)
		fmt.Fprintf(w, "sent late\tp99 %s ms, at most %s ms\n", millis(r.Late.Quantile(0.99)), millis(r.Late.Max))
	} else {
		fmt.Fprintf(w, "rate\t%.1f a second, %d callers\n", r.PerSecond(), r.Callers)
	}
	fmt.Fprintf(w, "errors\t%d\n", r.All.Errors)
	if r.Skipped > 0 {
		fmt.Fprintf(w, "not sent\t%d, as what they take of an earlier answer did not come\n", r.Skipped)
	}
	if r.Unanswered > 0 {
		fmt.Fprintf(w, "not waited for\t%d answers\n", r.Unanswered)
	}
	fmt.Fprint(w, "\nms\tcalls\terrors")
	for _, q := range quantiles {
		fmt.Fprint(w, "\t", q.name)
	}
	fmt.Fprintln(w)
	row := func(name string, o *load.Operation) {
		fmt.Fprintf(w, "%s\t%d\t%d", name, o.Count, o.Errors)
		for _, q := range quantiles {
			fmt.Fprint(w, "\t", millis(o.Quantile(q.share)))
		}
		fmt.Fprintln(w)
	}
	row("all", &r.All)
	for i := range r.Operations {
		row(named(r.Operations[i].Name), &r.Operations[i])
	}
	fmt.Fprintln(w, "\nanswer\tcalls\terrors")
	for _, o := range r.Outcomes {
		fmt.Fprintf(w, "%s\t%d\t%d\n", o.Name, o.Calls, o.Errors)
	}
	return w.Flush()
}

// named is an operation's name; what is no XML has none.
func named(operation string) string {
	if operation == "" {
		return "-"
	}
	return operation
}

// millis is a time in milliseconds, to three digits.
func millis(d time.Duration) string {
	return strconv.FormatFloat(rounded(d), 'f', -1, 64)
}

// rounded is a time in milliseconds, to three digits.
func rounded(d time.Duration) float64 {
	ms, _ := strconv.ParseFloat(strconv.FormatFloat(float64(d)/float64(time.Millisecond), 'g', 3, 64), 64)
	return ms
}

func seconds(d time.Duration) string { return d.Round(100 * time.Millisecond).String() }

// benchJSON is what --json prints.
type benchJSON struct {
	Endpoint    string               `json:"endpoint"`
	Rate        float64              `json:"rate"` // asked for; 0 = as answers came
	Callers     int                  `json:"callers"`
	Seconds     float64              `json:"seconds"`
	Calls       int                  `json:"calls"`
	Errors      int                  `json:"errors"`
	PerSecond   float64              `json:"perSecond"`
	Latency     map[string]float64   `json:"latency"`
	Late        map[string]float64   `json:"lateMs"`
	Skipped     int                  `json:"skipped"`
	Interrupted bool                 `json:"interrupted"`
	Unanswered  int                  `json:"unanswered"`
	Outcomes    []benchOutcomeJSON   `json:"outcomes"`
	Operations  []benchOperationJSON `json:"operations"`
}

type benchOutcomeJSON struct {
	Name   string `json:"name"`
	Calls  int    `json:"calls"`
	Errors int    `json:"errors"`
}

type benchOperationJSON struct {
	Name    string             `json:"name"`
	Calls   int                `json:"calls"`
	Errors  int                `json:"errors"`
	Latency map[string]float64 `json:"latency"`
}

func (c *benchCommand) printJSON(out io.Writer, r *load.Result) error {
	j := benchJSON{
		Endpoint: mask.Address(c.Endpoint), Rate: r.Rate, Callers: r.Callers, Seconds: r.Took.Seconds(), Calls: r.All.Count, Errors: r.All.Errors,
		PerSecond: r.PerSecond(), Latency: latencies(&r.All.Histogram), Late: latencies(&r.Late), Skipped: r.Skipped, Interrupted: r.Interrupted, Unanswered: r.Unanswered,
		Outcomes: []benchOutcomeJSON{}, Operations: []benchOperationJSON{},
	}
	for _, o := range r.Outcomes {
		j.Outcomes = append(j.Outcomes, benchOutcomeJSON(o))
	}
	for i := range r.Operations {
		o := &r.Operations[i]
		j.Operations = append(j.Operations, benchOperationJSON{o.Name, o.Count, o.Errors, latencies(&o.Histogram)})
	}
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(j)
}

// latencies are the quantiles in milliseconds, by their names.
func latencies(h *replay.Histogram) map[string]float64 {
	of := map[string]float64{}
	for _, q := range quantiles {
		of[q.name] = rounded(h.Quantile(q.share))
	}
	return of
}
