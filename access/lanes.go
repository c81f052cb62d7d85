package access

import (
	"context"
	"sync"
	"time"

	"rator/failure"
	"rator/password"
)

// A password that is not known yet is hashed in a lane: one at a time, and at most
// two more wait for it. Each operator has a lane of its own for each place that calls
// come from; all names that nobody has share one, so that whoever invents names gets
// no more of the machine than whoever has one.
const (
	waitingInLane = 2

	// restsAfterWrong is how many times as long as a wrong hash took its lane rests
	// after it: guessing takes a quarter of a core at most, and a lane that nobody
	// guesses in never rests.
	restsAfterWrong = 3
	longestRest     = 250 * time.Millisecond
)

// errFull is what is answered when a lane is full: the same in each, so that it does
// not tell which it was.
var errFull = failure.TryAgain.With("too many passwords are being checked for callers that are not known yet; repeat the call in a second (a password that was right is known until it is not used for %d minutes)", int(verifiedKept.Minutes()))

// laneKey tells the lanes apart; the zero name is that of all who do not exist.
type laneKey struct{ name, place string }

// lane is one that somebody is in.
type lane struct {
	inside int           // hashes that run or wait
	turn   chan struct{} // holds the one that runs, or rests
}

// hashing is one hash that runs or waits, and who asks for it: equal credentials share it.
type hashing struct {
	asking    int           // who wait for it, while it has not begun
	begun     chan struct{} // closed when it runs: it is not left any more
	abandoned chan struct{} // closed when the last one who waited has gone
	done      chan struct{} // closed when right and err stand
	right     bool
	err       error
}

// lanes are where passwords are hashed. Safe for concurrent use.
type lanes struct {
	now func() time.Time
	// first are the slots of lanes in which nobody was wrong often. doubted is the one
	// of all others, which rests with them: they never hold up the first. Of lanes with
	// different names each name has its turn, however many lanes others have.
	first, doubted *password.Slots

	mu      sync.Mutex
	inUse   map[laneKey]*lane
	running map[proof]*hashing
	refused int64 // because a lane was full, since the start
}

func newLanes(now func() time.Time, hashes int) *lanes {
	return &lanes{now: now, first: password.NewSlots(hashes), doubted: password.NewSlots(1), inUse: map[laneKey]*lane{}, running: map[proof]*hashing{}}
}

// ask has p's password hashed by verify in a lane, or waits for the equal one that is
// on its way there. It fails with failure.TryAgain when the lane is full, and when ctx
// ends before the hash is begun; one that is begun is counted, whoever goes away.
func (l *lanes) ask(ctx context.Context, p proof, in laneKey, doubted bool, verify func() (bool, error)) (right bool, err error) {
	h := l.enter(p, in, doubted, verify)
	if h == nil {
		return false, errFull
	}
	select {
	case <-h.begun:
	case <-ctx.Done():
		if l.leave(p, h) {
			return false, failure.TryAgain.Because(ctx.Err())
		}
	}
	<-h.done
	return h.right, h.err
}

// enter joins an equal hash, or lines one up; nil when the lane is full.
func (l *lanes) enter(p proof, in laneKey, doubted bool, verify func() (bool, error)) *hashing {
	l.mu.Lock()
	defer l.mu.Unlock()
	if h := l.running[p]; h != nil {
		h.asking++
		return h
	}
	way := l.inUse[in]
	if way == nil {
		way = &lane{turn: make(chan struct{}, 1)}
		l.inUse[in] = way
	}
	if way.inside > waitingInLane {
		l.refused++
		return nil
	}
	way.inside++
	h := &hashing{asking: 1, begun: make(chan struct{}), abandoned: make(chan struct{}), done: make(chan struct{})}
	l.running[p] = h
	slots := l.first
	if doubted {
		slots = l.doubted
	}
	go l.run(p, h, in, slots, verify)
	return h
}

// leave stops waiting for a hash; false when it has begun and is to be waited for.
func (l *lanes) leave(p proof, h *hashing) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-h.begun:
		return false
	default:
	}
	if h.asking--; h.asking == 0 {
		close(h.abandoned)
		delete(l.running, p) // who comes now starts anew
	}
	return true
}

// run takes a hash through its lane: its turn there, then a slot.
func (l *lanes) run(p proof, h *hashing, in laneKey, slots *password.Slots, verify func() (bool, error)) {
	l.mu.Lock()
	way := l.inUse[in]
	l.mu.Unlock()
	select {
	case way.turn <- struct{}{}:
	case <-h.abandoned:
		l.left(in)
		return
	}
	defer func() { <-way.turn }()
	if !slots.Take(in.name, h.abandoned) {
		l.left(in)
		return
	}
	giveSlot := sync.OnceFunc(slots.Give)
	defer giveSlot()
	if !l.begin(h) {
		l.left(in)
		return
	}
	started := l.now()
	h.right, h.err = verify()
	took := l.now().Sub(started)

	l.mu.Lock()
	delete(l.running, p)
	l.mu.Unlock()
	close(h.done)
	if slots == l.first {
		giveSlot()
	}
	if !h.right {
		time.Sleep(min(restsAfterWrong*took, longestRest))
	}
	l.left(in)
}

// begin marks a hash as begun, unless all who asked have gone.
func (l *lanes) begin(h *hashing) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if h.asking == 0 {
		return false
	}
	close(h.begun)
	return true
}

// left makes room in a lane.
func (l *lanes) left(in laneKey) {
	l.mu.Lock()
	defer l.mu.Unlock()
	way := l.inUse[in]
	if way.inside--; way.inside == 0 {
		delete(l.inUse, in)
	}
}

// refusals is how many calls were refused because a lane was full, since the start.
func (l *lanes) refusals() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.refused
}
