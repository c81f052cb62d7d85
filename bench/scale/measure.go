package main

import (
	"bytes"
	"context"
	"crypto/sha256"
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
	Who        string  `json:"who"` // base or this
	Customers  int     `json:"customers"`
	File       float64 `json:"file"`   // bytes, after a clean stop
	Start      float64 `json:"start"`  // seconds until it serves, after a clean stop
	Read       float64 `json:"read"`   // seconds of a bare read of the file
	Verify     float64 `json:"verify"` // seconds
	Copy       float64 `json:"copy"`   // seconds of a bare copy of the file, synced
	Backup     float64 `json:"backup"` // seconds
	Memory     float64 `json:"memory"` // bytes that are resident and not of a file, after the calls
	ProfileCPU float64 `json:"profileCPU"`
	SignUps    float64 `json:"signUps"` // a second, of 16 callers
	SignUpP50  float64 `json:"signUpP50"`
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

// store is what a binary made of so many customers; it stays where it was made.
type store struct {
	*rig.Binary
	customers int
}

// finished is written beside a store when it has all its customers.
const finished = "finished"

// prepare takes the store that the same binary made before, or makes it.
func (s *store) prepare(ctx context.Context, dir string) error {
	program, err := os.ReadFile(s.File)
	if err != nil {
		return err
	}
	own := *s.Binary
	s.Binary = &own
	made := fmt.Sprintf("%x", sha256.Sum256(program))
	s.Dir, err = filepath.Abs(filepath.Join(dir, fmt.Sprintf("customers-%d-%s", s.customers, made[:12])))
	if err != nil {
		return err
	}
	done := filepath.Join(s.Dir, finished)
	if _, err := os.Stat(done); err == nil {
		return nil
	}
	progress("signing up %d customers with %s, once", s.customers, s.Name)
	if err := os.RemoveAll(s.Dir); err != nil {
		return err
	}
	if err := s.Prepare(ctx, nil, s.customers, func() *rig.Message { return rig.SignUp(rig.Honest, rig.Password) }); err != nil {
		return err
	}
	return os.WriteFile(done, nil, 0o600)
}

// measure looks at a copy of the store.
func (s *store) measure(ctx context.Context, o options) (*figures, error) {
	progress("measuring %d customers of %s", s.customers, s.Name)
	dir, err := s.Copy()
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	f := &figures{Who: s.Name, Customers: s.customers}
	file := filepath.Join(dir, rig.StoreName)
	if f.File, err = allocated(s.PreparedStore()); err != nil {
		return nil, err
	}
	var starts, reads, verifies, copies, backups []float64
	for range o.rounds {
		for _, way := range []struct {
			took *[]float64
			do   func() error
		}{
			{&reads, func() error { return readAll(file, io.Discard) }},
			{&verifies, func() error { return s.command(ctx, "verify", "--store", file) }},
			{&copies, func() error { return copySynced(file, filepath.Join(dir, "copy")) }},
			{&backups, func() error { return s.command(ctx, "backup", "--store", file, filepath.Join(dir, "backup")) }},
		} {
			if err := rig.Uncache(file); err != nil {
				return nil, err
			}
			took, err := timed(way.do)
			if err != nil {
				return nil, err
			}
			*way.took = append(*way.took, took)
		}
		if err := errors.Join(os.Remove(filepath.Join(dir, "copy")), os.Remove(filepath.Join(dir, "backup"))); err != nil {
			return nil, err
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
	server, _, err := s.started(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer server.Kill()
	return f, s.ask(server, f, o.calls)
}

// started starts a server and tells how many seconds it took until it serves.
func (s *store) started(ctx context.Context, dir string) (server *rig.Server, took float64, err error) {
	took, err = timed(func() error {
		server, err = s.StartIn(ctx, dir)
		return err
	})
	return server, took, err
}

// ask asks profiles of different customers, looks at the memory, and signs up.
func (s *store) ask(server *rig.Server, f *figures, calls int) (err error) {
	used := server.CPU()
	numbers := rig.UpTo(int64(calls))
	reads := rig.Crowd{To: server.Address, From: rig.Here, Size: 16, Number: func() (int64, bool) {
		n, more := numbers()
		return s.number(n), more
	}, Message: func(int) *rig.Message {
		return rig.SOAPCall("SOAP_GET_WEB_USER_PROFILE_INTERNAL", rig.Honest, rig.Password, rig.Text("CUSTOMER_NUMBER", rig.CustomerMark))
	}}.Run(time.Time{}, time.Now().Add(10*time.Minute))
	if reads.Count(rig.Done) != calls {
		return fmt.Errorf("profiles: %s of %d", reads, calls)
	}
	time.Sleep(30 * time.Millisecond) // the times of a thread that runs are behind
	f.ProfileCPU = float64((server.CPU() - used).Microseconds()) / float64(calls)
	if f.Memory, err = memory(server.Process.Process.Pid); err != nil {
		return err
	}
	signUps := max(16, calls/20)
	left := rig.UpTo(int64(signUps))
	begun := time.Now()
	writes := rig.Crowd{To: server.Address, From: rig.Here, Size: 16, Number: func() (int64, bool) {
		n, more := left()
		return int64(s.customers) + n, more
	}, Message: func(int) *rig.Message { return rig.SignUp(rig.Honest, rig.Password) }}.Run(time.Time{}, begun.Add(5*time.Minute))
	if writes.Count(rig.Done) != signUps {
		return fmt.Errorf("sign-ups: %s of %d", writes, signUps)
	}
	f.SignUps, f.SignUpP50 = float64(signUps)/time.Since(begun).Seconds(), writes.Quantile(0.5)
	return nil
}

// number is of one customer after the other in an order that no store has, of those
// whose numbers have six digits; with none it is the demo's own.
func (s *store) number(n int64) int64 {
	const first, step, six = 100_002, 1_000_003, 800_000
	if s.customers == 0 {
		return first - 1
	}
	return first + n*step%int64(min(s.customers, six))
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
