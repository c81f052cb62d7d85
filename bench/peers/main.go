// Command peers measures a rator beside other people's programs that do as much or less,
// and beside an older commit: echoes of the published WSDL by gSOAP, JAX-WS RI, node-soap
// and bare net/http, and loops of bbolt that write what a sign-up wrote. It builds what
// it measures, keeps each server to one processor and itself to another, asks all in
// rotation, and prints ratios of medians (make peers; docs/peers.md). What a machine does
// not have is named and left out; with CI=true it is a failure. It needs Linux.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// options are the command line.
type options struct {
	base, this string   // as of rig.Base and rig.This
	only       []string // groups of ratios; none = all
	rounds     int
	calls      int // of one measurement of an echo; what takes longer is asked less often
	customers  int // in the stores at first
	json       bool
	svg        string // a file, "" = none
	dir        string // where stores are written
	strict     bool   // what is missing is a failure
}

func main() {
	o := options{strict: os.Getenv("CI") == "true"}
	only := flag.String("only", "", "`GROUP,...` of ratios: "+strings.Join(groups(), ", ")+"; all unless given")
	flag.StringVar(&o.base, "base", "", "`COMMIT` or built binary to compare with, or none")
	flag.StringVar(&o.this, "this", "", "built `BINARY` to measure instead of this checkout")
	flag.IntVar(&o.rounds, "runs", 5, "how many `ROUNDS`; the median of each figure counts")
	flag.IntVar(&o.calls, "calls", 10_000, "how many `CALLS` a measurement of an echo has")
	flag.IntVar(&o.customers, "customers", 100_000, "how many `CUSTOMERS` the stores have at first, 1 to 800000")
	flag.BoolVar(&o.json, "json", false, "print JSON, with every measurement")
	flag.StringVar(&o.svg, "svg", "", "draw the ratios into this `FILE`")
	flag.StringVar(&o.dir, "dir", "", "write stores into a folder of `FOLDER`, which should be on the disk that counts (default: that of temporary files)")
	flag.Parse()
	if *only != "" {
		o.only = strings.Split(*only, ",")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := errors.Join(o.check(), run(ctx, o)); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

// check refuses what cannot be meant.
func (o *options) check() error {
	for _, name := range o.only {
		if !contains(groups(), name) {
			return fmt.Errorf("no group %q; there are %s", name, strings.Join(groups(), ", "))
		}
	}
	if flag.NArg() > 0 || o.rounds < 1 || o.calls < leastCalls || o.customers < 1 || o.customers > 800_000 {
		return fmt.Errorf("no arguments are taken but flags, at least one round of %d calls, and 1 to 800000 customers: peers -h", leastCalls)
	}
	return nil
}

func run(ctx context.Context, o options) error {
	dir, err := os.MkdirTemp(o.dir, "rator-peers-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	r, err := measured(ctx, o, dir)
	if r == nil {
		return err
	}
	if o.svg != "" {
		err = errors.Join(err, os.WriteFile(o.svg, r.draw(), 0o644))
	}
	print := r.print
	if o.json {
		print = r.printJSON
	}
	return errors.Join(print(os.Stdout), err)
}

var begun = time.Now()

// progress says on standard error what is going on.
func progress(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "peers: %4.0f s  %s\n", time.Since(begun).Seconds(), fmt.Sprintf(format, args...))
}
