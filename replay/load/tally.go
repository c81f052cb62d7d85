package load

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"rator/replay"
)

// Result is what was measured.
type Result struct {
	Plan
	// Took is from the beginning of what is counted to its end, or to the last answer
	// that was counted.
	Took time.Duration
	All  Operation
	// Operations are in the order of their names.
	Operations []Operation
	Outcomes   []Outcome // the most frequent first
	// Late is how long after they were due calls were sent, at a rate.
	Late replay.Histogram
	// Skipped counts recorded requests that were not sent, as what they take of an
	// earlier answer did not come.
	Skipped int
	// Interrupted says that it ended before its time; Unanswered is how many answers
	// nobody waited for then.
	Interrupted bool
	Unanswered  int
	// Answered is how many calls got an answer, of whatever kind.
	Answered int
}

// Operation is how long the calls of an operation took.
type Operation struct {
	Name   string // "" = all
	Errors int
	replay.Histogram
}

// Outcome is how calls ended.
type Outcome struct {
	Name  string
	Calls int
	// Errors of them were errors where the recorded answer is none, or another.
	Errors int
}

// PerSecond is how many calls ended in a second.
func (r *Result) PerSecond() float64 {
	if r.Took <= 0 {
		return 0
	}
	return float64(r.All.Count) / r.Took.Seconds()
}

// Progress is what was measured until now.
type Progress struct {
	Warming        bool
	Gone, Left     time.Duration // of warming up and what is counted, together
	Calls, Errors  int
	Rate           float64
	Median, Slowly time.Duration // p50 and p99
}

// tally counts calls. Safe for concurrent use, once it has begun.
type tally struct {
	start, from, end time.Time

	mu         sync.Mutex
	last       time.Time
	all        Operation
	operations map[string]*Operation
	outcomes   map[string]*Outcome
	late       replay.Histogram
	skipped    int
	unanswered int
	answered   int
}

func (t *tally) begin(from, end time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.start, t.from, t.end = time.Now(), from, end
	t.operations, t.outcomes = map[string]*Operation{}, map[string]*Outcome{}
}

// add counts a call that was due at a time, unless that was while warming up. The
// answer that nobody waits for any more, as ctx is done, is none.
func (t *tally) add(ctx context.Context, c Call, due time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case due.Before(t.from):
		return
	case c.Err != nil && ctx.Err() != nil:
		t.unanswered++
		return
	}
	if c.Ended.After(t.last) {
		t.last = c.Ended
	}
	if c.Err == nil {
		t.answered++
	}
	t.skipped += c.Skipped
	t.late.Add(c.Begun.Sub(due))
	o := t.operations[c.Operation]
	if o == nil {
		o = &Operation{Name: c.Operation}
		t.operations[c.Operation] = o
	}
	for _, of := range []*Operation{&t.all, o} {
		of.Add(c.Ended.Sub(due))
		if !c.Expected {
			of.Errors++
		}
	}
	out := t.outcomes[c.Outcome]
	if out == nil {
		out = &Outcome{Name: c.Outcome}
		t.outcomes[c.Outcome] = out
	}
	out.Calls++
	if !c.Expected {
		out.Errors++
	}
}

// soFar is nil before it has begun.
func (t *tally) soFar() *Progress {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.start.IsZero() {
		return nil
	}
	now := time.Now()
	p := &Progress{
		Warming: now.Before(t.from), Gone: now.Sub(t.start), Left: max(t.end.Sub(now), 0),
		Calls: t.all.Count, Errors: t.all.Errors, Median: t.all.Quantile(0.5), Slowly: t.all.Quantile(0.99),
	}
	if took := now.Sub(t.from); took > 0 {
		p.Rate = float64(p.Calls) / took.Seconds()
	}
	return p
}

func (t *tally) result(plan Plan, interrupted bool) *Result {
	t.mu.Lock()
	defer t.mu.Unlock()
	end := t.end
	if interrupted {
		end = time.Now()
	}
	if t.last.After(end) {
		end = t.last
	}
	r := &Result{Plan: plan, Took: max(end.Sub(t.from), 0), All: t.all, Late: t.late, Skipped: t.skipped, Interrupted: interrupted, Unanswered: t.unanswered, Answered: t.answered}
	for _, o := range t.operations {
		r.Operations = append(r.Operations, *o)
	}
	slices.SortFunc(r.Operations, func(a, b Operation) int { return cmp.Compare(a.Name, b.Name) })
	for _, o := range t.outcomes {
		r.Outcomes = append(r.Outcomes, *o)
	}
	slices.SortFunc(r.Outcomes, func(a, b Outcome) int {
		return cmp.Or(cmp.Compare(b.Calls, a.Calls), cmp.Compare(a.Name, b.Name))
	})
	return r
}
