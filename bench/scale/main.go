// Command scale measures what grows with the number of customers: the file, the start,
// memory, verify, backup, compact and billing run, sign-ups, reads and searches. It loads
// customers with this checkout and signs them up with an older commit, keeps these stores,
// and measures over copies of them (make scale; docs/peers.md). It needs Linux.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"rator/bench/rig"
)

// options are the command line.
type options struct {
	base, this string // as of rig.Base and rig.This
	sizes      []int  // customers
	rounds     int
	calls      int // until the memory is looked at
	json       bool
	dir        string // of the stores that are kept, and of copies of them
}

func main() {
	var o options
	sizes := flag.String("customers", "100000", "`NUMBER,...` of customers to measure with, beside none")
	flag.StringVar(&o.base, "base", "", "`COMMIT` or built binary to compare with, or none")
	flag.StringVar(&o.this, "this", "", "built `BINARY` to measure instead of this checkout")
	flag.IntVar(&o.rounds, "runs", 3, "how many `ROUNDS`; the median of each figure counts")
	flag.IntVar(&o.calls, "calls", 100_000, "how many `CALLS` a server answers until its memory is looked at")
	flag.BoolVar(&o.json, "json", false, "print JSON")
	flag.StringVar(&o.dir, "dir", "", "`FOLDER` for stores; finished ones stay there and are taken the next time")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := o.parseSizes(*sizes)
	if err == nil && (flag.NArg() > 0 || o.rounds < 1 || o.calls < 1 || o.dir == "") {
		err = errors.New("no arguments are taken but flags, at least one round and one call, and a folder: scale -h")
	}
	if err == nil {
		err = run(ctx, o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

func (o *options) parseSizes(list string) error {
	for _, word := range strings.Split(list, ",") {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 || n > 10_000_000 {
			return fmt.Errorf("%q is no number of customers, 1 to 10000000", word)
		}
		o.sizes = append(o.sizes, n)
	}
	slices.Sort(o.sizes)
	return nil
}

func run(ctx context.Context, o options) error {
	dir, err := os.MkdirTemp(o.dir, "rator-scale-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	r, err := measured(ctx, o, dir)
	if err != nil {
		return err
	}
	if o.json {
		e := json.NewEncoder(os.Stdout)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(r)
	}
	return r.print(os.Stdout)
}

// report is everything that a run found.
type report struct {
	Machine  string     `json:"machine"`
	This     string     `json:"this"`
	Base     string     `json:"base,omitempty"`
	Said     []string   `json:"said,omitempty"` // what a reader must know
	Rows     []rig.Row  `json:"rows"`
	Measured []*figures `json:"measured"`
}

// print writes the table, and below it what its rows were made of.
func (r *report) print(to io.Writer) error {
	base := r.Base
	if base == "" {
		base = "none"
	}
	fmt.Fprintf(to, "%s\nthis %s, base %s\n", r.Machine, r.This, base)
	for _, said := range r.Said {
		fmt.Fprintln(to, said)
	}
	fmt.Fprintln(to)
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	rig.PrintRows(table, r.Rows)
	fmt.Fprintln(table, "\t\t\t\t\t")
	fmt.Fprintln(table, "medians\tload s\tfile MB\tstart s\tread, verify s\tcopy, backup, compact s\tmemory MB\tbilling run s")
	for _, f := range r.Measured {
		fmt.Fprintf(table, "%d customers: %s\t%.1f\t%.1f\t%.2f\t%.2f, %.2f\t%.2f, %.2f, %.2f\t%.1f\t%.1f\n", f.Customers, f.Who, f.Load, f.File/1e6,
			f.Start, f.Read, f.Verify, f.Copy, f.Backup, f.Compact, f.Memory/1e6, f.Bill)
	}
	fmt.Fprintln(table, "\t\t\t\t\t")
	fmt.Fprintln(table, "calls\tCPU µs\ta second\tp50 ms\tp99 ms")
	for _, f := range r.Measured {
		line := func(name string, c *calls) {
			if c != nil {
				fmt.Fprintf(table, "%d customers: %s, %s\t%.0f\t%.0f\t%.2f\t%.2f\n", f.Customers, f.Who, name, c.CPU, c.PerSecond, c.P50, c.P99)
			}
		}
		for _, k := range kinds {
			line(k.name, f.Calls[k.name])
		}
		line("sign-up, 16 callers", &f.SignUps)
		line("sign-up, 64 callers", &f.SignUps64)
	}
	return table.Flush()
}

var begun = time.Now()

// progress says on standard error what is going on.
func progress(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "scale: %4.0f s  %s\n", time.Since(begun).Seconds(), fmt.Sprintf(format, args...))
}
