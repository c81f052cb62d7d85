package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"rator/bench/rig"
	"rator/store/postgres/cluster"
)

// reading is a way to read profiles.
type reading struct {
	name    string
	standby bool // by a server that may look there
	writes  bool // while customers sign up by the same server
	applied bool // and a commit waits until the standby shows it
}

var readings = []reading{
	{name: "primary alone"},
	{name: "standby", standby: true},
	{name: "primary alone, sign-ups", writes: true},
	{name: "standby, sign-ups", standby: true, writes: true},
	{name: "standby, sign-ups, remote_apply", standby: true, writes: true, applied: true},
}

const (
	readers     = 8
	writers     = 2
	writerPause = 50 * time.Millisecond // so that each way has about as many sign-ups
)

// onStandby measures reads by a server with --store-read beside one without.
func (b *bench) onStandby(ctx context.Context) (err error) {
	if b.standby, err = cluster.StartStandby(filepath.Join(b.dir, "standby"), b.cluster, cluster.Options{Settings: countsStatements()}); err != nil {
		return err
	}
	reads, err := b.serve(ctx, "with a standby", "--store-read", b.standby.DSN("postgres"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reads.Stop()) }()
	defer func() { err = errors.Join(err, b.apply(context.WithoutCancel(ctx), false)) }()
	for round := -1; round < b.options.rounds; round++ {
		if round == 0 {
			for _, r := range readings { // what was measured before every connection had planned its statements
				for _, figure := range standbyFigures {
					delete(b.found, r.name+figure)
				}
			}
		}
		if round >= 0 {
			fmt.Fprintf(os.Stderr, "standby, round %d of %d\n", round+1, b.options.rounds)
		}
		for _, r := range readings {
			server := b.ours
			if r.standby {
				server = reads
			}
			if err := b.read(ctx, r, server); err != nil {
				return fmt.Errorf("%s: %w", r.name, err)
			}
		}
	}
	return nil
}

// apply has commits wait until the standby shows them, or not.
func (b *bench) apply(ctx context.Context, wait bool) error {
	names, commit := "''", "'on'"
	if wait {
		names, commit = "'*'", "'remote_apply'"
	}
	for _, sql := range []string{"alter system set synchronous_standby_names=" + names, "alter system set synchronous_commit=" + commit, "select pg_reload_conf()"} {
		if _, err := b.pool.Exec(ctx, sql); err != nil {
			return err
		}
	}
	time.Sleep(100 * time.Millisecond) // until its processes have heard of it
	return nil
}

// read reads profiles in one way.
func (b *bench) read(ctx context.Context, r reading, p *rig.Process) error {
	if err := b.apply(ctx, r.applied); err != nil {
		return err
	}
	var read, signed rig.Tally
	s, err := b.during(ctx, []*rig.Process{p}, func() error {
		begin, over := time.Now(), make(chan struct{})
		end := begin.Add(b.options.each)
		go func() {
			defer close(over)
			if r.writes {
				signed = rig.Crowd{To: p.Address, From: rig.Here, Size: writers, Pause: writerPause, Number: b.number, Message: func(int) *rig.Message { return signUp() }}.Run(begin, end)
			}
		}()
		read = rig.Crowd{To: p.Address, From: rig.Here, Size: readers, Message: func(int) *rig.Message { return profile() }}.Run(begin, end)
		<-over
		return nil
	})
	if err != nil {
		return err
	}
	done := read.Count(rig.Done)
	if done == 0 || done+read.Count(rig.Unanswered) != read.All() {
		return fmt.Errorf("profiles: %s", read)
	}
	note := func(figure string, value float64) { b.note(r.name+figure, value) }
	note(readRate, float64(done)/s.took.Seconds())
	note(readMedian, read.QuantileOf(rig.Done, 0.5))
	note(readMost, read.QuantileOf(rig.Done, 0.99))
	note(readServer, micros(s.server, done))
	note(readPrimary, micros(s.database, done))
	note(readStandby, micros(s.standby, done))
	views := s.metrics.of("rator_database_transactions_total", "view")
	note(readTrips, s.metrics.of("rator_database_trips_total", "view")/views)
	if at := s.metrics.of("rator_database_reads_total", ""); at > 0 {
		note(readShare, s.metrics.of("rator_database_reads_total", "standby")/at)
	}
	if r.writes {
		note(readSignUps, float64(signed.Count(rig.Done))/s.took.Seconds())
		note(readSigned, signed.QuantileOf(rig.Done, 0.5))
	}
	return nil
}

// The figures of reads, in their order.
const (
	readRate    = "profiles a second"
	readMedian  = "profile ms, half of them"
	readMost    = "profile ms, 99 % of them"
	readServer  = "server CPU µs a profile"
	readPrimary = "primary CPU µs a profile"
	readStandby = "standby CPU µs a profile"
	readTrips   = "trips a look"
	readShare   = "looks that were on the standby, of 1"
	readSignUps = "sign-ups a second beside"
	readSigned  = "sign-up ms, half of them"
)

var standbyFigures = []string{readRate, readMedian, readMost, readServer, readPrimary, readStandby, readTrips, readShare, readSignUps, readSigned}

// printStandby writes a column for each way to read.
func (b *bench) printStandby() {
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "reads with --store-read, %d callers", readers)
	for _, r := range readings {
		fmt.Fprint(table, "\t", r.name)
	}
	fmt.Fprintln(table)
	for _, figure := range standbyFigures {
		fmt.Fprint(table, figure)
		for _, r := range readings {
			fmt.Fprint(table, "\t", rig.Shown(b.median(r.name+figure)))
		}
		fmt.Fprintln(table)
	}
	table.Flush()
}
