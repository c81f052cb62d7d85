package unit

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"

	"rator/failure"
)

// TurnsConfig bounds how many calls run at a time, and how long others wait for that.
type TurnsConfig struct {
	Calls   int           // running at a time; 0 = 64 for each core
	Slow    int           // of these, such that neither an index nor a limit bounds; 0 = one less than there are cores, at least 1
	Waiting int           // for their turn; 0 = 1,024
	Wait    time.Duration // longest wait for a turn; 0 = 2 s
}

// BusyError says that a call was refused because too many came before it. Nothing of it
// was done. It matches failure.TryAgain.
type BusyError struct {
	Most int  // calls that may wait
	Slow bool // calls that look at everything are meant
}

func (e *BusyError) Error() string {
	what := "calls"
	if e.Slow {
		what = "calls that look at everything"
	}
	return fmt.Sprintf("too many %s wait for their turn", what)
}

// Unwrap is the failure that callers are told.
func (e *BusyError) Unwrap() error { return failure.TryAgain.With("%s", e.Error()) }

// turns let calls run, a number at a time, in the order in which they came. Who would
// wait too long is refused at once: by how long calls took of late, and how many are
// before him.
type turns struct {
	slow bool
	most int // running
	room int // waiting
	wait time.Duration
	now  func() time.Time

	mu      sync.Mutex
	running int
	queue   []*waiter // in order; those that left are nil
	waiting int
	took    time.Duration // of a call from its turn on, of late
	refused int64
}

// waiter is a call in the queue.
type waiter struct {
	turn chan struct{} // closed when the turn has come
}

// slowAtFirst is what a call that looks at everything is taken to take before any did:
// those that come first are not all let into the queue.
const slowAtFirst = 50 * time.Millisecond

func newTurns(slow bool, running, waiting int, wait time.Duration, now func() time.Time) *turns {
	t := &turns{slow: slow, most: running, room: waiting, wait: wait, now: now}
	if slow {
		t.took = slowAtFirst
	}
	return t
}

func (c *TurnsConfig) setDefaults() {
	if c.Calls <= 0 {
		c.Calls = 64 * runtime.GOMAXPROCS(0)
	}
	if c.Slow <= 0 {
		c.Slow = max(1, runtime.GOMAXPROCS(0)-1)
	}
	if c.Waiting <= 0 {
		c.Waiting = 1024
	}
	if c.Wait <= 0 {
		c.Wait = 2 * time.Second
	}
}

// take gets a turn, which is to be given back; more than once is once. It is a
// *BusyError when the turn would not come in time, or does not.
func (t *turns) take(ctx context.Context) (give func(), err error) {
	return t.turn(ctx, t.wait, false)
}

// again is take for a call that has begun: it is not refused, and waits until ctx ends.
func (t *turns) again(ctx context.Context) (give func(), err error) { return t.turn(ctx, 0, true) }

// turn gets a turn within most, 0 = however long it takes.
func (t *turns) turn(ctx context.Context, most time.Duration, begun bool) (give func(), err error) {
	w, err := t.line(begun)
	if err != nil {
		return nil, err
	}
	if w != nil {
		if most > 0 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, most)
			defer cancel()
		}
		select {
		case <-w.turn:
		case <-ctx.Done():
			if err := t.leave(w); err != nil {
				return nil, err
			}
		}
	}
	began := t.now()
	return sync.OnceFunc(func() { t.give(began) }), nil
}

// line takes a turn when one is free, else it lines up. It fails when the wait would be
// too long, but for a call that has begun.
func (t *turns) line(begun bool) (*waiter, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.running < t.most && t.waiting == 0 {
		t.running++
		return nil, nil
	}
	if !begun {
		if err := t.refusal(); err != nil {
			return nil, err
		}
	}
	w := &waiter{turn: make(chan struct{})}
	t.queue = append(t.queue, w)
	t.waiting++
	return w, nil
}

// full is what take would fail with at once.
func (t *turns) full() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.running < t.most && t.waiting == 0 {
		return nil
	}
	return t.refusal()
}

// refusal is a *BusyError, counted, when who lines up now would wait too long.
func (t *turns) refusal() error {
	expected := t.took * time.Duration(t.waiting+1) / time.Duration(t.most)
	if t.waiting < t.room && expected <= t.wait {
		return nil
	}
	t.refused++
	return &BusyError{Most: t.room, Slow: t.slow}
}

// leave gives up waiting; it is nil when the turn has come all the same.
func (t *turns) leave(w *waiter) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, other := range t.queue {
		if other == w {
			t.queue[i] = nil
			t.waiting--
			t.refused++
			return &BusyError{Most: t.room, Slow: t.slow}
		}
	}
	return nil
}

// give hands the turn to who waits longest.
func (t *turns) give(began time.Time) {
	took := t.now().Sub(began)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.took += (took - t.took) / 16
	for len(t.queue) > 0 {
		w := t.queue[0]
		t.queue[0] = nil
		t.queue = t.queue[1:]
		if w != nil {
			t.waiting--
			close(w.turn)
			return
		}
	}
	t.running--
}

// TurnsState is how the turns of a class stand.
type TurnsState struct {
	Running, Waiting int
	Refused          int64 // since the start
}

func (t *turns) state() TurnsState {
	t.mu.Lock()
	defer t.mu.Unlock()
	return TurnsState{t.running, t.waiting, t.refused}
}
