package access

import (
	"context"
	"time"
)

// Answers to strangers are held back, so that who asks again as soon as it is answered
// asks seldom. Of so many at a time: what was sent for them is in memory meanwhile. One
// more is answered at once, and wins nothing by it, as its hash waited in a lane.
const (
	mostHeld = 2048

	// What was refused because its lane was full is held back by the first, and each
	// one by the second more than the one before, up to the third: those that are
	// refused together do not ask again together.
	refusedDelay   = 250 * time.Millisecond
	refusedStep    = 16 * time.Millisecond
	refusedLongest = 500 * time.Millisecond
)

// refusedDelayOf is how long the answer to the nth refused call is held back.
func refusedDelayOf(nth int64) time.Duration {
	return refusedDelay + time.Duration(nth)*refusedStep%(refusedLongest-refusedDelay)
}

// hold holds an answer back, at most until ctx ends.
func (g *Guard) hold(ctx context.Context, d time.Duration) {
	if g.held.Add(1) <= mostHeld && d > 0 {
		g.config.Sleep(ctx, d)
	}
	g.held.Add(-1)
}
