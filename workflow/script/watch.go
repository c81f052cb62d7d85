package script

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"rator/failure"
)

// watch bounds the time of a running script. What a script does is measured by steps,
// bytes and calls, which come out the same on every machine and under every load; time
// is a second net, for what its calls take that nobody counted.
//
// Only the processor's time is the script's. Waiting is not, for the store, for a
// password that is checked elsewhere, or for a turn on a machine where many want one:
// what a call waits is bounded by its deadline, and that is no fault of its workflow. As
// the processor's time is dear to ask for, a run pays for it only when it has lasted as
// long as it may take. What it took before that is not known and not counted.
type watch struct {
	wall time.Duration
	ctx  context.Context // nil = no deadline
	now  func() time.Time
	cpu  func() time.Duration

	started time.Time
	base    time.Duration // of cpu when it was asked for first
	asked   bool          // then the goroutine stays on its thread, whose time it is
}

// watch begins to count.
func (rt *Runtime) watch(wall time.Duration) *watch {
	w := &watch{wall: wall, ctx: rt.Ctx, now: rt.Passing, cpu: rt.Processor}
	if w.now == nil {
		w.now = time.Now
	}
	if w.cpu == nil {
		w.cpu = threadTime
	}
	w.started = w.now()
	return w
}

// check tells whether the script must stop: because of what it took, or with
// failure.TryAgain because the call's time is over.
func (w *watch) check() error {
	if w == nil {
		return nil
	}
	if w.ctx != nil && errors.Is(w.ctx.Err(), context.DeadlineExceeded) {
		return failure.TryAgain.Because(fmt.Errorf("the call's time was over before its workflow was: %w", w.ctx.Err()))
	}
	if w.now().Sub(w.started) < w.wall {
		return nil
	}
	if !w.asked {
		w.asked = true
		runtime.LockOSThread()
		w.base = w.cpu()
	}
	if w.cpu()-w.base >= w.wall {
		return errors.New(tooLong)
	}
	return nil
}

// end lets the goroutine go to other threads again.
func (w *watch) end() {
	if w.asked {
		runtime.UnlockOSThread()
	}
}
