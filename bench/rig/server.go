package rig

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// What every prepared store has.
const (
	Brand         = "DEMO"
	FirstCustomer = "100001" // the number of the demo's own
	Honest        = "honest"
	Password      = "load-Gr1dlock-9"
)

// Prepare makes the store that each server of the binary gets a copy of: the demo, the
// operators beside Honest, and so many customers, each of which the message asks for.
func (b *Binary) Prepare(ctx context.Context, operators []string, customers int, customer func() *Message) error {
	if err := os.MkdirAll(b.prepared(), 0o700); err != nil {
		return err
	}
	s, err := b.start(ctx, b.prepared())
	if err != nil {
		return err
	}
	defer s.Stop()
	for _, name := range append([]string{Honest}, operators...) {
		add := exec.CommandContext(ctx, b.File, "operator", "add", name, "--brand", Brand, "--right", "*", "--store", s.Store)
		add.Env = append(os.Environ(), "RATOR_NEW_PASSWORD="+Password)
		if out, err := add.CombinedOutput(); err != nil {
			return fmt.Errorf("operator add: %w\n%s", err, out)
		}
	}
	end := time.Now().Add(time.Minute)
	made := Crowd{To: s.Address, From: Here, Size: 16, Number: UpTo(int64(customers)), Message: func(int) *Message { return customer() }}.Run(time.Time{}, end)
	if made.Count(Done) != customers {
		return fmt.Errorf("making %d customers: %s", customers, made)
	}
	return s.Stop()
}

// UpTo numbers n requests.
func UpTo(n int64) func() (int64, bool) {
	var last atomic.Int64
	return func() (int64, bool) {
		i := last.Add(1)
		return i, i <= n
	}
}

func (b *Binary) prepared() string { return filepath.Join(b.Dir, "prepared") }

// StartCopy starts a server over a copy of the prepared store.
func (b *Binary) StartCopy(ctx context.Context, args ...string) (*Server, error) {
	b.served++
	dir := filepath.Join(b.Dir, strconv.Itoa(b.served))
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

// Server is `rator serve` on a free port of loopback.
type Server struct {
	*exec.Cmd
	Binary  *Binary
	Dir     string
	Store   string
	Address string // HOST:PORT
	ended   chan struct{}
}

var served = regexp.MustCompile(`http://(127\.0\.0\.1:\d+)/`)

// start starts a server in a folder and waits until it serves. What it prints goes
// into a file: reading it would cost the generator a call's worth for each call.
func (b *Binary) start(ctx context.Context, dir string, args ...string) (*Server, error) {
	s := &Server{Binary: b, Dir: dir, Store: filepath.Join(dir, storeName), ended: make(chan struct{})}
	printed := filepath.Join(dir, "printed")
	out, err := os.Create(printed)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	s.Cmd = exec.CommandContext(ctx, b.File, append([]string{"serve", "--demo", "--listen", "127.0.0.1:0", "--store", s.Store}, args...)...)
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
			s.Address = string(at[1])
			return s, nil
		}
		select {
		case <-s.ended:
			return nil, fmt.Errorf("%s serve ended with %v:\n%s", b.File, s.ProcessState, text)
		default:
		}
		if time.Now().After(end) {
			return nil, errors.Join(fmt.Errorf("%s does not serve after 30 s:\n%s", b.File, text), s.Stop())
		}
	}
}

// Stop asks the server to end, and kills it when it does not.
func (s *Server) Stop() error {
	_ = s.Process.Signal(os.Interrupt) // fails when it ended
	select {
	case <-s.ended:
	case <-time.After(30 * time.Second):
		_ = s.Process.Kill()
		<-s.ended
		return fmt.Errorf("the server of %s did not end within 30 s and was killed", s.Binary.Name)
	}
	return nil
}

// Know has the server verify an operator's password, which it remembers then.
func (s *Server) Know(operator string) error {
	k := &Caller{To: s.Address, From: Here, End: time.Now().Add(10 * time.Second)}
	defer k.HangUp()
	if o := k.Ask(Search(operator, Password)); o != Done {
		return fmt.Errorf("a first call: %s: %s", o, k.Body)
	}
	return nil
}

// Kill ends the server as it is.
func (s *Server) Kill() {
	_ = s.Process.Kill() // fails when it ended
	<-s.ended
}

// Discard ends the server as it is, whatever it still has to do, and removes what it
// wrote.
func (s *Server) Discard() {
	s.Kill()
	_ = os.RemoveAll(s.Dir)
}

// CPU is what the process took of the processors so far, user and system.
func (s *Server) CPU() time.Duration { return CPUOf(strconv.Itoa(s.Process.Pid)) }

// CPUOf reads the times of all threads of a process, which the kernel counts in
// nanoseconds there; those in stat are in hundredths of a second. 0 where it cannot
// be read. Threads that ended are missing; those of Go stay.
func CPUOf(process string) (sum time.Duration) {
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

// Records is how many records the store holds.
func (s *Server) Records(ctx context.Context) (int, error) {
	out, err := Output(ctx, s.Binary.File, "verify", "--store", s.Store)
	found := recordsLine.FindStringSubmatch(out)
	if found == nil {
		return 0, fmt.Errorf("verify told no number of records: %w\n%s", err, out)
	}
	return strconv.Atoi(found[1])
}

// AnyCustomer asks for the id of a customer.
func (s *Server) AnyCustomer() (string, error) {
	k := &Caller{To: s.Address, From: Here, End: time.Now().Add(10 * time.Second)}
	defer k.HangUp()
	o := k.Ask(REST(CustomersPath+"?limit=1&fields=id", Basic(Honest, Password), ""))
	_, after, _ := bytes.Cut(k.Body, []byte(`"id":"`))
	id, _, found := bytes.Cut(after, []byte(`"`))
	if o != Done || !found {
		return "", fmt.Errorf("a list of one customer: %s: %s", o, k.Body)
	}
	return string(slices.Clone(id)), nil
}
