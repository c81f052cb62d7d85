package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"rator/bench/rig"
)

// bench is everything that is measured, and where.
type bench struct {
	options
	dir      string
	some     []ratio // that are wanted
	core     int     // of the servers; the generator has another
	report   *report
	subjects []*subject
	loops    string // the program
}

// measured does what the options ask for, in a folder. What a machine does not have is
// said in the report and does not keep the others from it.
func measured(ctx context.Context, o options, dir string) (*report, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	cores, err := rig.Cores()
	if err != nil {
		return nil, err
	}
	b := &bench{options: o, dir: dir, some: wanted(o.only), core: cores[len(cores)-1], report: newReport(o)}
	if len(cores) == 1 {
		b.report.say("one processor: the generator has the servers'")
	}
	// A program in Go that may use one processor would have one thread that runs Go, and
	// notice only after some milliseconds that it waits for the disk.
	if err := os.Setenv("GOMAXPROCS", strconv.Itoa(max(2, len(cores)))); err != nil {
		return nil, err
	}
	defer b.stop()
	if err := b.startOurs(ctx); err != nil {
		return nil, err
	}
	if err := b.startPeers(ctx); err != nil {
		return nil, err
	}
	if b.loops = filepath.Join(dir, "bolt"); b.wantsLoops() {
		if _, err := rig.Output(ctx, "go", "build", "-o", b.loops, "./bench/bolt"); err != nil {
			return nil, err
		}
	}
	if err := rig.KeepTo(cores[0]); err != nil {
		return nil, err
	}
	err = b.warmUp(ctx)
	for round := 0; round < o.rounds && err == nil; round++ {
		err = b.round(ctx, round)
	}
	if err != nil {
		return b.report, errors.Join(err, errors.New("not everything could be run"))
	}
	b.report.judge(b.some)
	if o.strict && len(b.report.Missing) > 0 {
		return b.report, fmt.Errorf("CI=true, and not everything is there: %s", strings.Join(b.report.Missing, "; "))
	}
	return b.report, nil
}

func (b *bench) stop() {
	for _, s := range b.subjects {
		s.process.Kill()
	}
}

//go:embed echo
var hookpoints embed.FS

// startOurs builds this checkout and the base, and starts each over a store of its own.
func (b *bench) startOurs(ctx context.Context) error {
	progress("building ours")
	before, why, err := rig.Base(ctx, b.dir, b.base)
	if err != nil {
		return err
	}
	now, err := rig.This(ctx, b.dir, b.this)
	if err != nil {
		return err
	}
	folder := filepath.Join(b.dir, "hookpoints")
	content, err := fs.Sub(hookpoints, "echo")
	if err != nil {
		return err
	}
	if err := os.CopyFS(folder, content); err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(folder, "request.xml")); err != nil { // which is no hookpoint
		return err
	}
	binaries := []*rig.Binary{now}
	b.report.This = now.Version
	if before != nil {
		binaries = []*rig.Binary{before, now}
		b.report.Base = before.Version
	} else {
		b.report.say(why)
	}
	for _, binary := range binaries {
		progress("signing up %d customers with %s", b.customers, binary.Name)
		if err := binary.Prepare(ctx, nil, b.customers, func() *rig.Message { return newCustomer(nil) }); err != nil {
			return fmt.Errorf("%s: %w", binary.Name, err)
		}
		s := &subject{name: binary.Name, slower: 1, warm: 1, customers: int64(b.customers)}
		s.signedUp.Store(int64(b.customers))
		err := rig.OnCore(b.core, func() error {
			server, err := binary.StartCopy(ctx, "--hookpoints", folder)
			if err != nil {
				return err
			}
			s.process = server.Process
			b.subjects = append(b.subjects, s)
			s.customer, err = server.AnyCustomer()
			return err
		})
		if err != nil {
			return fmt.Errorf("%s: %w", binary.Name, err)
		}
	}
	return nil
}

// startPeers builds and starts other people's programs, and looks whether each answers
// what ours does.
func (b *bench) startPeers(ctx context.Context) error {
	answer, err := answerOf(b.subjects[len(b.subjects)-1])
	if err != nil {
		return err
	}
	want, err := echoedValues(answer)
	if err != nil {
		return fmt.Errorf("%w: %s", err, answer)
	}
	echoed := filepath.Join(b.dir, "answer.xml")
	if err := os.WriteFile(echoed, answer, 0o600); err != nil {
		return err
	}
	for _, p := range peers {
		if !needs(b.some, echo, p.name) {
			continue
		}
		if err := p.missing(); err != nil {
			b.report.miss(p.name, err)
			continue
		}
		progress("building %s", p.name)
		process, err := p.start(ctx, b.dir, echoed, b.core)
		if err != nil && ctx.Err() == nil {
			b.report.miss(p.name, err)
			continue
		}
		if err != nil {
			return err
		}
		s := &subject{name: p.name, process: process, slower: p.slower, warm: p.warm}
		b.subjects = append(b.subjects, s)
		if p.name == netHTTP { // it answers our own, as it is
			continue
		}
		if err := echoes(s, want); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) wantsLoops() bool {
	for _, l := range boltLoops {
		if needs(b.some, l.name, loops) {
			return true
		}
	}
	return false
}

// warmUp has everybody do everything before it counts.
func (b *bench) warmUp(ctx context.Context) error {
	progress("warming up")
	for _, w := range works {
		for _, s := range b.subjects {
			if !needs(b.some, w.name, s.name) {
				continue
			}
			for range s.warm {
				if _, err := w.measure(s, b.calls); err != nil {
					return err
				}
			}
		}
	}
	return ctx.Err()
}

// round measures everything once, each work with one subject after the other, the first
// of them another each time.
func (b *bench) round(ctx context.Context, n int) error {
	progress("round %d of %d", n+1, b.rounds)
	for _, w := range works {
		for i := range b.subjects {
			s := b.subjects[(i+n)%len(b.subjects)]
			if !needs(b.some, w.name, s.name) || ctx.Err() != nil {
				continue
			}
			m, err := w.measure(s, b.calls)
			if err != nil {
				return err
			}
			b.report.add(w.name, s.name, m)
		}
	}
	for _, l := range boltLoops {
		if !needs(b.some, l.name, loops) || ctx.Err() != nil {
			continue
		}
		m, err := l.measure(ctx, b.loops, b.dir, b.options, b.core)
		if err != nil {
			return err
		}
		b.report.add(l.name, loops, m)
	}
	return ctx.Err()
}
