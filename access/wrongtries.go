package access

import (
	"net/netip"
	"time"
)

// The answer to a wrong try is held back, longer with each one in a row, so that
// guessing is slow. A right one is never held back: nobody is locked out.
const (
	firstDelay   = 100 * time.Millisecond
	longestDelay = 2 * time.Second
)

// doubtedFrom is the delay from which on a try comes from where others were wrong so
// often that its hash queues with those of guessers: it is none of who mistypes.
const doubtedFrom = 4 * firstDelay

// wrongTries counts wrong tries in a row by operator and place they came from. Those
// at names that nobody has are remembered apart: whoever invents names does not have
// the others forgotten.
type wrongTries struct{ operators, nobody counted }

// newTry cuts the name, which may be as long as a request, because it is remembered.
func newTry(operator, from string) Try { return Try{tame(operator), from, true} }

func newWrongTries(shared SharedTries) wrongTries {
	return wrongTries{newCounted(shared), newCounted(shared)}
}

// delay counts one more wrong try, at an operator that is there or not, and says how
// long its answer waits.
func (w wrongTries) delay(t Try, exists bool, now time.Time) time.Duration {
	if !exists {
		return delayOf(w.nobody.wrong(Try{Who: hashed(t.Who), From: t.From}, now))
	}
	return delayOf(w.operators.wrong(t, now))
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
func (w wrongTries) doubted(t Try, now time.Time) bool {
	wrong, _ := w.operators.tries.get(t, now)
	return delayOf(wrong) >= doubtedFrom
}

func (w wrongTries) reset(t Try, now time.Time) { w.operators.right(t, false, now) }

// HeardTries has tries at operators count that all servers of the store have counted,
// together with this one: so many in a row. Others are none of the guard's.
func (g *Guard) HeardTries(t Try, inARow func() int) {
	switch {
	case t.Known:
		g.wrong.operators.heard(t, inARow, g.config.Now())
	case !ofLogins(t):
		g.wrong.nobody.heard(t, inARow, g.config.Now())
	}
}

// place is where a try came from. An IPv6 customer has a whole /64 to try from.
func place(remote netip.Addr) string {
	remote = remote.Unmap().WithZone("")
	if remote.Is6() {
		return netip.PrefixFrom(remote, 64).Masked().String()
	}
	return remote.String()
}
