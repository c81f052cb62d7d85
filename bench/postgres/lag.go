package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"time"

	"rator/bench/rig"
)

// A prober is an operator whose right to a call is taken and given back.
const (
	prober  = "prober"
	probed  = "SOAP_SEARCH_CUSTOMERS" // rig.Search
	lagCall = 8                       // callers of sign-ups meanwhile
	lagMost = 20 * time.Second
)

// operator runs a command beside the servers.
func (b *bench) operator(ctx context.Context, args ...string) error {
	c := exec.CommandContext(ctx, b.this.File, append(append([]string{"operator"}, args...), "--store", b.cluster.DSN("postgres"))...)
	c.Env = append(os.Environ(), "RATOR_NEW_PASSWORD="+rig.Password)
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("operator %s: %w\n%s", args, err, out)
	}
	return nil
}

// lag changes an operator by a command, again and again, while customers sign up, and notes of
// each server how long after the commit the last call began that went by what was before.
func (b *bench) lag(ctx context.Context, servers []*rig.Process) error {
	end, signed := time.Now().Add(b.options.each), make(chan error, 1)
	go func() {
		_, _, err := b.asked(lagCall, b.options.each, signUp, b.number, servers...)
		signed <- err
	}()
	var err error
	for err == nil && time.Now().Before(end) {
		for _, change := range []string{"revoke", "grant"} {
			err = errors.Join(err, b.lagOf(ctx, servers, change))
		}
	}
	return errors.Join(err, <-signed)
}

// lagOf makes one change.
func (b *bench) lagOf(ctx context.Context, servers []*rig.Process, change string) error {
	want := rig.Done
	if change == "revoke" {
		want = rig.Denied
	}
	committed, err := b.commitOf(ctx, "operator")
	if err != nil {
		return err
	}
	var all sync.WaitGroup
	end, lasts, errs := time.Now().Add(lagMost), make([]time.Time, len(servers)), make([]error, len(servers))
	for i, p := range servers {
		all.Go(func() {
			k := &rig.Caller{To: p.Address, From: rig.Here, End: end}
			defer k.HangUp()
			for message := rig.Search(prober, rig.Password); ; time.Sleep(2 * time.Millisecond) {
				began := time.Now()
				switch k.Ask(message) {
				case want:
					return
				case rig.Done, rig.Denied:
					lasts[i] = began
				}
				if began.After(end) {
					errs[i] = fmt.Errorf("%s does not know of a change after %s", p.Path, lagMost)
					return
				}
			}
		})
	}
	failed := b.operator(ctx, change, prober, probed)
	at, err := committed()
	all.Wait()
	if err = errors.Join(failed, err, errors.Join(errs...)); err != nil {
		return err
	}
	for _, last := range lasts {
		b.note(of(len(servers), changeLag), max(0, rig.Millis(last.Sub(at))))
	}
	return nil
}

// commitOf waits for the next commit that changes a stable kind, and gives a moment just before.
func (b *bench) commitOf(ctx context.Context, kind string) (committed func() (time.Time, error), err error) {
	version := func() (n int64, err error) {
		err = b.pool.QueryRow(ctx, "select version from rator.stable bench_stable where kind=$1", kind).Scan(&n)
		return n, err
	}
	before, err := version()
	if err != nil {
		return nil, err
	}
	var at time.Time // the last question that was answered with the version before
	over := make(chan error, 1)
	go func() {
		for end := time.Now().Add(lagMost); ; time.Sleep(time.Millisecond) {
			asked := time.Now()
			now, err := version()
			if err == nil && now == before && asked.After(end) {
				err = fmt.Errorf("nothing was committed within %s", lagMost)
			}
			if err != nil || now != before {
				over <- err
				return
			}
			at = asked
		}
	}()
	return func() (time.Time, error) {
		err := <-over
		return at, err
	}, nil
}
