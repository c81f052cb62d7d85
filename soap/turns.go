package soap

import (
	"context"
	"sync/atomic"
)

// turns let a number of calls run and a number of others wait for their turn.
type turns struct {
	running chan struct{}
	waiting *atomic.Int64
	most    int
}

func newTurns(running, waiting int) turns {
	return turns{running: make(chan struct{}, running), waiting: new(atomic.Int64), most: waiting}
}

// take gets a turn, which must be given back. It is a *LimitError when too many
// wait already or when the turn does not come before ctx ends.
func (t *turns) take(ctx context.Context) error {
	select {
	case t.running <- struct{}{}:
		return nil
	default:
	}
	busy := &LimitError{Limit: LimitCalls, Max: t.most}
	defer t.waiting.Add(-1)
	if t.waiting.Add(1) > int64(t.most) {
		return busy
	}
	select {
	case t.running <- struct{}{}:
		return nil
	case <-ctx.Done():
		return busy
	}
}

func (t *turns) give() { <-t.running }
