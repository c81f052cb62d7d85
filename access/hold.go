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

	// refusedDelay holds back what was refused because its lane was full.
	refusedDelay = 250 * time.Millisecond
)

// hold holds an answer back, at most until ctx ends.
func (g *Guard) hold(ctx context.Context, d time.Duration) {
	if g.held.Add(1) <= mostHeld && d > 0 {
		g.config.Sleep(ctx, d)
	}
	g.held.Add(-1)
}
