package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"rator/server"
	"rator/server/servertest"
	"rator/suite"
)

// TestServersBillOnce: a billing run that is begun while another one is under way waits for it,
// and one that is stopped for so long that the other goes on makes nothing more when it wakes. The
// invoices are those of one run. RATOR_TEST_GROUPS as TestKilledBillingRun has it.
func TestServersBillOnce(t *testing.T) {
	suite.Long(t, "billing runs beside each other in a database")
	file := servertest.GroupsFile(t, crashGroups(t))
	whole := servertest.Copied(t, file)
	if out, err := ratorProcess(t, "billing", "run", "--store", whole, "--as-of", servertest.RunDay); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want := invoiced(t, whole)
	for _, stopped := range []bool{false, true} {
		t.Run(fmt.Sprint("the first is stopped: ", stopped), func(t *testing.T) {
			for attempt := 0; !billTwice(t, file, want, fmt.Sprintf("rator_bills_%v_%d", stopped, attempt), stopped); attempt++ {
				if attempt == 20 {
					t.Fatal("the first run had always ended before the second began")
				}
			}
		})
	}
}

// billTwice has two runs bill a copy of a file's store. It is false when the first had ended too
// early, or was too slow.
func billTwice(t *testing.T, file string, want []string, schema string, stopped bool) bool {
	t.Helper()
	at := newAddress(t, schema)
	if out, err := ratorProcess(t, "migrate", "--from", file, "--to", at); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := []string{"billing", "run", "--store", at, "--as-of", servertest.RunDay, "--tmf-pin-key", filepath.Join(t.TempDir(), "key")}
	first := beside(t, run...)
	until(t, "the first has begun", func() bool {
		out, err := ratorProcess(t, "audit", "--hookpoint", "billing run", "--store", at)
		return err == nil && strings.Contains(out, "begun")
	})
	if stopped {
		first.signal(t, syscall.SIGSTOP)
	}
	second := beside(t, run...)
	err := second.wait(t)
	waited := strings.Contains(second.said.String(), "another billing run is under way")
	if err != nil {
		t.Errorf("the second: %v\n%s", err, second.said.String())
	}
	if stopped {
		first.signal(t, syscall.SIGCONT)
	}
	err = first.wait(t)
	if !waited || stopped && err == nil {
		return false
	}
	lost := strings.Contains(first.said.String(), "the lease was lost")
	if lost && !stopped {
		return false // the machine is slow: the lease was renewed too late
	}
	if lost != stopped || (err != nil) != stopped {
		t.Errorf("the first: %v\n%s", err, first.said.String())
	}
	back := filepath.Join(t.TempDir(), "back.db")
	if out, err := ratorProcess(t, "backup", back, "--store", at); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got := invoiced(t, back); !slices.Equal(got, want) {
		t.Errorf("%d invoices, and of one run %d, which are others", len(got), len(want))
	}
	if out, err := ratorProcess(t, "verify", "--store", back); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	return true
}

// TestServersEndOnce: two that run what is due at once end each line once.
func TestServersEndOnce(t *testing.T) {
	file, subscriptions := endingLines(t, 8, 10)
	at := newAddress(t, "rator_ends")
	if out, err := ratorProcess(t, "migrate", "--from", file, "--to", at); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	dir := t.TempDir()
	servertest.Write(t, dir, "key", strings.Repeat("ab", 32)+"\n")
	run := []string{"run-due", "--json", "--store", at, "--tmf-pin-key", filepath.Join(dir, "key")}
	done := 0
	for _, c := range []*command{beside(t, run...), beside(t, run...)} {
		err := c.wait(t)
		var report server.DueReport
		if err := errors.Join(err, json.Unmarshal([]byte(c.said.String()), &report)); err != nil || report.Refused+report.Failed > 0 {
			t.Errorf("%v\n%s", err, c.said.String())
		}
		done += report.Done
	}
	back := filepath.Join(t.TempDir(), "back.db")
	if out, err := ratorProcess(t, "backup", back, "--store", at); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	st := servertest.OpenStore(t, back)
	defer st.Close()
	ends := servertest.EndsIn(t, st)
	for _, id := range subscriptions {
		if ends[id] != 1 {
			t.Errorf("subscription %s ended %d times", id, ends[id])
		}
	}
	if done != len(subscriptions) {
		t.Errorf("they say that they ended %d of %d", done, len(subscriptions))
	}
}

// command is rator as a process that goes on beside the test.
type command struct {
	*exec.Cmd
	said  servertest.LockedBuffer
	ended chan error
}

// beside begins a command.
func beside(t *testing.T, args ...string) *command {
	t.Helper()
	binary, err := buildRator()
	if err != nil {
		t.Fatal(err)
	}
	c := &command{Cmd: exec.Command(binary, args...), ended: make(chan error, 1)}
	c.Stdout, c.Stderr = &c.said, &c.said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { c.ended <- c.Wait() }()
	t.Cleanup(func() { _ = c.Process.Kill() }) // does nothing when it ended
	return c
}

// wait gives how the command ended.
func (c *command) wait(t *testing.T) error {
	t.Helper()
	select {
	case err := <-c.ended:
		return err
	case <-time.After(4 * patience):
		t.Fatalf("rator %q does not end:\n%s", c.Args[1:], c.said.String())
		return nil
	}
}

func (c *command) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := c.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
}
