package server

import (
	"context"
	"time"

	"rator/store"
	"rator/tmf/hub"
	"rator/unit"
)

// sweep deletes old kept replies once an hour until ctx ends, and has the call log
// forget who is erased.
func (s *Server) sweep(ctx context.Context) {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		s.once(ctx, "sweep", s.sweepOnce)
		s.forgetCalls(ctx) // of this server's call log
		for waiting := true; waiting; {
			select {
			case <-tick.C:
				waiting = false
			case <-s.Erased:
				s.forgetCalls(ctx)
			case <-ctx.Done():
				return
			}
		}
	}
}

func (s *Server) sweepOnce(ctx context.Context) {
	for _, swept := range []func(context.Context, store.Store) (int, error){unit.SweepKept, hub.SweepEnded} {
		if n, err := swept(ctx, s.Store); err != nil && ctx.Err() == nil {
			s.log.Error("sweep of kept replies", "cause", err)
		} else if n > 0 {
			s.log.Info("kept replies swept", "count", n)
		}
	}
}
