// Command postgres measures the store in PostgreSQL: sign-ups and reads of a server of this
// checkout on a private database server, beside one of an older commit on its file, and
// beside a bare program that writes the rows of a sign-up with pgx and nothing else; what
// grows with more servers of the database; and reads on a standby. What the database takes of
// the processors is counted apart (make bench-postgres; docs/design/speed.md). It needs Linux
// and PostgreSQL's server programs.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
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
	base      string // as of rig.Base
	this      string // as of rig.This
	rounds    int
	customers int
	each      time.Duration // of a measurement
	only      []string      // parts
	servers   []int         // of one database
	dir       string
}

// What is measured, one after the other.
const (
	storePart   = "store"
	serversPart = "servers"
	standbyPart = "standby"
)

var parts = []string{storePart, serversPart, standbyPart}

// list is a flag of several values.
func list[T any](to *[]T, one func(string) (T, error)) func(string) error {
	return func(text string) error {
		*to = nil
		for name := range strings.SplitSeq(text, ",") {
			v, err := one(name)
			if err != nil {
				return err
			}
			*to = append(*to, v)
		}
		return nil
	}
}

func partOf(name string) (string, error) {
	if !slices.Contains(parts, name) {
		return "", fmt.Errorf("there are %s", strings.Join(parts, ", "))
	}
	return name, nil
}

func main() {
	o := options{only: parts, servers: []int{1, 2, 4}}
	flag.StringVar(&o.base, "base", "", "`COMMIT` or built binary to compare with, or none")
	flag.StringVar(&o.this, "this", "", "built `BINARY` to measure instead of this checkout")
	flag.IntVar(&o.rounds, "runs", 5, "how many `ROUNDS`; the median of each figure counts")
	flag.IntVar(&o.customers, "customers", 1000, "`NUMBER` of customers that are there at first")
	flag.DurationVar(&o.each, "each", 3*time.Second, "`TIME` of a measurement")
	flag.Func("only", "`PARTS` to measure, of "+strings.Join(parts, ", ")+" (default: all)", list(&o.only, partOf))
	flag.Func("servers", "`NUMBERS` of servers of one database, each more than the one before (default: 1,2,4)", list(&o.servers, strconv.Atoi))
	flag.StringVar(&o.dir, "dir", "", "`FOLDER` for what is built and measured")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	ordered := o.servers[0] > 0 && slices.IsSorted(o.servers) && o.servers[len(o.servers)-1] <= severalCallers
	if flag.NArg() > 0 || o.rounds < 1 || o.customers < 1 || o.each < time.Second || !ordered {
		err = fmt.Errorf("no arguments are taken but flags, at least one round, one customer, a second, and 1 to %d servers in order: postgres -h", severalCallers)
	} else {
		err = run(ctx, o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "postgres:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (err error) {
	dir, err := os.MkdirTemp(o.dir, "rator-pgb-*") // short, as a socket's path must be
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.Chmod(dir, 0o711); err != nil { // root's database server is of another user
		return err
	}
	b := &bench{options: o, dir: dir, found: map[string][]float64{}}
	defer func() { err = errors.Join(err, b.stop()) }()
	if err := b.start(ctx); err != nil {
		return err
	}
	fmt.Printf("%s, load average %s\nthis %s, %s\n%d customers at first, medians of %d rounds\n", rig.Machine(), load(), b.this.Version, b.version, o.customers, o.rounds)
	for _, part := range []struct {
		name    string
		measure func(context.Context) error
		print   func()
	}{{storePart, b.store, b.printStore}, {serversPart, b.several, b.printSeveral}, {standbyPart, b.onStandby, b.printStandby}} {
		if !slices.Contains(o.only, part.name) {
			continue
		}
		if err := part.measure(ctx); err != nil {
			return err
		}
		fmt.Println()
		part.print()
	}
	return nil
}

// store measures the store beside what it is compared with.
func (b *bench) store(ctx context.Context) error {
	if err := b.beside(ctx); err != nil {
		return err
	}
	if err := b.round(ctx); err != nil { // until every connection has planned its statements
		return err
	}
	clear(b.found)
	for round := range b.options.rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, b.options.rounds)
		if err := b.round(ctx); err != nil {
			return err
		}
	}
	return nil
}

// load is how many processes would have liked to run of late: of this machine's last minute, five,
// and fifteen.
func load() string {
	text, _ := os.ReadFile("/proc/loadavg")
	return strings.Join(strings.Fields(string(text) + " ? ? ?")[:3], " ")
}

// callers are how many ask at the same time.
var callers = []int{1, 8, 32}

// printStore writes ratios with what they are to reach, and what they are made of.
func (b *bench) printStore() {
	fmt.Printf("base %s\n", b.baseVersion())
	goals := map[int]float64{1: 0.9, 8: 0.5, 32: 0.5}
	var rows []rig.Row
	add := func(name string, value *float64, more bool, goal float64) {
		rows = append(rows, rig.NewRow(name, nil, value, rig.Bound{More: more, Sign: goal, Goal: goal}))
	}
	for _, n := range callers {
		add(fmt.Sprintf("sign-ups against the base's file, %d callers", n), b.ratio(rate("ours", n), rate("base", n)), true, goals[n])
	}
	add("profile reads against the base's file, 8 callers", b.ratio("ours profiles", "base profiles"), true, 0.5)
	for _, n := range callers {
		add(fmt.Sprintf("database CPU of a sign-up against bare pgx, %d callers", n), b.ratio(cpu("ours", n), cpu("bare", n)), false, 2)
	}
	add("statements of a sign-up, 1 caller", b.median("statements"), false, 14)
	add("trips of a sign-up, 1 caller", b.median("trips"), false, 6)
	add("retries of a sign-up, 32 callers of one number series", b.median("retries"), false, 0.01)
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	rig.PrintRows(table, rows)
	fmt.Fprintln(table, "\t\t\t\t\t")
	fmt.Fprintln(table, "sign-ups\ta second\tdatabase CPU µs\tserver CPU µs")
	for _, n := range callers {
		for _, who := range []string{"ours", "base", "bare"} {
			fmt.Fprintf(table, "%d callers: %s\t%s\t%s\t%s\n", n, who, rig.Shown(b.median(rate(who, n))), rig.Shown(b.median(cpu(who, n))), rig.Shown(b.median(serverCPU(who, n))))
		}
	}
	for _, who := range []string{"ours", "base"} {
		fmt.Fprintf(table, "profile reads, 8 callers: %s\t%s\t%s\n", who, rig.Shown(b.median(who+" profiles")), rig.Shown(b.median(who+" profile CPU")))
	}
	table.Flush()
}
