package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"rator/replay"
)

// Done is a replay.Sink's.
func (t *Terminal) Done(s *replay.Summary) error {
	t.groups(&t.differences, "difference")
	t.groups(&t.failures, "failure")
	t.groups(&t.unplayed, "exchange")
	operations := operationsOf(s, t.o.MaxP99)
	slow := slowest(operations)
	coverage := t.o.Coverage.Report()
	equal := s.Scenarios[replay.Equal] == sum(s.Scenarios) && !s.Unreachable
	if t.o.Verbose || t.repeated || len(slow) > 0 || !equal {
		t.latencies(operations)
	}
	if t.o.Verbose && coverage != nil {
		t.coverage(coverage)
	}
	t.totals(s, equal)
	for i := range slow {
		fmt.Fprintln(t.out, t.paint.red(fmt.Sprintf("slow: %s has a p99 of %s, more than %s", visible(slow[i].Name), brief(slow[i].P99), t.o.MaxP99)))
	}
	if coverage != nil && (t.o.Verbose || t.o.MinCoverage > 0) {
		t.coverageTotal(coverage)
	}
	return t.out.Flush()
}

func (t *Terminal) groups(g *groups, noun string) {
	for _, at := range g.order {
		fmt.Fprint(t.out, at.shown)
		if rest := at.rest(); rest != "" {
			fmt.Fprintln(t.out, "  "+t.paint.bold(rest))
		}
		fmt.Fprintln(t.out)
	}
	if g.more > 0 {
		fmt.Fprintf(t.out, "and %s of other kinds; --json FILE and --html FILE have all\n\n", count(g.more, noun))
	}
}

// maxLatencies is how many operations are shown without -v.
const maxLatencies = 10

// latencies are all operations, or those with the highest p99.
func (t *Terminal) latencies(operations []operation) {
	if len(operations) == 0 {
		return
	}
	title, left := "operation", 0
	if len(operations) > maxLatencies && !t.o.Verbose {
		left = len(operations) - maxLatencies
		operations = slices.SortedStableFunc(slices.Values(operations), func(a, b operation) int { return cmp.Compare(b.P99, a.P99) })[:maxLatencies]
		title = "slowest operations"
	}
	width := len(title)
	for i := range operations {
		width = max(width, utf8.RuneCountInString(visible(operations[i].Name)))
	}
	fmt.Fprintln(t.out, t.paint.faint(fmt.Sprintf("%-*s %9s %10s %10s %10s", width, title, "exchanges", "p50", "p99", "longest")))
	for i := range operations {
		o := &operations[i]
		line := fmt.Sprintf("%-*s %9d %10s %10s %10s", width, visible(o.Name), o.Count, brief(o.P50), brief(o.P99), brief(o.Max))
		if o.Slow {
			line = t.paint.red(line + "  slow")
		}
		fmt.Fprintln(t.out, line)
	}
	if left > 0 {
		fmt.Fprintln(t.out, t.paint.faint(fmt.Sprintf("and %d more with -v", left)))
	}
	fmt.Fprintln(t.out)
}

// totals are the last lines; one, and the only one, when all is equal.
func (t *Terminal) totals(s *replay.Summary, equal bool) {
	scenarios, exchanges := sum(s.Scenarios), sum(s.Exchanges)
	took := s.Took.Round(time.Millisecond)
	if s.Took < time.Second {
		took = s.Took.Round(10 * time.Microsecond)
	}
	played := fmt.Sprintf("%s, %s in %s", count(scenarios, "scenario"), count(exchanges, "exchange"), took)
	if equal {
		fmt.Fprintln(t.out, t.paint.green(played+": all equal"))
		return
	}
	if s.Unreachable {
		fmt.Fprintln(t.out, t.paint.red("unreachable: "+endpointOf(s)+" did not answer, or stopped to; what was played until then is above"))
	}
	parts := fmt.Sprintf("%s: %d equal, %d different, %d failed", played,
		s.Exchanges[replay.Equal], s.Exchanges[replay.Different], s.Exchanges[replay.Failed])
	if n := s.Exchanges[replay.NotPlayed]; n > 0 {
		parts += fmt.Sprintf(", %d not played", n)
	}
	parts += fmt.Sprintf("; of the scenarios %d different, %d failed", s.Scenarios[replay.Different], s.Scenarios[replay.Failed])
	if n := s.Scenarios[replay.Unfinished]; n > 0 {
		parts += fmt.Sprintf(", %d not finished", n)
	}
	fmt.Fprintln(t.out, t.paint.red(parts))
	if s.Interrupted {
		fmt.Fprintln(t.out, t.paint.red(interruption(s)))
	}
}

func sum(counts map[replay.Outcome]int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}

func (t *Terminal) coverage(c *CoverageReport) {
	width := len("hookpoint")
	for i := range c.Hookpoints {
		width = max(width, len(c.Hookpoints[i].Hookpoint))
	}
	fmt.Fprintln(t.out, t.paint.faint(fmt.Sprintf("%-*s %8s %9s %9s %9s", width, "hookpoint", "coverage", "sent", "answered", "errors")))
	never := func(what string, names []string) {
		if len(names) > 0 {
			fmt.Fprintln(t.out, t.paint.faint(fmt.Sprintf("  never %s: %s", what, visible(strings.Join(names, ", ")))))
		}
	}
	for i := range c.Hookpoints {
		h := &c.Hookpoints[i]
		if !h.Called {
			fmt.Fprintf(t.out, "%-*s    never called\n", width, visible(h.Hookpoint))
			continue
		}
		fmt.Fprintf(t.out, "%-*s %6.1f %% %9s %9s %9s\n", width, visible(h.Hookpoint), h.Percent, h.Sent.ratio(), h.Answered.ratio(), h.Errors.ratio())
		never("sent", h.Sent.Unused)
		never("answered", h.Answered.Unused)
		never("met", h.Errors.Unused)
	}
	fmt.Fprintf(t.out, "%-*s %6.1f %% %9s\n", width, "CONTEXT", c.Context.percent(), c.Context.ratio())
	never("sent", c.Context.Unused)
	fmt.Fprintln(t.out)
}

// ratio is used/of, "-" when there is nothing to use.
func (s Share) ratio() string {
	if s.Of == 0 {
		return "-"
	}
	return fmt.Sprintf("%d/%d", s.Used, s.Of)
}

func (t *Terminal) coverageTotal(c *CoverageReport) {
	called := 0
	for i := range c.Hookpoints {
		if c.Hookpoints[i].Called {
			called++
		}
	}
	line := fmt.Sprintf("coverage: %.1f %% (%s of the contracts' parts; %d of %s called)", c.Percent, c.Total.ratio(), called, count(len(c.Hookpoints), "hookpoint"))
	if c.Percent < t.o.MinCoverage {
		line += fmt.Sprintf(", less than %g %%", t.o.MinCoverage)
		if !t.o.Verbose {
			line += "; -v lists what is missing"
		}
		fmt.Fprintln(t.out, t.paint.red(line))
		return
	}
	fmt.Fprintln(t.out, line)
}
