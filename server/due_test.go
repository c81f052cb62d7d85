package server_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"rator/server"
	"rator/server/servertest"
	"rator/unit"
	"rator/workflow"
)

// TestDueHappensOnce: several servers over one store run what is due at the same
// time, again, and long after the answers kept for it are forgotten.
func TestDueHappensOnce(t *testing.T) {
	s := servertest.New(t)
	const lines = 10
	subscriptions := servertest.EndingLines(t, s.Engine, "bo", lines, servertest.Now.AddDate(0, 0, 1))
	if report, err := server.RunDue(t.Context(), s.Engine, server.AsOf{}, func(server.DueOutcome) {}); err != nil || report.Any() {
		t.Errorf("before the day: %+v %v", report, err)
	}
	s.Pass(48 * time.Hour)
	early := func(o server.DueOutcome) { t.Errorf("run before it was due: %+v", o) }
	if report, err := server.RunDue(t.Context(), s.Engine, server.AsOf{Moment: servertest.Now.Add(23 * time.Hour)}, early); err != nil || report.Any() {
		t.Errorf("as of an hour before: %+v %v", report, err)
	}

	const servers = 4
	reports := make([]server.DueReport, servers)
	var all sync.WaitGroup
	for i := range servers {
		engine := workflow.New(s.Engine.Config) // does not know what the others run
		all.Go(func() {
			var err error
			if reports[i], err = server.RunDue(context.Background(), engine, server.AsOf{}, func(server.DueOutcome) {}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, r := range reports {
		if r.Refused+r.Failed != 0 {
			t.Errorf("%+v", r)
		}
	}
	for range 2 {
		if report, err := server.RunDue(t.Context(), s.Engine, server.AsOf{}, func(server.DueOutcome) {}); err != nil || report.Any() {
			t.Errorf("again: %+v %v", report, err)
		}
		s.Pass(2 * unit.KeptFor)
		if _, err := unit.SweepKept(t.Context(), s.Store); err != nil {
			t.Fatal(err)
		}
	}
	ends := servertest.EndsIn(t, s.Store)
	for _, id := range subscriptions {
		if ends[id] != 1 {
			t.Errorf("subscription %s ended %d times", id, ends[id])
		}
	}
	if len(ends) != lines {
		t.Errorf("%d ended, want %d", len(ends), lines)
	}
}

// TestDueThatFailsStaysDue: a fault of a site's script is no answer.
func TestDueThatFailsStaysDue(t *testing.T) {
	s := servertest.New(t)
	servertest.EndingLines(t, s.Engine, "bo", 1, servertest.Now.AddDate(0, 0, 1))
	s.Pass(48 * time.Hour)
	dir := t.TempDir()
	servertest.Write(t, dir, "TERMINATE_SUBSCRIPTION/contract.xml", `<soapcall area="Test" desc="A fault." internal="true"><request><hookpointKey>TERMINATE_SUBSCRIPTION</hookpointKey><values>
		<value key="SUBSCRIPTION" type="c"><values/></value><value key="SUBSCRIPTION_TERMINATION" type="c"><values/></value></values></request><response><values/></response></soapcall>`)
	script := servertest.Write(t, dir, "TERMINATE_SUBSCRIPTION/workflow.star", "def run(p):\n    return {}[\"fault\"]\n")
	layer, err := server.SiteLayer(dir)
	if err != nil {
		t.Fatal(err)
	}
	s.Layers = append(s.Layers, layer)
	if err := s.Reload(); err != nil {
		t.Fatal(err)
	}
	var outcomes []server.DueOutcome
	told := func(o server.DueOutcome) { outcomes = append(outcomes, o) }
	if report, err := server.RunDue(t.Context(), s.Engine, server.AsOf{}, told); err != nil || report != (server.DueReport{Failed: 1}) {
		t.Errorf("%+v %v", report, err)
	}
	if len(outcomes) != 1 || !strings.Contains(outcomes[0].Message, "TERMINATE_SUBSCRIPTION/workflow.star:2") && !strings.Contains(outcomes[0].Message, "incident") {
		t.Errorf("%+v", outcomes)
	}
	if len(servertest.EndsIn(t, s.Store)) != 0 {
		t.Error("it ended")
	}
	servertest.Write(t, dir, "TERMINATE_SUBSCRIPTION/workflow.star", "def run(p):\n    return {}\n")
	if err := s.Reload(); err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	if report, err := server.RunDue(t.Context(), s.Engine, server.AsOf{}, told); err != nil || report != (server.DueReport{Done: 1}) {
		t.Errorf("mended: %+v %v", report, err)
	}
}
