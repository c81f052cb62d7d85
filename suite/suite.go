// Package suite says how much of the tests runs: all of it where CI=true is set, or
// what a person waits for. A test says here what it leaves out of a person's run, so
// that the summary of every run names it. Only tests import this package.
package suite

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// whole tells whether everything runs, and whatever is missing fails.
func whole() bool { return os.Getenv("CI") == "true" }

// Long leaves a test out of a person's run because it takes long; what says what
// takes it.
func Long(t testing.TB, what string) {
	t.Helper()
	if !whole() {
		t.Skip("left out, takes long: " + what)
	}
}

// Rounds is how often a test does the same: all times in a whole run, few in a
// person's, where a skipped subtest names the rest.
func Rounds(t *testing.T, few, all int) int {
	t.Helper()
	if whole() {
		return all
	}
	t.Run(fmt.Sprintf("all of %d", all), func(t *testing.T) {
		t.Helper()
		t.Skipf("left out, takes long: this run did %d", few)
	})
	return few
}

// Soak is Rounds for what survives anything only if it survives it often: `make soak`
// says by SOAK how many times are all.
func Soak(t *testing.T, few, all int) int {
	t.Helper()
	asked := os.Getenv("SOAK")
	if asked == "" {
		return Rounds(t, few, all)
	}
	rounds, err := strconv.Atoi(asked)
	if err != nil || rounds < 1 {
		t.Fatalf("SOAK=%s: how often a test does the same, from 1", asked)
	}
	return rounds
}

// Foreign leaves a test out of a person's run because it needs a program of other
// people. In a whole run the probe, a command line if there is one, must succeed.
func Foreign(t testing.TB, program string, probe ...string) {
	t.Helper()
	if !whole() {
		t.Skip("left out, other people's program: " + program)
	}
	if len(probe) == 0 {
		return
	}
	if out, err := exec.CommandContext(t.Context(), probe[0], probe[1:]...).CombinedOutput(); err != nil {
		Missing(t, fmt.Sprintf("%s is not there: %s: %v\n%s", program, strings.Join(probe, " "), err, out))
	}
}

// Missing ends a test that this machine cannot run: in a person's run it is left
// out, in a whole run it fails.
func Missing(t testing.TB, what string) {
	t.Helper()
	if whole() {
		t.Fatal(what)
	}
	t.Skip("left out, cannot run here: " + what)
}
