package rig

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"sync/atomic"
	"time"
)

// What every prepared store has.
const (
	brand         = "DEMO"
	FirstCustomer = "100001" // the number of the demo's own
	Honest        = "honest"
	Password      = "load-Gr1dlock-9"
)

// preparers are how many customers are made at the same time.
const preparers = 64

// Prepare makes the store that each server of the binary gets a copy of: the demo, the
// operators beside Honest, and so many customers, each of which the message asks for.
func (b *Binary) Prepare(ctx context.Context, operators []string, customers int, customer func() *Message) error {
	if err := os.MkdirAll(b.prepared(), 0o700); err != nil {
		return err
	}
	s, err := b.StartIn(ctx, b.prepared())
	if err != nil {
		return err
	}
	defer s.Stop()
	for _, name := range append([]string{Honest}, operators...) {
		add := exec.CommandContext(ctx, b.File, "operator", "add", name, "--brand", brand, "--right", "*", "--store", s.Store)
		add.Env = append(os.Environ(), "RATOR_NEW_PASSWORD="+Password)
		if out, err := add.CombinedOutput(); err != nil {
			return fmt.Errorf("operator add: %w\n%s", err, out)
		}
	}
	end := time.Now().Add(time.Minute + time.Duration(customers)*10*time.Millisecond)
	made := Crowd{To: s.Address, From: Here, Size: preparers, Number: UpTo(int64(customers)), Message: func(int) *Message { return customer() }}.Run(time.Time{}, end)
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

// PreparedStore is the file of the store that Prepare made, which nobody has open.
func (b *Binary) PreparedStore() string { return filepath.Join(b.prepared(), StoreName) }

func (b *Binary) prepared() string { return filepath.Join(b.Dir, "prepared") }

// StartCopy starts a server over a copy of the prepared store.
func (b *Binary) StartCopy(ctx context.Context, args ...string) (*Server, error) {
	dir, err := b.Copy()
	if err != nil {
		return nil, err
	}
	return b.StartIn(ctx, dir, args...)
}

// Copy copies the prepared store into a folder of its own.
func (b *Binary) Copy() (dir string, err error) {
	b.served++
	dir = filepath.Join(b.Dir, strconv.Itoa(b.served))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	for _, name := range []string{StoreName, StoreName + ".pin-key"} {
		if err := copyFile(filepath.Join(dir, name), filepath.Join(b.prepared(), name)); err != nil {
			return "", err
		}
	}
	return dir, nil
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// StoreName is the name of a store's file.
const StoreName = "load.db"

// Server is `rator serve` on a free port of loopback.
type Server struct {
	*Process
	Binary *Binary
	Dir    string
	Store  string
}

var serving = regexp.MustCompile(`(?s)http://(127\.0\.0\.1:\d+)/.*rator: serving`)

// StartIn starts a server in a folder and waits until it serves.
func (b *Binary) StartIn(ctx context.Context, dir string, args ...string) (s *Server, err error) {
	s = &Server{Binary: b, Dir: dir, Store: filepath.Join(dir, StoreName)}
	cmd := exec.CommandContext(ctx, b.File, append([]string{"serve", "--demo", "--listen", "127.0.0.1:0", "--store", s.Store}, args...)...)
	s.Process, err = Start(cmd, filepath.Join(dir, "printed"), serving)
	return s, err
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

// Discard ends the server as it is, whatever it still has to do, and removes what it
// wrote.
func (s *Server) Discard() {
	s.Kill()
	_ = os.RemoveAll(s.Dir)
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
