package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rator/billing"
)

// deeds are what a step NN-what.do can say, a line each: a word and its argument.
// They are what happens beside the calls: time passes, an administrator acts.
var deeds = map[string]func(t *testing.T, s *scenario, argument string){
	"clock":       setClock,
	"billing-run": billingRun,
	"run-due":     runDueNow,
}

// do does what a step that is no call says.
func (s *scenario) do(t *testing.T, file string) {
	t.Helper()
	for line := range strings.Lines(read(t, file)) {
		word, argument, _ := strings.Cut(strings.TrimSpace(line), " ")
		deed := deeds[word]
		if deed == nil {
			t.Fatalf("%s: no deed %q", filepath.Base(file), word)
		}
		deed(t, s, argument)
	}
}

// setClock sets the server's clock: clock 2026-02-03T04:05:06Z.
func setClock(t *testing.T, s *scenario, argument string) {
	t.Helper()
	now, err := time.Parse(time.RFC3339, argument)
	if err != nil {
		t.Fatal(err)
	}
	s.server.clock.Store(&now)
	s.hours = append(s.hours, hourOf(now))
}

// billingRun makes a billing run of all brands: billing-run 2026-02-01.
func billingRun(t *testing.T, s *scenario, argument string) {
	t.Helper()
	day, err := time.Parse(time.DateOnly, argument)
	if err != nil {
		t.Fatal(err)
	}
	report, err := (&billing.Run{AsOf: day}).Do(t.Context(), s.server.store)
	if err != nil || report.Refused != 0 {
		t.Fatalf("billing run: %v %+v", err, report)
	}
}

// runDueNow runs what is due and checks how many were done, refused and failed:
// run-due 1 0 0.
func runDueNow(t *testing.T, s *scenario, argument string) {
	t.Helper()
	report, err := runDue(t.Context(), s.server.engine, time.Time{}, func(dueOutcome) {})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintf("%d %d %d", report.Done, report.Refused, report.Failed); got != argument {
		t.Errorf("run-due: %s done, refused, failed; want %s", got, argument)
	}
}
