// Package storetest is the suite that every driver of the store must pass: one
// test or more for each line of the contract in package store. Each runs plain
// and with every Update's closure run twice; each ends with Verify.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rator/failure"
	"rator/store"
)

// Opener opens the store at place, a directory that is there and is the suite's
// own; at a new place it makes an empty one. now is the store's clock.
type Opener func(t *testing.T, place string, now func() time.Time) store.Store

// Run runs the suite on the stores that open opens. alone says why no two of them can be
// open on one place, and leaves out what is about two; "" = they can.
func Run(t *testing.T, open Opener, alone string) {
	tests := slices.Concat(recordTests, indexTests, findTests, savepointTests, transactionTests, idTests, settledTests, sumTests, eventTests,
		concurrentTests, isolationTests, historyTests, appendTests, claimTests, textTests, longKeyTests, viewsTests, rehearsalTests, loadTests, kindTests, stableTests, modelTests)
	if alone == "" {
		tests = append(tests, sharedTests...)
	} else {
		t.Logf("no test of two stores on one place: %s", alone)
	}
	run(t, open, tests)
}

// RunStable runs what the suite has of stable kinds: for who puts a store before another.
func RunStable(t *testing.T, open Opener) { run(t, open, stableTests) }

func run(t *testing.T, open Opener, tests []test) {
	wraps := []struct {
		name string
		wrap func(store.Store) store.Store
	}{
		{"plain", func(s store.Store) store.Store { return s }},
		{"twice", Twice},
	}
	for _, w := range wraps {
		t.Run(w.name, func(t *testing.T) {
			for _, test := range tests {
				t.Run(test.name, func(t *testing.T) {
					test.run(newTrial(t, func(t *testing.T, place string, now func() time.Time) store.Store {
						return w.wrap(open(t, place, now))
					}))
				})
			}
		})
	}
}

// test is one test of the suite.
type test struct {
	name string
	run  func(*trial)
}

// trial is a test under way: its store, and a clock that it sets by hand.
type trial struct {
	*testing.T
	store.Store
	place string
	open  Opener
	clock clock
}

// start is when every trial begins: shortly before a leap day.
var start = time.Date(2024, 2, 28, 23, 59, 58, 123_456_789, time.UTC)

func newTrial(t *testing.T, open Opener) *trial {
	c := &trial{T: t, place: t.TempDir(), open: open}
	c.clock.set(start)
	c.Store = open(t, c.place, c.clock.now)
	t.Cleanup(func() {
		Check(t, c.Store)
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// Check fails the test for every fault that Verify reports.
func Check(t testing.TB, s store.Store) {
	t.Helper()
	if _, err := s.Verify(context.Background(), func(fault error) { t.Errorf("verify: %v", fault) }); err != nil {
		t.Errorf("verify: %v", err)
	}
}

// reopen closes the store and opens it again.
func (c *trial) reopen() {
	c.Helper()
	if err := c.Close(); err != nil {
		c.Fatal(err)
	}
	c.Store = c.open(c.T, c.place, c.clock.now)
}

// runs is how often a closure of Update runs.
func (c *trial) runs() int {
	if _, ok := c.Store.(twice); ok {
		return 2
	}
	return 1
}

// update and view fail the test for an error.
func (c *trial) update(fn func(store.Tx) error) {
	c.Helper()
	if err := c.Update(c.Context(), fn); err != nil {
		c.Fatal(err)
	}
}

// soon runs what must not find others under way: what a lost connection had is let go when
// the server hears of it.
func (c *trial) soon(run func(context.Context, func(store.Tx) error) error, fn func(store.Tx) error) {
	c.Helper()
	err := run(c.Context(), fn)
	for end := time.Now().Add(time.Minute); err != nil && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		err = run(c.Context(), fn)
	}
	if err != nil {
		c.Fatal(err)
	}
}

func (c *trial) view(fn func(store.Tx) error) {
	c.Helper()
	if err := c.View(c.Context(), fn); err != nil {
		c.Fatal(err)
	}
}

// count is the number of committed things.
func (c *trial) count() (n int64) {
	c.Helper()
	c.view(func(tx store.Tx) (err error) {
		n, err = Things.Count(tx)
		return err
	})
	return n
}

// want says that err is not, or does not wrap, the error that should be.
func want(err, target error) error {
	if !errors.Is(err, target) {
		return fmt.Errorf("error is %v, want %v", err, target)
	}
	return nil
}

// wantTaken says that err is not a *store.TakenError of that index.
func wantTaken(err error, index string) error {
	var taken *store.TakenError
	if !errors.As(err, &taken) || taken.Index != index {
		return fmt.Errorf("error is %v, want index %s to be taken", err, index)
	}
	return nil
}

// wantCode says that err does not have that code.
func wantCode(err error, code *failure.Code) error {
	if failure.CodeOf(err) != code {
		return fmt.Errorf("error is %v, want code %s", err, code.Name)
	}
	return nil
}

// clock is a time set by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = t
}

// names lists things by name, for comparing.
func names(things []*Thing) string {
	var s []string
	for _, x := range things {
		s = append(s, x.Name)
	}
	return strings.Join(s, " ")
}
