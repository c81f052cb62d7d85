package load

import (
	"context"
	"sync"
)

// inOrder has batches read one after the other, worked on by so many goroutines, and what
// came of them taken in their order. The first error ends all of it. It has about twice as
// many batches at a time as goroutines.
func inOrder[T any](ctx context.Context, workers int, read func(context.Context) (*batch, error), work func(context.Context, *batch) (T, error), take func(*batch, T) error) error {
	type job struct {
		batch *batch
		made  T
		err   error
		done  chan struct{}
	}
	ctx, end := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer end()
	toDo, order := make(chan *job), make(chan *job, workers)
	running.Go(func() {
		defer close(order)
		defer close(toDo)
		for {
			b, err := read(ctx)
			if b == nil && err == nil {
				return
			}
			j := &job{batch: b, err: err, done: make(chan struct{})}
			select {
			case order <- j:
			case <-ctx.Done():
				return
			}
			if err != nil {
				close(j.done)
				return
			}
			select {
			case toDo <- j:
			case <-ctx.Done():
				return
			}
		}
	})
	for range workers {
		running.Go(func() {
			for j := range toDo {
				j.made, j.err = work(ctx, j.batch)
				close(j.done)
			}
		})
	}
	for j := range order {
		select {
		case <-j.done:
		case <-ctx.Done():
			return ctx.Err()
		}
		if j.err != nil {
			return j.err
		}
		if err := take(j.batch, j.made); err != nil {
			return err
		}
	}
	return ctx.Err()
}
