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
// was interrupted: then the sink has what was played to the end.
func (p *Player) Play(ctx context.Context, scenarios []*fixture.Scenario) (*Summary, error) {
	total := newTotals(p.Target.Endpoint())
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
				close(results[i]) // the telling ends here
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
			r, played := <-results[i]
			if !played || inside.Err() != nil && errors.Is(r.Err, context.Canceled) {
				return inside.Err()
			}
			total.add(r)
			if err := p.Sink.Played(r); err != nil {
				return err
			}
			results[i] = nil
			<-slots
		}
		return nil
	})
	err := group.Wait()
	summary := total.summary()
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

// merge adds a repetition.
func (r *Result) merge(next *Result) {
	if r.Err == nil {
		r.Err = next.Err
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
		if have.Outcome == Equal && x.Outcome != Equal {
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
