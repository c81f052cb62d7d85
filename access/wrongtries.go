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

// wrongTries counts wrong tries in a row by operator and place they came from.
type wrongTries struct {
	recent *recent[try, time.Duration]
}

type try struct{ operator, from string }

// newTry cuts the name, which may be as long as a request, because it is remembered.
func newTry(operator, from string) try { return try{tame(operator), from} }

func newWrongTries() wrongTries {
	return wrongTries{newRecent[try, time.Duration](triesKept, mostTriesKept)}
}

// delay counts one more wrong try and says how long its answer waits.
func (w wrongTries) delay(t try, now time.Time) time.Duration {
	return w.recent.change(t, now, func(last time.Duration) time.Duration {
		return min(max(firstDelay, 2*last), longestDelay)
	})
}

func (w wrongTries) reset(t try) { w.recent.forget(t) }

// place is where a try came from. An IPv6 customer has a whole /64 to try from.
func place(remote netip.Addr) string {
	remote = remote.Unmap().WithZone("")
	if remote.Is6() {
		return netip.PrefixFrom(remote, 64).Masked().String()
	}
	return remote.String()
}
