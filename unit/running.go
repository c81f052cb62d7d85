package unit

import (
	"context"
	"sync"

	"rator/failure"
)

// running makes equal requests wait for each other within this process.
type running struct {
	mu    sync.Mutex
	calls map[string]chan struct{}
}

// enter waits until no other call runs for that request, or ctx ends (BUSY);
// leave must be called after.
func (r *running) enter(ctx context.Context, request string) (leave func(), err error) {
	for {
		r.mu.Lock()
		other := r.calls[request]
		if other == nil {
			done := make(chan struct{})
			if r.calls == nil {
				r.calls = map[string]chan struct{}{}
			}
			r.calls[request] = done
			r.mu.Unlock()
			return func() {
				r.mu.Lock()
				delete(r.calls, request)
				r.mu.Unlock()
				close(done)
			}, nil
		}
		r.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, failure.TryAgain.With("the same request is still running")
		}
	}
}
