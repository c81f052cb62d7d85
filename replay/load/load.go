// Package load sends recorded exchanges to a server over and over, at a rate or by a
// number of callers, and says how long the answers took and how they ended (test.md,
// "Load"). What fixtures look like and what later requests take of earlier answers is
// the business of replay; how it is shown is that of the command.
package load

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Plan says how much is asked, and for how long.
type Plan struct {
	// Rate is how many calls are due in a second, whether answers come or not (an open
	// loop). 0: each caller calls again when it has its answer (a closed loop).
	Rate float64
	// Callers is how many calls there are at a time; at a rate, how many at most.
	Callers int
	// WarmUp comes before what is counted, and lasts as long.
	WarmUp, For time.Duration
}

// Caller makes one call after the other; one goroutine at a time uses it.
type Caller interface {
	Call(ctx context.Context) Call
}

// Call is a call that was made.
type Call struct {
	Operation string // of the request, such as a hookpointKey
	Outcome   string // how it ended, such as OK
	// Expected: it ended well, or as it was recorded.
	Expected bool
	// Begun is when sending the request began, Ended when the last byte of the answer
	// was there, or it was certain that none comes.
	Begun, Ended time.Time
	// Skipped counts recorded requests that were passed over before this one, as what they
	// take of an earlier answer did not come.
	Skipped int
	Err     error // why no answer came
}

// Load is one load.
type Load struct {
	Plan
	// NewCaller makes a caller; it is called by many at a time.
	NewCaller func() Caller
	tally     tally
}

// unsent is how calls end for which there was no caller until the time was over.
const unsent = "not sent"

// pause is how long a caller of a closed loop waits that got no answer: a server that
// refuses connections would be asked by nothing else than loops.
const pause = 50 * time.Millisecond

// Run calls until the time is over or ctx is done, and waits for the answers to what was
// sent. The first call comes before all others: its error, that nobody answers, is
// Run's, and then nothing was measured. The error of a ctx that is done is none.
func (l *Load) Run(ctx context.Context) (*Result, error) {
	if l.Rate < 0 || l.Callers < 1 || l.WarmUp < 0 || l.For <= 0 {
		return nil, fmt.Errorf("a load of %g calls a second by %d callers for %s after %s cannot be", l.Rate, l.Callers, l.For, l.WarmUp)
	}
	first := l.NewCaller()
	if c := first.Call(ctx); c.Err != nil && ctx.Err() == nil {
		return nil, c.Err
	}
	from := time.Now()
	l.tally.begin(from.Add(l.WarmUp), from.Add(l.WarmUp+l.For))
	if l.Rate > 0 {
		l.open(ctx, from, first)
	} else {
		l.closed(ctx, first)
	}
	return l.tally.result(l.Plan, ctx.Err() != nil), nil
}

// SoFar is what was measured until now; nil before the first answer.
func (l *Load) SoFar() *Progress { return l.tally.soFar() }

// closed has each caller call again when it has its answer.
func (l *Load) closed(ctx context.Context, first Caller) {
	var all sync.WaitGroup
	for i := range l.Callers {
		all.Go(func() {
			c := first
			if i > 0 {
				c = l.NewCaller()
			}
			for ctx.Err() == nil && time.Now().Before(l.tally.end) {
				call := c.Call(ctx)
				l.tally.add(ctx, call, call.Begun)
				if call.Err != nil {
					_ = sleep(ctx, time.Now().Add(pause))
				}
			}
		})
	}
	all.Wait()
}

// open has a call begin whenever one is due. One that is late counts from when it was
// due: who waits for an answer before he asks again does not ask while a server stands
// still, and finds it fast.
func (l *Load) open(ctx context.Context, from time.Time, first Caller) {
	callers := &pool{make: l.NewCaller, idle: []Caller{first}, room: make(chan struct{}, l.Callers)}
	var all sync.WaitGroup
	defer all.Wait()
	until, stop := context.WithDeadline(ctx, l.tally.end)
	defer stop()
	over := false
	for n := 0; ; n++ {
		due := from.Add(time.Duration(float64(n) / l.Rate * float64(time.Second)))
		if !due.Before(l.tally.end) || sleep(until, due) != nil && ctx.Err() != nil {
			return
		}
		var c Caller
		if !over {
			c = callers.take(until)
		}
		switch {
		case ctx.Err() != nil:
			return
		case c == nil:
			over = true // what was due after it finds no caller either
			l.tally.add(ctx, Call{Outcome: unsent, Err: errUnsent, Begun: l.tally.end, Ended: l.tally.end}, due)
			continue
		}
		all.Go(func() {
			l.tally.add(ctx, c.Call(ctx), due)
			callers.give(c)
		})
	}
}

var errUnsent = errors.New("all callers waited for answers until the time was over")

// sleep waits until a time; the error is that of a ctx that is done before.
func sleep(ctx context.Context, until time.Time) error {
	rest := time.Until(until)
	if rest <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(rest)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// pool has the callers of an open loop. The one that came back last goes first, so that
// no more connections are used than must be.
type pool struct {
	make func() Caller
	room chan struct{} // a place for each caller that calls
	mu   sync.Mutex
	idle []Caller
}

// take gives a caller that is idle, or waits for one until the deadline of ctx; then it
// gives nil, also where one comes back in that moment.
func (p *pool) take(ctx context.Context) Caller {
	select {
	case p.room <- struct{}{}:
	default:
		select {
		case p.room <- struct{}{}:
			if end, ok := ctx.Deadline(); ok && !time.Now().Before(end) {
				<-p.room
				return nil
			}
		case <-ctx.Done():
			return nil
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.idle); n > 0 {
		c := p.idle[n-1]
		p.idle = p.idle[:n-1]
		return c
	}
	return p.make()
}

func (p *pool) give(c Caller) {
	p.mu.Lock()
	p.idle = append(p.idle, c)
	p.mu.Unlock()
	<-p.room
}
