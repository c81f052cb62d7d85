package access

import (
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
type wrongTries struct{ operators, nobody *recent[try, time.Duration] }

type try struct{ operator, from string }

// newTry cuts the name, which may be as long as a request, because it is remembered.
func newTry(operator, from string) try { return try{tame(operator), from} }

func newWrongTries() wrongTries {
	return wrongTries{newRecent[try, time.Duration](triesKept, mostTriesKept), newRecent[try, time.Duration](triesKept, mostTriesKept)}
}

// delay counts one more wrong try, at an operator that is there or not, and says how
// long its answer waits.
func (w wrongTries) delay(t try, exists bool, now time.Time) time.Duration {
	tries := w.nobody
	if exists {
		tries = w.operators
	}
	return tries.change(t, now, func(last time.Duration) time.Duration {
		return min(max(firstDelay, 2*last), longestDelay)
	})
}

// doubted says whether there were too many wrong tries at an operator to take the
// next one for somebody's who mistypes.
func (w wrongTries) doubted(t try, now time.Time) bool {
	last, _ := w.operators.get(t, now)
	return last >= doubtedFrom
}

func (w wrongTries) reset(t try) { w.operators.forget(t) }

// place is where a try came from. An IPv6 customer has a whole /64 to try from.
func place(remote netip.Addr) string {
	remote = remote.Unmap().WithZone("")
	if remote.Is6() {
		return netip.PrefixFrom(remote, 64).Masked().String()
	}
	return remote.String()
}
