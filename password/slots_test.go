package password

import (
	"slices"
	"testing"
)

// TestQueuesTakeTurns: one who waits in a queue does not wait for all of another.
func TestQueuesTakeTurns(t *testing.T) {
	s := NewSlots(1)
	if s.line("many") != nil {
		t.Fatal("the first does not get the free slot")
	}
	waiting := map[string]chan struct{}{}
	for _, name := range []string{"many 1", "many 2", "many 3"} {
		waiting[name] = s.line("many")
	}
	for _, name := range []string{"few 1", "few 2"} {
		waiting[name] = s.line("few")
	}
	var order []string
	for len(waiting) > 0 {
		s.Give()
		for name, turn := range waiting {
			select {
			case <-turn:
				order = append(order, name)
				delete(waiting, name)
			default:
			}
		}
	}
	if want := []string{"many 1", "few 1", "many 2", "few 2", "many 3"}; !slices.Equal(order, want) {
		t.Errorf("the order is %q, want %q", order, want)
	}
	s.Give()
	if s.free != 1 || len(s.queues) != 0 {
		t.Errorf("%d slots are free, %d queues wait, want 1 and 0", s.free, len(s.queues))
	}
}

// TestWhoIsGoneTakesNoSlot: the next one of the queue has it, and no empty queue stays.
func TestWhoIsGoneTakesNoSlot(t *testing.T) {
	s := NewSlots(1)
	if !s.Take("a", nil) {
		t.Fatal("the free slot is not given")
	}
	gone := make(chan struct{})
	close(gone)
	if s.Take("a", gone) || s.Take("b", gone) {
		t.Error("who has gone takes a slot that is taken")
	}
	if len(s.queues) != 0 {
		t.Errorf("%d queues of nobody", len(s.queues))
	}
	first, second := s.line("a"), s.line("a")
	if !s.leave("a", first) {
		t.Error("who waits cannot leave")
	}
	s.Give()
	select {
	case <-second:
	default:
		t.Error("the second does not get the slot of the first, who has gone")
	}
	if s.leave("a", second) {
		t.Error("a turn that has come is left")
	}
}
