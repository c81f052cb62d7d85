package replay

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"rator/replay/fixture"
)

// Player plays scenarios. Its zero value with a Target and a Sink plays each once,
// one after the other.
type Player struct {
	Target Target
	Sink   Sink
	// Variables go over those of the scenarios.
	Variables map[string]string
	Jobs      int // scenarios at a time; 0 = 1
	Repeat    int // times that each is played; 0 = 1
	// Observe is told of every exchange that got an answer; it is called by many at a
	// time. nil: nobody wants to know.
	Observe Observer
	// Answered is told of every exchange that was not equal and has got an answer:
	// --update writes the new expectation here.
	Answered func(a *Answer) error
	// Progress is told how many exchanges are done, and how many of them were not
	// equal. It is called by many at a time.
	Progress func(done, bad int)
}

// Play plays scenarios and tells the sink of each in their order, however many are
// played at a time; not more than a few results wait for their turn. What goes
// wrong in a scenario is in its result; the error is the sink's, or ctx's when it
// was interrupted: then the sink is told of the scenarios that were not finished, or
// not begun, too. Without a summary the error joins mistakes in the fixtures, of kind
// *fixture.Error, and nothing was sent.
func (p *Player) Play(ctx context.Context, scenarios []*fixture.Scenario) (*Summary, error) {
	if err := p.check(scenarios); err != nil {
		return nil, err
	}
	planned := 0
	for _, s := range scenarios {
		planned += s.Exchanges() * max(p.Repeat, 1)
	}
	total := newTotals(p.Target.Endpoint(), planned)
	jobs := max(p.Jobs, 1)
	// A slot is taken before a scenario begins and given back when its result was
	// told: that bounds what waits behind a slow one.
	slots := make(chan struct{}, 4*jobs)
	results := make([]chan *Result, len(scenarios))
	for i := range results {
		results[i] = make(chan *Result, 1)
	}
	group, inside := errgroup.WithContext(ctx)
	group.Go(func() error {
		playing := errgroup.Group{}
		playing.SetLimit(jobs)
		defer playing.Wait()
		for i, s := range scenarios {
			select {
			case slots <- struct{}{}:
			case <-inside.Done():
			}
			if inside.Err() != nil {
				for _, r := range results[i:] {
					close(r)
				}
				return inside.Err()
			}
			playing.Go(func() error {
				results[i] <- p.playAll(inside, s, total)
				return nil
			})
		}
		return nil
	})
	group.Go(func() error {
		for i := range scenarios {
			r, begun := <-results[i]
			if !begun {
				r = p.unplayed(scenarios[i], total)
			}
			total.add(r)
			if err := p.Sink.Played(r); err != nil {
				return err
			}
			if results[i] = nil; begun {
				<-slots
			}
		}
		return nil
	})
	err := group.Wait()
	summary := total.summary()
	if err == nil && summary.Interrupted {
		err = context.Cause(ctx)
	}
	return summary, errors.Join(err, p.Sink.Done(summary))
}

// playAll plays one scenario as often as it is wanted and puts the repetitions
// together.
func (p *Player) playAll(ctx context.Context, s *fixture.Scenario, total *totals) *Result {
	all := &Result{Scenario: s, Started: time.Now()}
	kept := p.keep()
	for n := range max(p.Repeat, 1) {
		run := playing{Player: p, scenario: s, repetition: n + 1, total: total, kept: kept}
		r := run.play(ctx)
		all.merge(r)
		if r.Err != nil {
			break
		}
	}
	all.Took = time.Since(all.Started)
	return all
}

// unplayed is a scenario that was not begun.
func (p *Player) unplayed(s *fixture.Scenario, total *totals) *Result {
	r := &Result{Scenario: s, Started: time.Now(), Err: ErrInterrupted}
	(&playing{Player: p, scenario: s, total: total}).rest(r)
	return r
}

// merge adds a repetition. What it was too late for stays as it was.
func (r *Result) merge(next *Result) {
	if r.Err == nil {
		r.Err, r.Variables = next.Err, next.Variables
	}
	for i := range next.Exchanges {
		x := &next.Exchanges[i]
		if i >= len(r.Exchanges) {
			r.Exchanges = append(r.Exchanges, *x)
			continue
		}
		have := &r.Exchanges[i]
		sum := have.Latency
		sum.merge(x.Latency)
		late := x.Outcome == NotPlayed && errors.Is(next.Err, ErrInterrupted)
		if have.Outcome == Equal && x.Outcome != Equal && !late {
			started := have.Started
			*have = *x
			have.Started = started
		}
		have.Latency = sum
	}
}

func (l *Latency) merge(o Latency) {
	if o.Count == 0 {
		return
	}
	if l.Count == 0 || o.Min < l.Min {
		l.Min = o.Min
	}
	l.Max = max(l.Max, o.Max)
	l.Count += o.Count
	l.Sum += o.Sum
}
