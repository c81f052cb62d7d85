package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// What prepare puts into a store.
const (
	brand         = "DEMO"
	firstCustomer = "100001" // the number of the demo's own
	honest        = "honest"
	rightPassword = "load-Gr1dlock-9"
	coldOperators = 5
	teamOperators = 20
	customers     = 2000
)

func cold(i int) string { return fmt.Sprintf("cold%02d", i+1) }
func team(i int) string { return fmt.Sprintf("team%02d", i+1) }

// prepare makes the store that each server of the binary gets a copy of: the demo,
// operators, and customers to look through.
func (b *binary) prepare(ctx context.Context) error {
	if err := os.MkdirAll(b.prepared(), 0o700); err != nil {
		return err
	}
	s, err := b.start(ctx, b.prepared())
	if err != nil {
		return err
	}
	defer s.stop()
	names := []string{honest}
	for i := range coldOperators {
		names = append(names, cold(i))
	}
	for i := range teamOperators {
		names = append(names, team(i))
	}
	for _, name := range names {
		add := exec.CommandContext(ctx, b.file, "operator", "add", name, "--brand", brand, "--right", "*", "--store", s.store)
		add.Env = append(os.Environ(), "RATOR_NEW_PASSWORD="+rightPassword)
		if out, err := add.CombinedOutput(); err != nil {
			return fmt.Errorf("operator add: %w\n%s", err, out)
		}
	}
	end := time.Now().Add(time.Minute)
	made := crowd{to: s.address, from: here, size: 16, number: upTo(customers), message: func(int) *message {
		return rest(customersPath, basic(honest, rightPassword), household)
	}}.run(time.Time{}, end)
	if made.count(done) != customers {
		return fmt.Errorf("making %d customers: %s", customers, made)
	}
	return s.stop()
}

// upTo numbers n requests.
func upTo(n int64) func() (int64, bool) {
	var last atomic.Int64
	return func() (int64, bool) {
		i := last.Add(1)
		return i, i <= n
	}
}

func (b *binary) prepared() string { return filepath.Join(b.dir, "prepared") }

// serve starts a server over a copy of the prepared store.
func (b *binary) serve(ctx context.Context, args ...string) (*server, error) {
	b.served++
	dir := filepath.Join(b.dir, strconv.Itoa(b.served))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	for _, name := range []string{storeName, storeName + ".pin-key"} {
		content, err := os.ReadFile(filepath.Join(b.prepared(), name))
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return nil, err
		}
	}
	return b.start(ctx, dir, args...)
}

const storeName = "load.db"

// server is `rator serve` on a free port of loopback.
type server struct {
	*exec.Cmd
	binary  *binary
	dir     string
	store   string
	address string // HOST:PORT
	ended   chan struct{}
}

var served = regexp.MustCompile(`http://(127\.0\.0\.1:\d+)/`)

// start starts a server in a folder and waits until it serves. What it prints goes
// into a file: reading it would cost the generator a call's worth for each call.
func (b *binary) start(ctx context.Context, dir string, args ...string) (*server, error) {
	s := &server{binary: b, dir: dir, store: filepath.Join(dir, storeName), ended: make(chan struct{})}
	printed := filepath.Join(dir, "printed")
	out, err := os.Create(printed)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	s.Cmd = exec.CommandContext(ctx, b.file, append([]string{"serve", "--demo", "--listen", "127.0.0.1:0", "--store", s.store}, args...)...)
	s.Stdout, s.Stderr = out, out
	if err := s.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = s.Wait() // stop looks at ProcessState
		close(s.ended)
	}()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		text, err := os.ReadFile(printed)
		if err != nil {
			return nil, err
		}
		if at := served.FindSubmatch(text); at != nil && strings.Contains(string(text), "rator: serving") {
			s.address = string(at[1])
			return s, nil
		}
		select {
		case <-s.ended:
			return nil, fmt.Errorf("%s serve ended with %v:\n%s", b.file, s.ProcessState, text)
		default:
		}
		if time.Now().After(end) {
			return nil, errors.Join(fmt.Errorf("%s does not serve after 30 s:\n%s", b.file, text), s.stop())
		}
	}
}

// stop asks the server to end, and kills it when it does not.
func (s *server) stop() error {
	_ = s.Process.Signal(os.Interrupt) // fails when it ended
	select {
	case <-s.ended:
	case <-time.After(30 * time.Second):
		_ = s.Process.Kill()
		<-s.ended
		return fmt.Errorf("the server of %s did not end within 30 s and was killed", s.binary.name)
	}
	return nil
}

// know has the server verify an operator's password, which it remembers then.
func (s *server) know(operator string) error {
	k := &caller{to: s.address, from: here, end: time.Now().Add(10 * time.Second)}
	defer k.hangUp()
	if o := k.ask(search(operator, rightPassword)); o != done {
		return fmt.Errorf("a first call: %s: %s", o, k.body)
	}
	return nil
}

func (s *server) kill() {
	_ = s.Process.Kill() // fails when it ended
	<-s.ended
}

// discard ends the server as it is, whatever it still has to do, and removes what it
// wrote.
func (s *server) discard() {
	s.kill()
	_ = os.RemoveAll(s.dir)
}

// cpu is what the process took of the processors so far, user and system.
func (s *server) cpu() time.Duration { return cpuOf(strconv.Itoa(s.Process.Pid)) }

// cpuOf reads the times of all threads of a process, which the kernel counts in
// nanoseconds there; those in stat are in hundredths of a second. 0 where it cannot
// be read. Threads that ended are missing; those of Go stay.
func cpuOf(process string) (sum time.Duration) {
	files, _ := filepath.Glob("/proc/" + process + "/task/*/schedstat")
	for _, file := range files {
		text, _ := os.ReadFile(file)
		first, _, _ := strings.Cut(string(text), " ")
		n, _ := strconv.ParseInt(first, 10, 64)
		sum += time.Duration(n)
	}
	return sum
}

var recordsLine = regexp.MustCompile(`(\d+) records`)

// records is how many records the store holds.
func (s *server) records(ctx context.Context) (int, error) {
	out, err := output(ctx, s.binary.file, "verify", "--store", s.store)
	found := recordsLine.FindStringSubmatch(out)
	if found == nil {
		return 0, fmt.Errorf("verify told no number of records: %w\n%s", err, out)
	}
	return strconv.Atoi(found[1])
}
