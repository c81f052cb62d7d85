package postgres

import (
	"errors"
	"math/rand/v2"
	"time"
)

// SOAP clients give up after 15 s (store.md), so what has not gone through after 10 is
// given up.
const (
	giveUp    = 10 * time.Second
	firstWait = time.Millisecond
	lastWait  = 64 * time.Millisecond
	// A server that lets nobody in may be starting, which many who knock make slower.
	lastKnock = 500 * time.Millisecond
)

// patience is how long something is tried again, and how long between two tries.
type patience struct {
	end  time.Time
	wait time.Duration
}

func newPatience(end time.Time) patience { return patience{end, firstWait} }

// over says whether nobody waits any longer.
func (p *patience) over() bool { return time.Now().After(p.end) }

// pause waits after a try that failed by err.
func (p *patience) pause(err error) {
	time.Sleep(p.wait/2 + rand.N(p.wait))
	last := lastWait
	if errors.As(err, new(*unreached)) {
		last = lastKnock
	}
	p.wait = min(2*p.wait, last)
}
