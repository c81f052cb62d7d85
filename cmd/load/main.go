// Command load measures what a server withstands: honest callers beside strangers
// with wrong passwords, long lists and more sign-ups than there are turns, and what
// calls cost. It builds this checkout and a commit to compare with, puts both under
// the same loads one after the other, and prints one table (make load; docs/withstand.md).
// It measures and judges nothing but figures: it ends with 0 unless something could
// not be run. It needs Linux: addresses of 127.0.0.0/8, and /proc.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"rator/bench/rig"
)

// elsewhere is another address of this machine that callers come from.
const elsewhere = "127.0.0.2"

// What the prepared stores have beside the demo.
const (
	coldOperators = 5
	teamOperators = 20
	customers     = 2000
)

func cold(i int) string { return fmt.Sprintf("cold%02d", i+1) }
func team(i int) string { return fmt.Sprintf("team%02d", i+1) }

func operators() (names []string) {
	for i := range coldOperators {
		names = append(names, cold(i))
	}
	for i := range teamOperators {
		names = append(names, team(i))
	}
	return names
}

// scenario is loads that are put on one binary after the other.
type scenario struct {
	name string
	run  func(context.Context, *rig.Binary) ([]figure, error)
}

// scenarios in the order they are run. What calls cost (costName) comes after them.
var scenarios = []scenario{
	{"passwords", wrongPasswords},
	{"first", firstCalls},
	{"cold", allCold},
	{"lists", longLists},
	{"sign-ups", manySignUps},
	{"strangers", strangers},
}

const costName = "cpu"

// options are the command line.
type options struct {
	base, this string
	only       []string
	pairs      int
	json       bool
}

func main() {
	if asked, err := runErrand(os.Args); asked {
		exit(err)
	}
	var o options
	only := flag.String("only", "", "`SCENARIO,...` to run: "+strings.Join(names(), ", ")+"; all unless given")
	flag.StringVar(&o.base, "base", "", "`COMMIT` or built binary to compare with, or none (default "+rig.FirstBase+" where the repository has it)")
	flag.StringVar(&o.this, "this", "", "built `BINARY` to measure instead of this checkout")
	flag.IntVar(&o.pairs, "cpu", 5, "how many `PAIRS` of measurements of what calls cost; the least of each side counts")
	flag.BoolVar(&o.json, "json", false, "print JSON")
	flag.Parse()
	if *only != "" {
		o.only = strings.Split(*only, ",")
	}
	for _, name := range o.only {
		if !slices.Contains(names(), name) {
			exit(fmt.Errorf("no scenario %q; there are %s", name, strings.Join(names(), ", ")))
		}
	}
	if flag.NArg() > 0 || o.pairs < 1 {
		exit(errors.New("no arguments are taken but flags, and at least one pair: load -h"))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	exit(run(ctx, o))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func names() (all []string) {
	for _, s := range scenarios {
		all = append(all, s.name)
	}
	return append(all, costName)
}

func (o *options) wants(name string) bool { return len(o.only) == 0 || slices.Contains(o.only, name) }

func run(ctx context.Context, o options) error {
	dir, err := os.MkdirTemp("", "rator-load-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	r, err := measured(ctx, o, dir)
	if r == nil {
		return err
	}
	print := r.print
	if o.json {
		print = r.printJSON
	}
	return errors.Join(print(os.Stdout), err)
}

// measured does what the options ask for, in a folder. A scenario that cannot be run
// does not keep the others from it; the report, which is there unless nothing could
// be done at all, says so.
func measured(ctx context.Context, o options, dir string) (*report, error) {
	if err := moreFiles(); err != nil {
		return nil, err
	}
	r := &report{}
	binaries, err := build(ctx, o, dir, r)
	if err != nil {
		return nil, err
	}
	missed := false
	for _, s := range append(slices.Clone(scenarios), scenario{name: costName}) {
		if !o.wants(s.name) || ctx.Err() != nil {
			continue
		}
		var rows []row
		if s.name == costName {
			rows, err = costs(ctx, binaries, o.pairs)
		} else {
			rows, err = s.measure(ctx, binaries)
		}
		if err != nil {
			missed = true
			r.Said = append(r.Said, fmt.Sprintf("%s could not be run: %v", s.name, err))
		}
		r.Rows = append(r.Rows, rows...)
	}
	if missed || ctx.Err() != nil {
		return r, errors.New("not everything could be run")
	}
	return r, nil
}

// build gives the binaries, the base first where there is one, each with its store.
func build(ctx context.Context, o options, dir string, r *report) ([]*rig.Binary, error) {
	progress("building")
	base, why, err := rig.Base(ctx, dir, o.base)
	if err != nil {
		return nil, err
	}
	this, err := rig.This(ctx, dir, o.this)
	if err != nil {
		return nil, err
	}
	binaries := []*rig.Binary{this}
	r.This = this.Version
	if base != nil {
		binaries = []*rig.Binary{base, this}
		r.Base = base.Version
	} else {
		r.Said = append(r.Said, why)
	}
	for _, b := range binaries {
		progress("preparing a store with " + b.Name)
		if err := b.Prepare(ctx, operators(), customers, func() *rig.Message {
			return rig.REST(rig.CustomersPath, rig.Basic(rig.Honest, rig.Password), rig.Household)
		}); err != nil {
			return nil, fmt.Errorf("%s: %w", b.Name, err)
		}
	}
	return binaries, nil
}

// measure puts the loads on each binary and makes rows of what was seen.
func (s scenario) measure(ctx context.Context, binaries []*rig.Binary) (rows []row, err error) {
	var seen [][]figure
	for _, b := range binaries {
		progress(s.name + " with " + b.Name)
		figures, err := s.run(ctx, b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", b.Name, err)
		}
		seen = append(seen, figures)
	}
	last := len(seen) - 1
	for i := range seen[last] {
		var base *figure
		if last > 0 {
			base = &seen[0][i]
		}
		rows = append(rows, newRow(s.name, base, &seen[last][i]))
	}
	return rows, nil
}

var begun = time.Now()

// progress says on standard error what is going on.
func progress(what string) {
	fmt.Fprintf(os.Stderr, "load: %4.0f s  %s\n", time.Since(begun).Seconds(), what)
}

// moreFiles lets this process, and the servers it starts, open as many connections
// as the machine allows.
func moreFiles() error {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		return err
	}
	if l.Max < mostConnections+200 {
		return fmt.Errorf("a process may have %d files open here, %d are needed: ulimit -Hn", l.Max, mostConnections+200)
	}
	l.Cur = l.Max
	return syscall.Setrlimit(syscall.RLIMIT_NOFILE, &l)
}
