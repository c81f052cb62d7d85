package password

import (
	"runtime"
	"sync"
)

// Queue is where hashes wait that are made for one purpose. Queues take turns, so that
// many who wait for one purpose do not hold up few who wait for another. The zero
// value is an empty one. Safe for concurrent use.
type Queue struct {
	waiting []chan struct{} // in order; each is closed when its turn has come
}

// made is the Queue of new hashes, checked that of passwords that are compared.
var made, checked Queue

// slots bounds how many hashes are made at once, so that memory stays below
// GOMAXPROCS times 19 MiB however many callers there are.
var slots = pool{free: runtime.GOMAXPROCS(0)}

// pool is a number of slots and who waits for them.
type pool struct {
	mu     sync.Mutex
	free   int
	queues []*Queue // that somebody waits in, the next one first
}

func (p *pool) take(q *Queue) {
	if turn := p.line(q); turn != nil {
		<-turn
	}
}

// line takes a slot and gives nil, or what is closed when there is one.
func (p *pool) line(q *Queue) chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.free > 0 {
		p.free--
		return nil
	}
	turn := make(chan struct{})
	if len(q.waiting) == 0 {
		p.queues = append(p.queues, q)
	}
	q.waiting = append(q.waiting, turn)
	return turn
}

// give hands the slot to the first one of the next queue.
func (p *pool) give() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.queues) == 0 {
		p.free++
		return
	}
	q := p.queues[0]
	p.queues = p.queues[1:]
	close(q.waiting[0])
	q.waiting = q.waiting[1:]
	if len(q.waiting) > 0 {
		p.queues = append(p.queues, q)
	}
}
