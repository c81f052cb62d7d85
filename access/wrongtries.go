package access

import (
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"time"
)

// The answer to a wrong try is held back, longer with each one in a row, so that
// guessing is slow. A right one is never held back: nobody is locked out.
const (
	firstDelay    = 100 * time.Millisecond
	longestDelay  = 2 * time.Second
	triesKept     = 10 * time.Minute
	mostTriesKept = 10_000
)

// doubtedFrom is the delay from which on a try comes from where others were wrong so
// often that its hash queues with those of guessers: it is none of who mistypes.
const doubtedFrom = 4 * firstDelay

// wrongTries counts wrong tries in a row by operator and place they came from. Those
// at names that nobody has are remembered apart: whoever invents names does not have
// the others forgotten.
type wrongTries struct {
	operators, nobody *recent[try, int]
	shared            SharedTries
}

// SharedTries is told of what other servers of the same store are to count too. It does
// not wait for them; what they count comes by Guard.HeardTries. Without Wrong nobody else
// counts.
type SharedTries struct {
	// Wrong is one more wrong try in a row, at an operator that is there or not. The name
	// of one that is not is hashed, as people type their password there.
	Wrong func(operator, place string, exists bool)
	// Right is a try that was right after some that were wrong.
	Right func(operator, place string)
}

type try struct{ operator, from string }

// newTry cuts the name, which may be as long as a request, because it is remembered.
func newTry(operator, from string) try { return try{tame(operator), from} }

func newWrongTries(shared SharedTries) wrongTries {
	return wrongTries{newRecent[try, int](triesKept, mostTriesKept), newRecent[try, int](triesKept, mostTriesKept), shared}
}

// delay counts one more wrong try, at an operator that is there or not, and says how
// long its answer waits.
func (w wrongTries) delay(t try, exists bool, now time.Time) time.Duration {
	tries := w.operators
	if !exists {
		hash := sha256.Sum256([]byte(t.operator))
		t.operator, tries = hex.EncodeToString(hash[:]), w.nobody
	}
	wrong := tries.change(t, now, func(wrong int) int { return wrong + 1 })
	if w.shared.Wrong != nil {
		w.shared.Wrong(t.operator, t.from, exists)
	}
	return delayOf(wrong)
}

// delayOf is how long the answer to so many wrong tries in a row waits: longer with each.
func delayOf(wrong int) time.Duration {
	if wrong == 0 {
		return 0
	}
	return min(firstDelay<<min(wrong-1, 10), longestDelay)
}

// doubted says whether there were too many wrong tries at an operator to take the
// next one for somebody's who mistypes.
func (w wrongTries) doubted(t try, now time.Time) bool {
	wrong, _ := w.operators.get(t, now)
	return delayOf(wrong) >= doubtedFrom
}

func (w wrongTries) reset(t try) {
	if w.operators.forget(t) && w.shared.Right != nil {
		w.shared.Right(t.operator, t.from)
	}
}

// HeardTries has tries count that all servers of the store have counted, together with
// this one: so many in a row.
func (g *Guard) HeardTries(operator, place string, exists bool, inARow int) {
	t, tries := try{operator, place}, g.wrong.nobody
	if exists {
		tries = g.wrong.operators
	}
	if inARow == 0 {
		tries.forget(t)
		return
	}
	tries.change(t, g.config.Now(), func(int) int { return inARow })
}

// place is where a try came from. An IPv6 customer has a whole /64 to try from.
func place(remote netip.Addr) string {
	remote = remote.Unmap().WithZone("")
	if remote.Is6() {
		return netip.PrefixFrom(remote, 64).Masked().String()
	}
	return remote.String()
}
