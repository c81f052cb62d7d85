package script

import (
	"sync"
	"time"
)

// tick is how often the time of a running script is counted.
const tick = 10 * time.Millisecond

// watch counts the time of a running script and expires its budget. Only time in
// which this process ran counts: on a machine that has no turn for it, a tick comes
// late and counts as two. A script that did nothing wrong must not be stopped
// because of its neighbours.
type watch struct {
	budget *budget

	mu    sync.Mutex
	timer *time.Timer
	left  time.Duration
	last  time.Time
	ended bool
}

// watch begins to count; the budget expires after wall.
func (b *budget) watch(wall time.Duration) *watch {
	w := &watch{budget: b, left: wall, last: time.Now()}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(min(tick, wall), w.tick)
	return w
}

func (w *watch) tick() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return
	}
	now := time.Now()
	w.left -= min(now.Sub(w.last), 2*tick)
	w.last = now
	if w.left <= 0 {
		w.budget.expire()
		return
	}
	w.timer.Reset(min(tick, w.left))
}

func (w *watch) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
	w.timer.Stop()
}
