package unit

import (
	"context"
	"log/slog"
	"time"

	"rator/access"
	"rator/store"
)

// Config is what a Gate is made of; all but the last four are needed.
type Config struct {
	Store  store.Store
	Guard  *access.Guard
	Behind *access.ReadBehind // audit rows of calls that changed nothing
	Log    *slog.Logger
	Now    func() time.Time // of the process; what is kept has the transaction's

	// Deadline is the time of a call from its turn on, and that of its waiting before;
	// 0 = 10 s.
	Deadline time.Duration
	Turns    TurnsConfig
	// Observe is told every call; it must not take long. nil = nobody is told.
	Observe func(*Told)
	// Sleep holds an answer back; nil = really sleep, at most until ctx ends.
	Sleep func(ctx context.Context, d time.Duration)
}

// Gate lets calls in: one for all faces of a server. Safe for concurrent use.
type Gate struct {
	Config
	quick, slow *turns
	running     running
}

// New makes a Gate.
func New(c Config) *Gate {
	if c.Deadline == 0 {
		c.Deadline = 10 * time.Second
	}
	if c.Observe == nil {
		c.Observe = func(*Told) {}
	}
	if c.Sleep == nil {
		c.Sleep = sleep
	}
	t := &c.Turns
	t.setDefaults()
	return &Gate{
		Config: c,
		quick:  newTurns(false, t.Calls, t.Waiting, t.Wait, c.Now),
		slow:   newTurns(true, t.Slow, t.Waiting, t.Wait, c.Now),
	}
}

// Quick and Slow tell how turns stand: of calls that an index or a limit bounds, and of
// the others.
func (g *Gate) Quick() TurnsState { return g.quick.state() }

// Slow is as Quick says.
func (g *Gate) Slow() TurnsState { return g.slow.state() }

// Full is a *BusyError when a call that an index or a limit bounds would not be let into
// the queue now: its face need not read it. Such a refusal is counted like any other.
func (g *Gate) Full() error { return g.quick.full() }

func (g *Gate) turns(a *Ask) *turns {
	if a.Slow {
		return g.slow
	}
	return g.quick
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
