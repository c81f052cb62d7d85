package replay_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/replay"
)

// interrupted plays until the service has been asked a number of times, and interrupts
// it while that answer is waited for.
func interrupted(t *testing.T, at int64, p replay.Player, files map[string]string) (*sink, error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var calls atomic.Int64
	var c counter
	p.Target = remote(t, func(w http.ResponseWriter, r *http.Request) {
		if calls.Add(1) >= at {
			io.ReadAll(r.Body) // then the server notices who hangs up
			cancel()
			<-r.Context().Done()
			return
		}
		c.serve(w, r)
	})
	s := &sink{}
	p.Sink = s
	_, err := p.Play(ctx, suite(t, files))
	if !errors.Is(err, context.Canceled) || s.summary == nil {
		t.Fatalf("%v %+v", err, s.summary)
	}
	return s, err
}

// TestInterruption: what was played to the end is told, and what was not too.
func TestInterruption(t *testing.T) {
	files := map[string]string{}
	for _, name := range []string{"a/01", "b/01", "b/02", "b/03", "c/01"} {
		files[name+"-a.request.xml"], files[name+"-a.response.xml"] = "<a/>", "<echo><a/></echo>"
	}
	s, _ := interrupted(t, 3, replay.Player{}, files)
	want := []string{
		"a/01-a a equal",
		"b/01-a a equal", "b/02-a a not played interrupted before its answer came", "b/03-a  not played interrupted", "b: interrupted",
		"c/01-a  not played interrupted", "c: interrupted",
	}
	if d := cmp.Diff(want, lines(s)); d != "" {
		t.Error(d)
	}
	x := s.summary
	if !x.Interrupted || x.Unreachable || x.Misused || x.Planned != 5 || x.Played != 2 {
		t.Errorf("%+v", x)
	}
	if d := cmp.Diff(map[replay.Outcome]int{replay.Equal: 1, replay.Unfinished: 2}, x.Scenarios); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(map[replay.Outcome]int{replay.Equal: 2, replay.NotPlayed: 3}, x.Exchanges); d != "" {
		t.Error(d)
	}
}

// TestInterruptedRepetitions: the scenario is not finished, and what was equal until
// then was.
func TestInterruptedRepetitions(t *testing.T) {
	s, _ := interrupted(t, 7, replay.Player{Repeat: 100}, map[string]string{
		"a/01-a.request.xml": "<a/>", "a/01-a.response.xml": "<echo><a/></echo>",
		"a/02-b.request.xml": "<b/>", "a/02-b.response.xml": "<echo><b/></echo>",
	})
	r := s.results[0]
	if r.Outcome() != replay.Unfinished || r.Exchanges[0].Outcome != replay.Equal || r.Exchanges[1].Latency.Count != 3 {
		t.Errorf("%s %+v", r.Outcome(), r.Exchanges)
	}
	if s.summary.Played != 6 || s.summary.Planned != 200 || s.summary.Scenarios[replay.Unfinished] != 1 {
		t.Errorf("%+v", s.summary)
	}
}

// TestInterruptedJobs: each scenario is told, in its order.
func TestInterruptedJobs(t *testing.T) {
	files := map[string]string{}
	names := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"}
	for _, name := range names {
		files[name+"/01-a.request.xml"], files[name+"/01-a.response.xml"] = "<a/>", "<echo><a/></echo>"
	}
	s, _ := interrupted(t, 5, replay.Player{Jobs: 3}, files)
	if len(s.results) != len(names) {
		t.Fatalf("%d results", len(s.results))
	}
	for i, r := range s.results {
		if r.Scenario.Name != names[i] || len(r.Exchanges) != 1 || r.Outcome() != replay.Equal && r.Outcome() != replay.Unfinished {
			t.Errorf("%s %s %d", r.Scenario.Name, r.Outcome(), len(r.Exchanges))
		}
	}
	if n := s.summary.Scenarios; n[replay.Equal] != s.summary.Played || n[replay.Equal]+n[replay.Unfinished] != len(names) || n[replay.Unfinished] < 8 {
		t.Errorf("%+v", s.summary)
	}
}
