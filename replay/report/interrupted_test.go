package report_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"rator/replay"
	"rator/replay/report"
)

// interrupted is a playing of three scenarios that ended in the second.
func interrupted() *playing {
	p := &playing{results: []*replay.Result{scenario("a", "first"), scenario("b", "second", "third"), scenario("c", "fourth")}}
	played(p.results[0], "A", time.Millisecond, nil)
	played(p.results[1], "A", time.Millisecond, nil)
	for _, r := range p.results[1:] {
		unplayed(r, "interrupted", "")
		r.Err = replay.ErrInterrupted
	}
	p.summary = finish(p.results)
	p.summary.Interrupted = true
	return p
}

// TestInterruptedRepetitions: a number of exchanges is the one that the totals say, and how
// many repetitions came is said beside it.
func TestInterruptedRepetitions(t *testing.T) {
	const far = "interrupted: 2 of 4 exchanges were played, 2 were not (with all repetitions 5 of 12); 2 scenarios not finished"
	for name, sink := range map[string]func(b *bytes.Buffer) replay.Sink{
		"terminal": func(b *bytes.Buffer) replay.Sink { return report.NewTerminal(b, report.TerminalOptions{}) },
		"junit":    func(b *bytes.Buffer) replay.Sink { return report.NewJUnit(b, report.Options{}) },
		"html":     func(b *bytes.Buffer) replay.Sink { return report.NewHTML(b, report.Options{}) },
	} {
		p := interrupted()
		p.summary.Planned, p.summary.Played = 12, 5
		var b bytes.Buffer
		p.tell(t, sink(&b))
		if !strings.Contains(b.String(), far) {
			t.Errorf("%s does not say %s:\n%s", name, far, b.String())
		}
	}
}

// TestInterruptedReports: each says that it was interrupted and how far it came, has all
// scenarios, and says nothing of all being equal.
func TestInterruptedReports(t *testing.T) {
	const far = "interrupted: 2 of 4 exchanges were played, 2 were not; 2 scenarios not finished"
	for name, c := range map[string]struct {
		sink func(b *bytes.Buffer) replay.Sink
		says []string
	}{
		"terminal": {func(b *bytes.Buffer) replay.Sink { return report.NewTerminal(b, report.TerminalOptions{}) },
			[]string{far, "3 scenarios, 4 exchanges", "2 equal, 0 different, 0 failed, 2 not played", "2 not finished"}},
		"verbose": {func(b *bytes.Buffer) replay.Sink {
			return report.NewTerminal(b, report.TerminalOptions{Verbose: true})
		},
			[]string{far, "b not finished", "02-third                       not played, interrupted", "c not finished"}},
		"junit": {func(b *bytes.Buffer) replay.Sink { return report.NewJUnit(b, report.Options{}) },
			[]string{`message="` + far, `tests="7" failures="0" errors="1" skipped="4"`, `<skipped message="not finished: interrupted">`, `<skipped message="not played, interrupted">`, `<testsuite name="c"`}},
		"json": {func(b *bytes.Buffer) replay.Sink { return report.NewJSON(b, report.Options{}) },
			[]string{`"interrupted":true`, `"planned":4,"played":2`, `"name":"c"`, `"outcome":"not finished"`, `"not_played":["02-third"]`, `"why_not_played":{"02-third":"interrupted"}`, `"not_finished":2`}},
		"html": {func(b *bytes.Buffer) replay.Sink { return report.NewHTML(b, report.Options{}) },
			[]string{far, "<h1>Interrupted</h1>", `<span class="badge not-finished">not finished</span><span class="name">c</span>`, "<li>02-third <small>interrupted</small></li>"}},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			interrupted().tell(t, c.sink(&b))
			for _, want := range c.says {
				if !strings.Contains(b.String(), want) {
					t.Errorf("it does not say %s:\n%s", want, b.String())
				}
			}
			if strings.Contains(strings.ToLower(b.String()), "all equal") {
				t.Errorf("all is equal:\n%s", b.String())
			}
		})
	}
}
