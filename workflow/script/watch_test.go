package script

import (
	"testing"
	"time"
)

// TestWatchAfterAStall: a tick that comes late counts as two, so that a standstill of
// the whole process does not use up the time.
func TestWatchAfterAStall(t *testing.T) {
	w := newBudget().watch(time.Hour)
	defer w.end()
	w.mu.Lock()
	w.left, w.last = 250*time.Millisecond, time.Now().Add(-10*time.Second)
	w.mu.Unlock()
	w.tick()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.left < 200*time.Millisecond || w.budget.expired {
		t.Errorf("%v are left", w.left)
	}
}
