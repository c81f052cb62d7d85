package password

import (
	"slices"
	"testing"
)

// TestQueuesTakeTurns: one who waits in a queue does not wait for all of another.
func TestQueuesTakeTurns(t *testing.T) {
	p := pool{free: 1}
	var many, few Queue
	waiting := map[string]chan struct{}{}
	if p.line(&many) != nil {
		t.Fatal("the first does not get the free slot")
	}
	for _, name := range []string{"many 1", "many 2", "many 3"} {
		waiting[name] = p.line(&many)
	}
	for _, name := range []string{"few 1", "few 2"} {
		waiting[name] = p.line(&few)
	}
	var order []string
	for len(waiting) > 0 {
		p.give()
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
	p.give()
	if p.free != 1 || len(p.queues) != 0 {
		t.Errorf("%d slots are free, %d queues wait, want 1 and 0", p.free, len(p.queues))
	}
}
