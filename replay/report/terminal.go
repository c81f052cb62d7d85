package report

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"rator/replay"
	"rator/replay/compare"
)

// TerminalOptions say how the text for a tester looks.
type TerminalOptions struct {
	Options
	Colour  bool // see UseColour
	Verbose bool // every exchange with its latency and what was replaced in it
}

// UseColour reports whether text for a stream is coloured: it is for a terminal,
// unless NO_COLOR is set to anything (no-color.org) or the terminal is dumb.
func UseColour(terminal bool, getenv func(string) string) bool {
	return terminal && getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"
}

// Terminal is a replay.Sink that writes what a tester reads: the differences, those
// that are alike as one, what failed, the totals. Nothing but one line when all is
// equal. It keeps one example of each kind of difference until the playing is done.
type Terminal struct {
	out         *bufio.Writer
	o           TerminalOptions
	paint       painter
	differences groups
	failures    groups
	unplayed    groups
	repeated    bool
}

// NewTerminal writes to w.
func NewTerminal(w io.Writer, o TerminalOptions) *Terminal {
	return &Terminal{out: bufio.NewWriter(w), o: o, paint: painter(o.Colour)}
}

// Played is a replay.Sink's.
func (t *Terminal) Played(r *replay.Result) error {
	scenario := r.Scenario.Name
	played, unplayed := parted(r)
	for _, x := range played {
		t.repeated = t.repeated || x.Latency.Count > 1
		for j := range x.Differences {
			d := &x.Differences[j]
			t.differences.add(likeness(d), scenario, func() string { return t.difference(r, x, d) })
		}
		if x.Err != nil {
			t.failures.add(x.Err.Error(), scenario, func() string {
				return t.failure(r, x.Step.Label(), x.Operation, x.Err)
			})
		}
	}
	if r.Err != nil && unfinished(r) == "" && !failedAlready(r) {
		t.failures.add(r.Err.Error(), scenario, func() string { return t.failure(r, "", "", r.Err) })
	}
	t.notPlayed(r, unplayed)
	if t.o.Verbose {
		t.verbose(r)
		return t.out.Flush()
	}
	return nil
}

// notPlayed tells the exchanges that one step is the cause of, as one.
func (t *Terminal) notPlayed(r *replay.Result, unplayed []*replay.Exchange) {
	byCause := map[string][]*replay.Exchange{}
	for _, x := range unplayed {
		if x.Cause != "" {
			byCause[x.Cause] = append(byCause[x.Cause], x)
		}
	}
	for _, cause := range slices.Sorted(maps.Keys(byCause)) {
		of := byCause[cause]
		t.unplayed.add(of[0].Why, r.Scenario.Name, func() string {
			var b strings.Builder
			fmt.Fprintln(&b, t.paint.bold(fmt.Sprintf("%s: %s not played, which need what step %s was to give", visible(r.Scenario.Name), count(len(of), "exchange"), visible(cause))))
			for _, x := range of[:min(len(of), maxUnplayed)] {
				fmt.Fprintf(&b, "  %-30s %s\n", visible(x.Step.Label()), visible(x.Why))
			}
			if more := len(of) - maxUnplayed; more > 0 {
				fmt.Fprintf(&b, "  and %d more\n", more)
			}
			return b.String()
		})
	}
}

// maxUnplayed is how many exchanges are named that one step is the cause of.
const maxUnplayed = 10

// difference is a difference as a block of lines: its place, what is expected and
// what came, and the lines of the expected file around it.
func (t *Terminal) difference(r *replay.Result, x *replay.Exchange, d *compare.Difference) string {
	var b strings.Builder
	head := visible(place(r.Scenario, &x.Step, d)) + ": "
	fmt.Fprintf(&b, "%s%s\n", t.paint.bold(head), t.paint.bold(statement(d)))
	if x.Operation != "" {
		fmt.Fprintf(&b, "  in        %s\n", visible(x.Operation))
	}
	want, got := inWords(d, 300)
	fmt.Fprintf(&b, "  expected  %s\n  actual    %s\n", t.paint.green(want), t.paint.red(got))
	if d.Kind == compare.Status || d.Kind == compare.Header {
		return b.String()
	}
	for _, l := range excerpt(string(x.Want), d.Line, d.Column) {
		if !l.Marked {
			fmt.Fprintln(&b, t.paint.faint(fmt.Sprintf("    %5d | %s", l.Number, l.Text)))
			continue
		}
		fmt.Fprintln(&b, t.paint.yellow(fmt.Sprintf("  > %5d | %s", l.Number, l.Text)))
		if d.Column > 0 {
			fmt.Fprintln(&b, t.paint.yellow("          | "+strings.Repeat(" ", l.Caret)+"^"))
		}
	}
	return b.String()
}

func (t *Terminal) failure(r *replay.Result, step, operation string, err error) string {
	where := r.Scenario.Name
	if step != "" {
		where += "/" + step
	}
	if operation != "" {
		where += " (" + operation + ")"
	}
	return fmt.Sprintf("%s\n  %s\n", t.paint.bold(visible(where)+": failed"),
		strings.ReplaceAll(visibleLines(err.Error()), "\n", "\n  "))
}

// verbose is a scenario with all its exchanges.
func (t *Terminal) verbose(r *replay.Result) {
	fmt.Fprintf(t.out, "%s %s in %s\n", t.paint.bold(visible(r.Scenario.Name)), t.outcome(r.Outcome()), brief(r.Took))
	for i := range r.Exchanges {
		x := &r.Exchanges[i]
		if x.Outcome == replay.NotPlayed {
			fmt.Fprintf(t.out, "  %-30s not played, %s\n", visible(x.Step.Label()), visible(x.Why))
			continue
		}
		fmt.Fprintf(t.out, "  %-30s %-36s %s %9s%s\n", visible(x.Step.Label()), visible(x.Operation), t.outcome(x.Outcome),
			brief(average(&x.Latency)), repetitions(&x.Latency))
		for j := range x.Replaced {
			p := &x.Replaced[j]
			fmt.Fprintf(t.out, "    %s → %s (%s)\n", visible(cut(p.Recorded, 100)), visible(cut(live(p), 100)), visible(p.Why))
		}
	}
}

func repetitions(l *replay.Latency) string {
	if l.Count < 2 {
		return ""
	}
	return fmt.Sprintf(" on average of %d, %s to %s", l.Count, brief(l.Min), brief(l.Max))
}

func (t *Terminal) outcome(o replay.Outcome) string {
	text := fmt.Sprintf("%-9s", o)
	switch o {
	case replay.Equal:
		return t.paint.green(text)
	case replay.Different, replay.Unfinished:
		return t.paint.yellow(text)
	}
	return t.paint.red(text)
}
