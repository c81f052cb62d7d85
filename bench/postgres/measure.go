package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"rator/bench/rig"
	"rator/store/postgres/cluster"
)

// bench is everything that is measured.
type bench struct {
	options options
	dir     string
	version string // of the database server
	this    *rig.Binary
	older   *rig.Binary // nil = there is none
	cluster *cluster.Cluster
	standby *cluster.Cluster // nil = there is none
	pool    *pgxpool.Pool    // of the database, for what this program asks of it
	counts  bool             // statements are counted
	ours    *rig.Process
	base    *rig.Server
	bare    *bare
	found   map[string][]float64
	signUps atomic.Int64
}

func rate(who string, n int) string      { return fmt.Sprint(who, " a second ", n) }
func cpu(who string, n int) string       { return fmt.Sprint(who, " database CPU ", n) }
func serverCPU(who string, n int) string { return fmt.Sprint(who, " server CPU ", n) }

func (b *bench) median(name string) *float64 { return b.quantile(name, 0.5) }

func (b *bench) quantile(name string, q float64) *float64 {
	found := slices.Sorted(slices.Values(b.found[name]))
	if len(found) == 0 {
		return nil
	}
	return &found[min(len(found)-1, int(q*float64(len(found))))]
}

func (b *bench) ratio(above, below string) *float64 {
	x, y := b.median(above), b.median(below)
	if x == nil || y == nil || *y == 0 {
		return nil
	}
	r := *x / *y
	return &r
}

func (b *bench) note(name string, value float64) { b.found[name] = append(b.found[name], value) }

func (b *bench) baseVersion() string {
	if b.older == nil {
		return "none"
	}
	return b.older.Version
}

// signUp makes a customer with a name of its own, and namesake one of a name that all have.
func signUp() *rig.Message   { return rig.SignUpAs(rig.Honest, rig.Password, "Ek"+rig.NumberMark) }
func namesake() *rig.Message { return rig.SignUp(rig.Honest, rig.Password) }

func profile() *rig.Message {
	return rig.SOAPCall("SOAP_GET_WEB_USER_PROFILE_INTERNAL", rig.Honest, rig.Password, rig.Text("CUSTOMER_NUMBER", rig.FirstCustomer))
}

// round measures everything once, each beside what it is compared with.
func (b *bench) round(ctx context.Context) error {
	for _, n := range callers {
		if err := b.signUpsOf(ctx, "ours", n, b.ours); err != nil {
			return err
		}
		if b.base != nil {
			if err := b.signUpsOf(ctx, "base", n, b.base.Process); err != nil {
				return err
			}
		}
		if err := b.bareOf(ctx, n); err != nil {
			return err
		}
	}
	if err := b.profilesOf("ours", b.ours); err != nil || b.base == nil {
		return err
	}
	return b.profilesOf("base", b.base.Process)
}

// number numbers sign-ups.
func (b *bench) number() (int64, bool) { return b.signUps.Add(1), true }

// asked has n callers ask servers for a while, as many each, and says how many were answered,
// in which time.
func (b *bench) asked(n int, lasts time.Duration, message func() *rig.Message, number func() (int64, bool), servers ...*rig.Process) (done int, took time.Duration, err error) {
	begin := time.Now()
	var all sync.WaitGroup
	counts, errs := make([]int, len(servers)), make([]error, len(servers))
	for i, p := range servers {
		all.Go(func() {
			t := rig.Crowd{To: p.Address, From: rig.Here, Size: n / len(servers), Number: number, Message: func(int) *rig.Message { return message() }}.Run(begin, begin.Add(lasts))
			counts[i] = t.Count(rig.Done)
			if late := t.Count(rig.Unanswered); counts[i] == 0 || counts[i]+late != t.All() { // late: after the end
				errs[i] = fmt.Errorf("calls to %s: %s", p.Path, t)
			}
		})
	}
	all.Wait()
	for _, c := range counts {
		done += c
	}
	return done, time.Since(begin), errors.Join(errs...)
}

func micros(d time.Duration, n int) float64 {
	return float64(d) / float64(time.Microsecond) / float64(n)
}

// signUpsOf has n callers sign customers up by a server.
func (b *bench) signUpsOf(ctx context.Context, who string, n int, p *rig.Process) error {
	done, servers := 0, []*rig.Process{p}
	s, err := b.during(ctx, servers, func() (err error) {
		done, _, err = b.asked(n, b.options.each, signUp, b.number, servers...)
		return err
	})
	if err != nil {
		return err
	}
	b.note(rate(who, n), float64(done)/s.took.Seconds())
	b.note(serverCPU(who, n), micros(s.server, done))
	if who == "base" {
		return nil
	}
	b.note(cpu(who, n), micros(s.database, done))
	switch n {
	case 1:
		b.note("trips", s.metrics.of("rator_database_trips_total", "update")/float64(done))
		b.note("statements", s.metrics.of("rator_database_statements_total", "update")/float64(done))
	case slices.Max(callers):
		b.note("retries", s.metrics.of("rator_database_retries_total", "")/float64(done))
	}
	return nil
}

func (b *bench) profilesOf(who string, p *rig.Process) error {
	database := b.databaseCPU("db")
	done, took, err := b.asked(8, b.options.each, profile, nil, p)
	if err != nil {
		return err
	}
	b.note(who+" profiles", float64(done)/took.Seconds())
	if who == "ours" {
		b.note(who+" profile CPU", micros(b.databaseCPU("db")-database, done))
	}
	return nil
}

func (b *bench) bareOf(ctx context.Context, n int) error {
	database, begin := b.databaseCPU("db"), time.Now()
	done, err := b.bare.run(ctx, n, begin.Add(b.options.each))
	if err != nil {
		return err
	}
	b.note(rate("bare", n), float64(done)/time.Since(begin).Seconds())
	b.note(cpu("bare", n), micros(b.databaseCPU("db")-database, done))
	return nil
}
