package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

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
	ours    *rig.Process
	second  *rig.Process // another server of the same database
	base    *rig.Server
	bare    *bare
	found   map[string][]float64
	signUps atomic.Int64
}

func rate(who string, n int) string      { return fmt.Sprint(who, " a second ", n) }
func cpu(who string, n int) string       { return fmt.Sprint(who, " database CPU ", n) }
func serverCPU(who string, n int) string { return fmt.Sprint(who, " server CPU ", n) }

func (b *bench) median(name string) *float64 {
	found := slices.Sorted(slices.Values(b.found[name]))
	if len(found) == 0 {
		return nil
	}
	return &found[len(found)/2]
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

func signUp() *rig.Message { return rig.SignUp(rig.Honest, rig.Password) }

func profile() *rig.Message {
	return rig.SOAPCall("SOAP_GET_WEB_USER_PROFILE_INTERNAL", rig.Honest, rig.Password, rig.Text("CUSTOMER_NUMBER", rig.FirstCustomer))
}

var serving = regexp.MustCompile(`(?s)http://(127\.0\.0\.1:\d+)/.*rator: serving`)

// start builds and starts all that is measured, each with its customers.
func (b *bench) start(ctx context.Context) (err error) {
	var why string
	if b.older, why, err = rig.Base(ctx, b.dir, b.options.base); err != nil {
		return err
	}
	if why != "" {
		fmt.Fprintln(os.Stderr, why)
	}
	if b.this, err = rig.This(ctx, b.dir, b.options.this); err != nil {
		return err
	}
	if b.cluster, err = cluster.Start(filepath.Join(b.dir, "db"), cluster.Options{}); err != nil {
		return err
	}
	address := b.cluster.DSN("postgres")
	serve := func(name string) (*rig.Process, error) {
		c := exec.CommandContext(ctx, b.this.File, "serve", "--demo", "--listen", "127.0.0.1:0", "--store", address, "--tmf-pin-key", filepath.Join(b.dir, "pin-key"), "--call-log", filepath.Join(b.dir, "calls "+name))
		return rig.Start(c, filepath.Join(b.dir, "printed "+name), serving)
	}
	if b.ours, err = serve("one"); err != nil {
		return err
	}
	if b.second, err = serve("two"); err != nil {
		return err
	}
	add := exec.CommandContext(ctx, b.this.File, "operator", "add", rig.Honest, "--brand", "DEMO", "--right", "*", "--store", address)
	add.Env = append(os.Environ(), "RATOR_NEW_PASSWORD="+rig.Password)
	if out, err := add.CombinedOutput(); err != nil {
		return fmt.Errorf("operator add: %w\n%s", err, out)
	}
	if b.older != nil {
		if err := b.older.Prepare(ctx, nil, b.options.customers, signUp); err != nil {
			return err
		}
		if b.base, err = b.older.StartCopy(ctx); err != nil {
			return err
		}
		if err := b.base.Know(rig.Honest); err != nil {
			return err
		}
	}
	b.signUps.Store(int64(b.options.customers))
	end := time.Now().Add(time.Minute + time.Duration(b.options.customers)*20*time.Millisecond)
	made := rig.Crowd{To: b.ours.Address, From: rig.Here, Size: 16, Number: rig.UpTo(int64(b.options.customers)), Message: func(int) *rig.Message { return signUp() }}.Run(time.Time{}, end)
	if made.Count(rig.Done) != b.options.customers {
		return fmt.Errorf("making %d customers: %s", b.options.customers, made)
	}
	b.bare, b.version, err = newBare(ctx, address, func() (string, error) {
		n := b.signUps.Add(1)
		t := rig.Crowd{To: b.ours.Address, From: rig.Here, Size: 1, Once: true, Number: func() (int64, bool) { return n, true }, Message: func(int) *rig.Message { return signUp() }}.Run(time.Time{}, time.Now().Add(10*time.Second))
		if t.Count(rig.Done) != 1 {
			return "", fmt.Errorf("a sign-up: %s", t)
		}
		return fmt.Sprintf("user%08d", n), nil
	})
	return err
}

func (b *bench) stop() (err error) {
	if b.bare != nil {
		b.bare.pool.Close()
	}
	for _, p := range []*rig.Process{b.ours, b.second} {
		if p != nil {
			err = errors.Join(err, p.Stop())
		}
	}
	if b.base != nil {
		err = errors.Join(err, b.base.Stop())
	}
	if b.cluster != nil {
		err = errors.Join(err, b.cluster.Stop())
	}
	return err
}

// round measures everything once, each beside what it is compared with.
func (b *bench) round(ctx context.Context) error {
	for _, n := range callers {
		if err := b.signUpsOf("ours", n, b.ours); err != nil {
			return err
		}
		if n > 1 {
			if err := b.signUpsOf("two", n, b.ours, b.second); err != nil {
				return err
			}
		}
		if b.base != nil {
			if err := b.signUpsOf("base", n, b.base.Process); err != nil {
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

// asked has n callers ask servers for a while, as many each, and says how many were answered,
// in which time.
func (b *bench) asked(n int, message func() *rig.Message, number func() (int64, bool), servers ...*rig.Process) (done int, took time.Duration, err error) {
	begin := time.Now()
	var all sync.WaitGroup
	counts, errs := make([]int, len(servers)), make([]error, len(servers))
	for i, p := range servers {
		all.Go(func() {
			t := rig.Crowd{To: p.Address, From: rig.Here, Size: n / len(servers), Number: number, Message: func(int) *rig.Message { return message() }}.Run(begin, begin.Add(b.options.each))
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

// signUpsOf has n callers sign customers up by servers, as many each.
func (b *bench) signUpsOf(who string, n int, servers ...*rig.Process) error {
	mine := who != "base"
	database, server, before := time.Duration(0), cpuOf(servers), counts{}
	if mine {
		var err error
		if before, err = countsOf(servers); err != nil {
			return err
		}
		database = b.databaseCPU()
	}
	done, took, err := b.asked(n, signUp, func() (int64, bool) { return b.signUps.Add(1), true }, servers...)
	if err != nil {
		return err
	}
	b.note(rate(who, n), float64(done)/took.Seconds())
	b.note(serverCPU(who, n), micros(cpuOf(servers)-server, done))
	if !mine {
		return nil
	}
	b.note(cpu(who, n), micros(b.databaseCPU()-database, done))
	after, err := countsOf(servers)
	switch n {
	case 1:
		b.note("trips", float64(after.trips-before.trips)/float64(done))
		b.note("statements", float64(after.statements-before.statements)/float64(done))
	case slices.Max(callers):
		b.note("retries of "+who, float64(after.retries-before.retries)/float64(done))
	}
	return err
}

func cpuOf(servers []*rig.Process) (all time.Duration) {
	for _, p := range servers {
		all += p.CPU()
	}
	return all
}

func (b *bench) profilesOf(who string, p *rig.Process) error {
	database := b.databaseCPU()
	done, took, err := b.asked(8, profile, nil, p)
	if err != nil {
		return err
	}
	b.note(who+" profiles", float64(done)/took.Seconds())
	if who == "ours" {
		b.note(who+" profile CPU", micros(b.databaseCPU()-database, done))
	}
	return nil
}

func (b *bench) bareOf(ctx context.Context, n int) error {
	database, begin := b.databaseCPU(), time.Now()
	done, err := b.bare.run(ctx, n, begin.Add(b.options.each))
	if err != nil {
		return err
	}
	b.note(rate("bare", n), float64(done)/time.Since(begin).Seconds())
	b.note(cpu("bare", n), micros(b.databaseCPU()-database, done))
	return nil
}

// databaseCPU is what the processes of the database server took.
func (b *bench) databaseCPU() time.Duration {
	text, _ := os.ReadFile(filepath.Join(b.dir, "db", "data", "postmaster.pid"))
	pid, _, _ := strings.Cut(string(text), "\n")
	return rig.FamilyCPU(pid)
}

// counts are what a server says of its database.
type counts struct{ trips, statements, retries int64 }

// countsOf asks servers for their metrics.
func countsOf(servers []*rig.Process) (all counts, err error) {
	for _, p := range servers {
		c, err := countsAt(p.Address)
		if err != nil {
			return all, err
		}
		all.trips, all.statements, all.retries = all.trips+c.trips, all.statements+c.statements, all.retries+c.retries
	}
	return all, nil
}

func countsAt(address string) (c counts, err error) {
	r, err := http.Get("http://" + address + "/metrics")
	if err != nil {
		return c, err
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		n, _ := strconv.ParseFloat(value, 64)
		name, labels, _ := strings.Cut(name, "{")
		switch changes := strings.Contains(labels, "update"); {
		case name == "rator_database_trips_total" && changes:
			c.trips += int64(n)
		case name == "rator_database_statements_total" && changes:
			c.statements += int64(n)
		case name == "rator_database_retries_total":
			c.retries += int64(n)
		}
	}
	return c, err
}
