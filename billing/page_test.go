package billing_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rator/replay/fixture"
	"rator/server/servertest"
)

// billingPage has the examples.
const billingPage = "../docs/billing.md"

// TestBillingPage plays every example of docs/billing.md on a server of its own, over
// docs/billing-catalogue.toml. A line of an example is a moment, or nothing for
// the one of the line before, and what happens or what is then so; words has them.
func TestBillingPage(t *testing.T) {
	page, err := os.ReadFile(billingPage)
	if err != nil {
		t.Fatal(err)
	}
	file, err := filepath.Abs("../docs/billing-catalogue.toml")
	if err != nil {
		t.Fatal(err)
	}
	settings := fixture.Server{Clock: time.Date(2025, 12, 1, 8, 0, 0, 0, time.UTC), Catalogue: []string{file}}
	plan, err := servertest.Target().Plan(t.Context(), settings)
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, f := range servertest.FencesOf(string(page)) {
		if f.Kind != "example" {
			continue
		}
		count[f.Heading]++
		t.Run(fmt.Sprintf("%s_%d", f.Heading, count[f.Heading]), func(t *testing.T) {
			s, err := plan.Start(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			e := &played{T: t, s: s, names: map[string]string{}, catalogue: servertest.Read(t, file)}
			for n, line := range strings.Split(strings.TrimRight(f.Text, "\n"), "\n") {
				if err := e.play(line); err != nil {
					t.Errorf("%s:%d: %s: %v", filepath.Base(billingPage), f.Line+n, strings.TrimSpace(line), err)
				}
			}
			if err := s.End(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	for _, heading := range headingsOf(string(page), "### ") {
		if count[heading] == 0 {
			t.Errorf("%s: rule %q has no example", billingPage, heading)
		}
	}
}

func headingsOf(page, mark string) (all []string) {
	for line := range strings.Lines(page) {
		if heading, is := strings.CutPrefix(strings.TrimSpace(line), mark); is {
			all = append(all, heading)
		}
	}
	return all
}
