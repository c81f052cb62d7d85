package bolt

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"strconv"
	"sync/atomic"
	"time"

	"rator/failure"
	"rator/store"
)

// waits are how long things may take before something is said.
type waits struct {
	nested time.Duration // for the writer, before it is asked whether we are the writer
	queue  time.Duration // for the writer, in all
	commit time.Duration // for a commit, before its callers are told that nobody knows
}

// SOAP clients give up after 15 s (store.md), so a place in the queue is worth
// nothing after 10.
var usualWaits = waits{nested: 50 * time.Millisecond, queue: 10 * time.Second, commit: 30 * time.Second}

// request is a closure and what became of it.
type request struct {
	ctx      context.Context
	fn       func(store.Tx) error
	tx       *tx
	err      error
	panicked *store.Panic
	exited   bool          // fn ended its goroutine
	done     chan struct{} // closed when the fields above are final
	taken    atomic.Bool   // by the writer, or by who refuses it
	begun    bool          // the writer has it
}

// begin says whether the writer may run the closure: nobody has refused it meanwhile.
func (r *request) begin() bool {
	if !r.begun {
		r.begun = r.taken.CompareAndSwap(false, true)
	}
	return r.begun
}

// refuse tells the caller of a closure that has not begun that it is not run.
func (r *request) refuse(err error) {
	if r.taken.CompareAndSwap(false, true) {
		r.err = err
		close(r.done)
	}
}

// Update runs fn on the writer's goroutine, in a group with others that are
// waiting, and again when what it was run over could not be committed. Once fn has begun, Update waits for the outcome.
func (d *DB) Update(ctx context.Context, fn func(store.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := d.Ready(); err != nil {
		return err
	}
	r := &request{ctx: ctx, fn: fn, done: make(chan struct{})}
	if err := d.enqueue(r); err != nil {
		return err
	}
	<-r.done
	switch {
	case r.panicked != nil:
		panic(r.panicked)
	case r.exited:
		runtime.Goexit()
	case r.err == nil:
		r.tx.runAfter()
	}
	return r.err
}

// enqueue waits until the writer takes r.
func (d *DB) enqueue(r *request) error {
	select {
	case d.queue <- r:
		return nil
	default:
	}
	wait := time.NewTimer(d.waits.nested)
	defer wait.Stop()
	for asked := false; ; asked = true {
		select {
		case d.queue <- r:
			return nil
		case <-r.ctx.Done():
			return r.ctx.Err()
		case <-d.closing:
			return store.ErrClosed
		case <-wait.C:
			if asked {
				return failure.TryAgain.Because(fmt.Errorf("store: waited %s for the writer", d.waits.queue))
			}
			if goroutine() == d.writer.Load() {
				return store.ErrNested
			}
			wait.Reset(d.waits.queue - d.waits.nested)
		}
	}
}

// goroutine is the number of the goroutine it is called on, which the runtime
// tells only in the first line of a stack: "goroutine 18 [running]:". It takes
// microseconds, so it is asked for only when a wait is long anyway.
func goroutine() int64 {
	var buf [64]byte
	line := buf[:runtime.Stack(buf[:], false)]
	number, _, _ := bytes.Cut(bytes.TrimPrefix(line, []byte("goroutine ")), []byte(" "))
	n, err := strconv.ParseInt(string(number), 10, 64)
	if err != nil {
		panic(fmt.Sprintf("store: a stack begins with %q", line))
	}
	return n
}
