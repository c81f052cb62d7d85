package unit

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"rator/failure"
)

// hand is a clock that a test moves.
type hand struct{ now time.Time }

func (h *hand) time() time.Time { return h.now }

// TestTurnsComeInOrder: who waits longest is next, whoever left the queue before.
func TestTurnsComeInOrder(t *testing.T) {
	h := &hand{}
	turns := newTurns(false, 1, 10, time.Hour, h.time)
	first, err := turns.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var order []int
	var waiters []*waiter
	for range 3 {
		w, err := turns.line(false)
		if w == nil || err != nil {
			t.Fatalf("%v, %v", w, err)
		}
		waiters = append(waiters, w)
	}
	if err := turns.leave(waiters[1]); err == nil {
		t.Error("who left was not told so")
	}
	give := first
	for range 2 {
		give()
		give() // more than once is once
		for i, w := range waiters {
			select {
			case <-w.turn:
				order = append(order, i)
				waiters[i] = &waiter{turn: make(chan struct{})}
			default:
			}
		}
		began := h.now
		give = sync.OnceFunc(func() { turns.give(began) })
		if s := turns.state(); s.Running != 1 {
			t.Errorf("%+v", s)
		}
	}
	if len(order) != 2 || order[0] != 0 || order[1] != 2 {
		t.Errorf("order %v", order)
	}
	give()
	if s := turns.state(); s.Running != 0 || s.Waiting != 0 {
		t.Errorf("%+v", s)
	}
}

// TestTurnsAreRefusedAtOnce: whose turn would come too late is not let into the queue.
func TestTurnsAreRefusedAtOnce(t *testing.T) {
	h := &hand{}
	turns := newTurns(false, 2, 100, time.Second, h.time)
	for range 100 { // calls that take half a second
		give, err := turns.take(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		h.now = h.now.Add(500 * time.Millisecond)
		give()
	}
	for range 2 {
		if _, err := turns.take(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	waiting := 0
	for {
		full := turns.full()
		_, err := turns.line(false)
		if (full == nil) != (err == nil) {
			t.Errorf("with %d waiting, full says %v and line %v", waiting, full, err)
		}
		if err != nil {
			var busy *BusyError
			if !errors.As(err, &busy) || failure.CodeOf(err) != failure.TryAgain {
				t.Errorf("%v", err)
			}
			break
		}
		waiting++
	}
	if waiting < 3 || waiting > 4 { // of two at a time in half a second, one second
		t.Errorf("%d wait", waiting)
	}
	if w, err := turns.line(true); w == nil || err != nil {
		t.Errorf("one that has begun is refused: %v", err)
	}
}

// TestTurnsEndWithTheirContext: who does not want to wait any more is not in the queue.
func TestTurnsEndWithTheirContext(t *testing.T) {
	turns := newTurns(true, 1, 10, time.Hour, (&hand{}).time)
	give, err := turns.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := turns.take(ctx); failure.CodeOf(err) != failure.TryAgain {
		t.Errorf("%v", err)
	}
	give()
	if s := turns.state(); s != (TurnsState{Refused: 1}) {
		t.Errorf("%+v", s)
	}
}
