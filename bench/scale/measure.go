package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"rator/bench/rig"
)

// figures are what one binary showed with a store of one size; times are medians.
type figures struct {
	Who       string            `json:"who"` // base or this
	Customers int               `json:"customers"`
	Kept      int               `json:"kept"`           // as many as there are beside the demo's own
	Load      float64           `json:"load,omitempty"` // seconds that the load took
	File      float64           `json:"file"`           // bytes, after a clean stop
	Start     float64           `json:"start"`          // seconds until it serves, after a clean stop
	Read      float64           `json:"read"`           // seconds of a bare read of the file
	Verify    float64           `json:"verify"`         // seconds
	Copy      float64           `json:"copy"`           // seconds of a bare copy of the file, synced
	Backup    float64           `json:"backup"`         // seconds
	Compact   float64           `json:"compact,omitempty"`
	Memory    float64           `json:"memory"` // bytes that are resident and not of a file, after the profiles
	Calls     map[string]*calls `json:"calls"`  // by the kinds' names
	SignUps   calls             `json:"signUps"`
	SignUps64 calls             `json:"signUps64"`
	Bill      float64           `json:"bill,omitempty"` // seconds of a billing run that makes an invoice for each customer
}

// calls are how 16 callers fared, or 64.
type calls struct {
	CPU       float64 `json:"cpu"` // microseconds of a call
	PerSecond float64 `json:"perSecond"`
	P50       float64 `json:"p50"` // milliseconds
	P99       float64 `json:"p99"`
}

// measured does what the options ask for, in a folder.
func measured(ctx context.Context, o options, dir string) (*report, error) {
	progress("building")
	before, why, err := rig.Base(ctx, dir, o.base)
	if err != nil {
		return nil, err
	}
	now, err := rig.This(ctx, dir, o.this)
	if err != nil {
		return nil, err
	}
	r := &report{Machine: rig.Machine(), This: now.Version}
	binaries := []*rig.Binary{now}
	if before != nil {
		binaries, r.Base = []*rig.Binary{before, now}, before.Version
	} else {
		r.Said = append(r.Said, why)
	}
	for _, customers := range append([]int{0}, o.sizes...) {
		for _, b := range binaries {
			s := &store{Binary: b, customers: customers}
			if err := s.prepare(ctx, o.dir); err != nil {
				return nil, fmt.Errorf("%d customers of %s: %w", customers, b.Name, err)
			}
			f, err := s.measure(ctx, o)
			if err != nil {
				return nil, fmt.Errorf("%d customers of %s: %w", customers, b.Name, err)
			}
			r.Measured = append(r.Measured, f)
		}
	}
	r.Rows = rows(r.Measured, o)
	return r, nil
}

// measure looks at a copy of the store.
func (s *store) measure(ctx context.Context, o options) (*figures, error) {
	progress("measuring %d customers of %s", s.customers, s.Name)
	dir, err := s.Copy()
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	f := &figures{Who: s.Name, Customers: s.customers, Kept: s.count(), Load: s.loadTook, Calls: map[string]*calls{}}
	file := filepath.Join(dir, rig.StoreName)
	if f.File, err = allocated(s.PreparedStore()); err != nil {
		return nil, err
	}
	compacts := exec.CommandContext(ctx, s.File, "compact", "--help").Run() == nil
	var starts, reads, verifies, copies, backups, compactions []float64
	for range o.rounds {
		type way struct {
			took *[]float64
			do   func() error
		}
		ways := []way{
			{&reads, func() error { return readAll(file, io.Discard) }},
			{&verifies, func() error { return s.command(ctx, "verify", "--store", file) }},
			{&copies, func() error { return copySynced(file, filepath.Join(dir, "copy")) }},
			{&backups, func() error { return s.command(ctx, "backup", "--store", file, filepath.Join(dir, "backup")) }},
		}
		if compacts {
			ways = append(ways, way{&compactions, func() error {
				return s.command(ctx, "compact", "--store", file, filepath.Join(dir, "compact"))
			}})
		}
		for _, way := range ways {
			if err := rig.Uncache(file); err != nil {
				return nil, err
			}
			took, err := timed(way.do)
			if err != nil {
				return nil, err
			}
			*way.took = append(*way.took, took)
		}
		for _, made := range []string{"copy", "backup", "compact"} {
			if err := os.Remove(filepath.Join(dir, made)); err != nil && !errors.Is(err, os.ErrNotExist) {
				return nil, err
			}
		}
		server, took, err := s.started(ctx, dir)
		if err != nil {
			return nil, err
		}
		starts = append(starts, took)
		if err := server.Stop(); err != nil {
			return nil, err
		}
	}
	f.Start, f.Read, f.Verify, f.Copy, f.Backup = median(starts), median(reads), median(verifies), median(copies), median(backups)
	if compacts {
		f.Compact = median(compactions)
	}
	server, _, err := s.started(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer server.Kill()
	if err := s.ask(server, f, o.calls); err != nil || !s.loaded {
		return f, err
	}
	if err := server.Stop(); err != nil {
		return nil, err
	}
	f.Bill, err = timed(func() error {
		return s.command(ctx, "billing", "run", "--as-of", s.month.AddDate(0, 1, 0).Format(time.DateOnly), "--store", file)
	})
	return f, err
}

// started starts a server and tells how many seconds it took until it serves.
func (s *store) started(ctx context.Context, dir string) (server *rig.Server, took float64, err error) {
	took, err = timed(func() error {
		server, err = s.StartIn(ctx, dir)
		return err
	})
	return server, took, err
}

// ask asks what there is to be read, looks at the memory after the profiles, and signs up.
func (s *store) ask(server *rig.Server, f *figures, profiles int) (err error) {
	for _, k := range kinds {
		if k.loaded && !s.loaded {
			continue
		}
		if f.Calls[k.name], err = s.crowd(server, k.name, 16, max(16, profiles/k.part), func() *rig.Message { return k.message(s) }, func(n int64) int64 { return k.number(s, s.of(n)) }); err != nil {
			return err
		}
		if k.part == 1 {
			if f.Memory, err = memory(server.Process.Process.Pid); err != nil {
				return err
			}
		}
	}
	signUps, before := max(64, profiles/20), int64(s.count())
	for _, of := range []struct {
		size int
		into *calls
	}{{16, &f.SignUps}, {64, &f.SignUps64}} {
		c, err := s.crowd(server, "sign-ups", of.size, signUps, signUp, func(n int64) int64 { return before + n })
		if err != nil {
			return err
		}
		*of.into, before = *c, before+int64(signUps)
	}
	return nil
}

// crowd has so many callers ask so many calls together.
func (s *store) crowd(server *rig.Server, name string, size, count int, message func() *rig.Message, number func(int64) int64) (*calls, error) {
	used, left, begun := server.CPU(), rig.UpTo(int64(count)), time.Now()
	t := rig.Crowd{To: server.Address, From: rig.Here, Size: size, Number: func() (int64, bool) {
		n, more := left()
		return number(n), more
	}, Message: func(int) *rig.Message { return message() }}.Run(time.Time{}, begun.Add(10*time.Minute))
	if t.Count(rig.Done) != count {
		return nil, fmt.Errorf("%s: %s of %d", name, t, count)
	}
	took := time.Since(begun)
	time.Sleep(30 * time.Millisecond) // the times of a thread that runs are behind
	return &calls{CPU: float64((server.CPU() - used).Microseconds()) / float64(count), PerSecond: float64(count) / took.Seconds(), P50: t.Quantile(0.5), P99: t.Quantile(0.99)}, nil
}

// command runs a command of the binary.
func (s *store) command(ctx context.Context, args ...string) error {
	if out, err := exec.CommandContext(ctx, s.File, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", args[0], err, out)
	}
	return nil
}

// memory is what a process has resident that no file has, in bytes: the mapped store is
// the kernel's to take back.
func memory(process int) (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", process))
	if err != nil {
		return 0, err
	}
	_, text, _ := bytes.Cut(status, []byte("\nRssAnon:"))
	line, _, _ := strings.Cut(string(text), "\n")
	kB, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(line), "kB")), 64)
	return kB * 1024, err
}

// allocated is what a file takes on the disk, in bytes: bbolt makes files grow in steps
// whose ends are holes.
func allocated(file string) (float64, error) {
	var stat unix.Stat_t
	err := unix.Stat(file, &stat)
	return float64(stat.Blocks) * 512, err
}

func timed(do func() error) (seconds float64, err error) {
	begun := time.Now()
	err = do()
	return time.Since(begun).Seconds(), err
}

// readAll reads a file by the megabyte, as cat does.
func readAll(file string, to io.Writer) error {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	// Without the methods by which files are copied past the process.
	_, err = io.CopyBuffer(struct{ io.Writer }{to}, struct{ io.Reader }{in}, make([]byte, 1<<20))
	return err
}

// copySynced is a copy that is on the disk when it returns, as a backup is.
func copySynced(from, to string) error {
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	return errors.Join(readAll(from, out), out.Sync(), out.Close())
}

func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}
