package access

import (
	"context"
	"testing"
	"time"
)

// What becomes known between the look and the lane is not hashed again.
func TestKnownMeanwhileIsNotHashed(t *testing.T) {
	hashes := 0
	g, err := NewGuard(GuardConfig{Now: time.Now, Key: make([]byte, keyBytes), Verify: func(string, string) (bool, error) { hashes++; return true, nil }})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if right, err := g.hash(proof{1}, "", ""); !right || err != nil {
			t.Fatal(right, err)
		}
	}
	if hashes != 1 {
		t.Errorf("%d hashes, want 1", hashes)
	}
}

// A call whose time ends as its hash begins is answered what the hash says: else tries
// that hang up in time would not be counted.
func TestBegunHashIsNotLeft(t *testing.T) {
	l := newLanes(time.Now, 1)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	begun, over := make(chan struct{}), make(chan struct{})
	h := l.enter(proof{1}, laneKey{}, false, func() (bool, error) { close(begun); <-over; return true, nil })
	<-begun
	if l.leave(proof{1}, h) {
		t.Error("a hash that runs is left")
	}
	close(over)
	if <-h.done; !h.right {
		t.Error("its answer is lost")
	}
	for range 20 { // whichever of the two comes first
		right, err := l.ask(gone, proof{2}, laneKey{}, false, func() (bool, error) { return true, nil })
		if right == (err != nil) {
			t.Fatalf("%v, %v", right, err)
		}
	}
}
