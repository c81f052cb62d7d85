package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"rator/bench/rig"
)

// severalCallers are how many ask several servers, as many each.
const severalCallers = 24

// several measures more and more servers of the database: what sign-ups cost by all of them,
// what they take while nobody calls, and when a change counts at all of them.
func (b *bench) several(ctx context.Context) (err error) {
	for _, command := range [][]string{{"add", prober, "--brand", "DEMO"}, {"grant", prober, probed}} {
		if err := b.operator(ctx, command...); err != nil {
			return err
		}
	}
	if err := b.countStatements(ctx, true); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.countStatements(context.WithoutCancel(ctx), false)) }()
	for round := range b.options.rounds {
		fmt.Fprintf(os.Stderr, "servers, round %d of %d\n", round+1, b.options.rounds)
		if err := b.severalOnce(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) severalOnce(ctx context.Context) (err error) {
	servers := []*rig.Process{b.ours}
	defer func() {
		for _, p := range servers[1:] {
			err = errors.Join(err, p.Stop())
		}
	}()
	for _, n := range b.options.servers {
		for len(servers) < n {
			p, err := b.serve(ctx, fmt.Sprint("server ", len(servers)+1))
			if err != nil {
				return err
			}
			servers = append(servers, p)
		}
		if err := seen(servers); err != nil {
			return err
		}
		// Until every connection has planned its statements.
		if _, _, err := b.asked(severalCallers, time.Second, signUp, b.number, servers...); err != nil {
			return err
		}
		for _, measure := range []func(context.Context, []*rig.Process) error{b.idle, b.busy, b.lag} {
			if err := measure(ctx, servers); err != nil {
				return err
			}
		}
	}
	return nil
}

// seen waits until servers see each other and nobody else.
func seen(servers []*rig.Process) error {
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		m, err := metricsOf(servers)
		if err != nil {
			return err
		}
		if n := len(servers); m["rator_servers"] == float64(n*n) {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("%d servers see %.0f together", len(servers), m["rator_servers"])
		}
	}
}

// of names a figure of so many servers.
func of(servers int, figure string) string { return fmt.Sprint(servers, " servers: ", figure) }

// settles is how long servers go on with what calls left behind: audit rows to seal.
const settles = 1500 * time.Millisecond

// idle has nobody call.
func (b *bench) idle(ctx context.Context, servers []*rig.Process) error {
	time.Sleep(settles)
	s, err := b.during(ctx, servers, func() error {
		time.Sleep(b.options.each)
		return nil
	})
	if err != nil {
		return err
	}
	n, seconds := len(servers), s.took.Seconds()
	if b.counts {
		b.note(of(n, idleStatements), s.statements/seconds)
	}
	b.note(of(n, idleDatabase), rig.Millis(s.database)/seconds)
	b.note(of(n, idleServers), rig.Millis(s.server)/seconds)
	return nil
}

// busy has sign-ups made by all servers, of different customers and of some of one name.
func (b *bench) busy(ctx context.Context, servers []*rig.Process) error {
	return errors.Join(b.busyWith(ctx, servers, signUp, ""), b.busyWith(ctx, servers, namesake, ofOneName))
}

func (b *bench) busyWith(ctx context.Context, servers []*rig.Process, message func() *rig.Message, whose string) error {
	done, waiting := 0, 0.0
	s, err := b.during(ctx, servers, func() (err error) {
		waits := b.sampleWaits(ctx)
		done, _, err = b.asked(severalCallers, b.options.each, message, b.number, servers...)
		var failed error
		waiting, failed = waits()
		return errors.Join(err, failed)
	})
	if err != nil {
		return err
	}
	calls := float64(done)
	note := func(figure string, value float64) { b.note(of(len(servers), figure+whose), value) }
	note(busyRate, calls/s.took.Seconds())
	note(busyServers, micros(s.server, done))
	note(busyDatabase, micros(s.database, done))
	if b.counts {
		note(busyStatements, s.statements/calls)
	}
	note(busyTrips, s.metrics.of("rator_database_trips_total", "update")/calls)
	note(busyRetries, s.metrics.of("rator_database_retries_total", "")/calls)
	note(busyConnections, s.metrics["rator_database_connection_waits_total"]/calls)
	note(busyLocks, waiting)
	return nil
}

// sampleWaits counts again and again how many processes of the database wait for a lock; waits
// ends it and gives the mean.
func (b *bench) sampleWaits(ctx context.Context) (waits func() (float64, error)) {
	ctx, cancel := context.WithCancel(ctx)
	samples, sum, failed, over := 0.0, 0.0, error(nil), make(chan struct{})
	go func() {
		defer close(over)
		for ctx.Err() == nil && failed == nil {
			n := 0.0
			if failed = b.pool.QueryRow(ctx, "select count(*)::float8 from pg_stat_activity bench_activity where wait_event_type='Lock'").Scan(&n); failed == nil {
				samples, sum = samples+1, sum+n
			}
			time.Sleep(25 * time.Millisecond)
		}
	}()
	return func() (float64, error) {
		cancel()
		<-over
		if samples == 0 {
			return 0, failed
		}
		return sum / samples, nil
	}
}

// The figures of several servers, in their order.
const (
	busyRate        = "sign-ups a second"
	busyServers     = "server CPU µs a sign-up"
	busyDatabase    = "database CPU µs a sign-up"
	busyStatements  = "statements a sign-up"
	busyTrips       = "trips of changes a sign-up"
	busyRetries     = "retries a sign-up"
	busyConnections = "waits for a connection a sign-up"
	busyLocks       = "processes that wait for a lock"
	idleStatements  = "statements a second, nobody calls"
	idleDatabase    = "database CPU ms a second, nobody calls"
	idleServers     = "server CPU ms a second, nobody calls"
	ofOneName       = ", customers of one name"
	changeLag       = "ms until which calls go by what was before a change"
)

// printSeveral writes a column for each number of servers.
func (b *bench) printSeveral() {
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	row := func(name string, value func(servers int) *float64) {
		fmt.Fprint(table, name)
		for _, n := range b.options.servers {
			fmt.Fprint(table, "\t", rig.Shown(value(n)))
		}
		fmt.Fprintln(table)
	}
	fmt.Fprintf(table, "servers of one database, %d callers together", severalCallers)
	for _, n := range b.options.servers {
		fmt.Fprint(table, "\t", n)
	}
	fmt.Fprintln(table)
	for _, figure := range []string{busyRate, busyServers, busyDatabase, busyStatements, busyTrips, busyRetries, busyConnections, busyLocks, busyRate + ofOneName, busyDatabase + ofOneName, busyLocks + ofOneName, idleStatements, idleDatabase, idleServers} {
		row(figure, func(n int) *float64 { return b.median(of(n, figure)) })
	}
	row(changeLag+", half of the changes", func(n int) *float64 { return b.median(of(n, changeLag)) })
	row(changeLag+", 95 % of them", func(n int) *float64 { return b.quantile(of(n, changeLag), 0.95) })
	row(changeLag+", all", func(n int) *float64 { return b.quantile(of(n, changeLag), 1) })
	row("changes × servers", func(n int) *float64 { count := float64(len(b.found[of(n, changeLag)])); return &count })
	table.Flush()
}
