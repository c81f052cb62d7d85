package password

import (
	"runtime"
	"slices"
	"sync"
)

// Slots bound how many things are done at a time. Who waits for one waits in a queue,
// and queues take turns, so that many who wait in one do not hold up few who wait in
// another. Safe for concurrent use.
type Slots struct {
	mu     sync.Mutex
	free   int
	queues []*queue // that somebody waits in, the next one first
}

// queue is who waits under a name.
type queue struct {
	name    string
	waiting []chan struct{} // in order; each is closed when its turn has come
}

// NewSlots makes a number of slots.
func NewSlots(n int) *Slots { return &Slots{free: n} }

// slots bounds how many hashes are made at once, so that memory stays below
// GOMAXPROCS times 19 MiB however many callers there are.
var slots = NewSlots(runtime.GOMAXPROCS(0))

// Take waits in a queue for a slot, which is to be given back. It is false when gone is
// closed before; a nil gone never is.
func (s *Slots) Take(queue string, gone <-chan struct{}) bool {
	turn := s.line(queue)
	if turn == nil {
		return true
	}
	select {
	case <-turn:
		return true
	case <-gone:
		return !s.leave(queue, turn)
	}
}

// line takes a free slot and gives nil, or what is closed when there is one.
func (s *Slots) line(name string) chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.free > 0 {
		s.free--
		return nil
	}
	turn := make(chan struct{})
	i := s.find(name)
	if i < 0 {
		i = len(s.queues)
		s.queues = append(s.queues, &queue{name: name})
	}
	s.queues[i].waiting = append(s.queues[i].waiting, turn)
	return turn
}

func (s *Slots) find(name string) int {
	return slices.IndexFunc(s.queues, func(q *queue) bool { return q.name == name })
}

// leave takes a turn out of its queue; false when it has come.
func (s *Slots) leave(name string, turn chan struct{}) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.find(name)
	if i < 0 {
		return false
	}
	q := s.queues[i]
	at := slices.Index(q.waiting, turn)
	if at < 0 {
		return false
	}
	q.waiting = slices.Delete(q.waiting, at, at+1)
	if len(q.waiting) == 0 {
		s.queues = slices.Delete(s.queues, i, i+1)
	}
	return true
}

// Give hands a slot to the first one of the next queue.
func (s *Slots) Give() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queues) == 0 {
		s.free++
		return
	}
	q := s.queues[0]
	s.queues = slices.Delete(s.queues, 0, 1)
	close(q.waiting[0])
	q.waiting = slices.Delete(q.waiting, 0, 1)
	if len(q.waiting) > 0 {
		s.queues = append(s.queues, q)
	}
}
