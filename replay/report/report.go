// Package report shows results: to a tester at a terminal, as JUnit XML to what
// builds, as JSON to scripts, and as one HTML file to everybody (replay.md
// "Replay"). Each of these is a replay.Sink that writes what it is told at once or
// into a scratch file, so that memory does not grow with the number of exchanges.
// Coverage counts which parts of the contracts a playing used.
//
// What is written depends on the results alone, and holds none of the clock.
package report

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"time"

	"rator/replay"
	"rator/replay/compare"
	"rator/replay/fixture"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// Options are what all reports have in common. The zero value shows everything and
// judges nothing.
type Options struct {
	// MaxP99 is the longest p99 that an operation may have; 0 = any.
	MaxP99 time.Duration
	// Coverage is shown when it knows a contract of what was played. It is read when
	// the playing is done.
	Coverage *Coverage
	// MinCoverage is the least percentage; 0 = any.
	MinCoverage float64
}

// place is where a difference is, as file:line; the column helps only where a
// whole message is one line.
func place(s *fixture.Scenario, step *fixture.Step, d *compare.Difference) string {
	file := expectedFile(s, step, d.Kind)
	switch {
	case d.Line == 0:
		return file
	case d.Column == 0:
		return fmt.Sprintf("%s:%d", file, d.Line)
	}
	return fmt.Sprintf("%s:%d:%d", file, d.Line, d.Column)
}

// expectedFile is the file that says what is expected.
func expectedFile(s *fixture.Scenario, step *fixture.Step, kind compare.Kind) string {
	base := step.Response
	if (kind == compare.Status || kind == compare.Header) && step.HTTP != "" {
		base = step.HTTP
	}
	if base == "" {
		base = step.Request
	}
	return slashed(s.File(base))
}

// slashed makes reports alike on every system.
func slashed(file string) string { return path.Clean(filepath.ToSlash(file)) }

// endpointOf names who should have answered.
func endpointOf(s *replay.Summary) string { return cmp.Or(visible(s.Endpoint), "the server") }

// parted are the exchanges that were played, and those that were not.
func parted(r *replay.Result) (played, unplayed []*replay.Exchange) {
	for i := range r.Exchanges {
		if x := &r.Exchanges[i]; x.Outcome == replay.NotPlayed {
			unplayed = append(unplayed, x)
		} else {
			played = append(played, x)
		}
	}
	return played, unplayed
}

// failedAlready reports whether a scenario ended for what one of its exchanges says.
func failedAlready(r *replay.Result) bool {
	for i := range r.Exchanges {
		if err := r.Exchanges[i].Err; err != nil && err.Error() == r.Err.Error() {
			return true
		}
	}
	return false
}

// unfinished says how a scenario was interrupted; "" when it was not.
func unfinished(r *replay.Result) string {
	if !errors.Is(r.Err, replay.ErrInterrupted) {
		return ""
	}
	return "not finished: interrupted"
}

// interruption says how much of an interrupted playing was played: exchanges, as the
// totals count them, and with --repeat how often.
func interruption(s *replay.Summary) string {
	all, not := sum(s.Exchanges), s.Exchanges[replay.NotPlayed]
	repeated := ""
	if s.Planned != all {
		repeated = fmt.Sprintf(" (with all repetitions %d of %d)", s.Played, s.Planned)
	}
	return fmt.Sprintf("interrupted: %d of %s were played, %d were not%s; %s not finished",
		all-not, count(all, "exchange"), not, repeated, count(s.Scenarios[replay.Unfinished], "scenario"))
}

// live is what was sent for a recorded value; not what is a secret by the name
// that the reason gives.
func live(p *replay.Replacement) string {
	name := p.Why
	for i := len(name) - 1; i >= 0; i-- {
		if c := name[i]; c == ' ' || c == '{' || c == ':' {
			name = name[i+1:]
			break
		}
	}
	for name != "" && name[len(name)-1] == '}' {
		name = name[:len(name)-1]
	}
	return contract.Mask(nil, value.Tree{value.OfString(name, p.Live)})[0].Text
}

// What a kind of difference is called in a sentence.
var kindTexts = map[compare.Kind]string{
	compare.Missing: "is missing",
	compare.Extra:   "is not expected",
	compare.Name:    "is another element",
	compare.Type:    "has another type",
	compare.Value:   "has another value",
	compare.Null:    "is null on one side only",
	compare.Status:  "another HTTP status",
	compare.Header:  "another HTTP header",
}

func kindText(k compare.Kind) string {
	if text := kindTexts[k]; text != "" {
		return text
	}
	return visible(string(k))
}

// statement is a difference in one line.
func statement(d *compare.Difference) string {
	switch {
	case d.Path == "" || d.Kind == compare.Status:
		return kindText(d.Kind)
	case d.Kind == compare.Header:
		return kindText(d.Kind) + " " + visible(d.Path)
	}
	return visible(d.Path) + " " + kindText(d.Kind)
}

// inWords are the two values of a difference, where there is none too.
func inWords(d *compare.Difference, max int) (want, got string) {
	want, got = pair(d.Want, d.Got, max)
	missing := func(absent bool) string {
		switch {
		case absent:
			return "(nothing)"
		case d.Kind == compare.Null:
			return "(null or empty)"
		}
		return "(empty)"
	}
	return cmp.Or(want, missing(d.Kind == compare.Extra)), cmp.Or(got, missing(d.Kind == compare.Missing))
}

// average of a latency; 0 when there is none.
func average(l *replay.Latency) time.Duration {
	if l.Count == 0 {
		return 0
	}
	return l.Sum / time.Duration(l.Count)
}

// brief is a duration in three digits or so: 870µs, 12.3ms, 4.56s.
func brief(d time.Duration) string {
	switch {
	case d >= 10*time.Second:
		return d.Round(100 * time.Millisecond).String()
	case d >= time.Second:
		return d.Round(10 * time.Millisecond).String()
	case d >= 100*time.Millisecond:
		return d.Round(time.Millisecond).String()
	case d >= time.Millisecond:
		return d.Round(10 * time.Microsecond).String()
	case d >= time.Microsecond:
		return d.Round(time.Microsecond).String()
	}
	return d.String()
}

// count is a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
