package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"
)

// crowd is a number of connections, each of which asks, waits for the answer and
// asks again.
type crowd struct {
	to, from string // HOST:PORT; the address of this machine that it comes from
	size     int
	// message is what a connection, counted from 0, asks over and over; number is of
	// each of its requests, nil = they are not numbered. No more when it gives false.
	message func(connection int) *message
	number  func() (int64, bool)
	manners manners
	pause   time.Duration // between an answer and the next request
	once    bool          // each connection asks once
	enough  func() bool   // ends it before its time; nil = nothing does
}

// manners are what a connection does when it was refused because the server is busy.
type manners int

const (
	rude   manners = iota // asks again at once
	hasty                 // asks again after hastyPause, or up to twice as long
	decent                // asks again when Retry-After says, or up to twice as late
)

const hastyPause = 200 * time.Millisecond

// tally is how the requests of a crowd ended, and how long each took.
type tally struct {
	Took [outcomes][]time.Duration
	Late int // of those that were done, after the crowd's end
}

// run has the crowd ask until end. What was answered before begin is not counted; what
// is not answered a second after end counts as unanswered.
func (c crowd) run(begin, end time.Time) tally {
	parts := make([]tally, c.size)
	var all sync.WaitGroup
	for i := range c.size {
		all.Go(func() { parts[i] = c.one(i, begin, end) })
		if i%64 == 63 {
			time.Sleep(5 * time.Millisecond) // for the queue of connections that nobody accepted yet
		}
	}
	all.Wait()
	var t tally
	for _, p := range parts {
		for o, took := range p.Took {
			t.Took[o] = append(t.Took[o], took...)
		}
		t.Late += p.Late
	}
	for _, took := range t.Took {
		slices.Sort(took)
	}
	return t
}

func (c crowd) one(i int, begin, end time.Time) (t tally) {
	k := &caller{to: c.to, from: c.from, end: end.Add(time.Second)}
	defer k.hangUp()
	m := c.message(i)
	for time.Now().Before(end) && (c.enough == nil || !c.enough()) {
		if c.number != nil {
			n, more := c.number()
			if !more {
				return t
			}
			m.number(n)
		}
		start := time.Now()
		o := k.ask(m)
		now := time.Now()
		if now.After(begin) {
			t.Took[o] = append(t.Took[o], now.Sub(start))
		}
		if o == done && now.After(end) {
			t.Late++
		}
		switch pause := c.pause; {
		case c.once:
			return t
		case o == cut:
			time.Sleep(50 * time.Millisecond)
		case o == busy && c.manners == decent:
			time.Sleep(min(spread(k.wait), time.Until(end)))
		case o == busy && c.manners == hasty:
			time.Sleep(min(spread(hastyPause), time.Until(end)))
		case pause > 0:
			time.Sleep(pause)
		}
	}
	return t
}

// spread is one to two times as long: who was refused at once does not come again
// at once.
func spread(d time.Duration) time.Duration { return d + rand.N(d+1) }

func (t tally) count(of outcome) int { return len(t.Took[of]) }

func (t tally) all() (n int) {
	for _, took := range t.Took {
		n += len(took)
	}
	return n
}

// quantile is of those that were done and, with as long as they had been waiting,
// those unanswered. All others took for ever: who counts only what was done finds a
// server fast that refuses. In milliseconds.
func (t tally) quantile(q float64) float64 {
	took := slices.Sorted(slices.Values(slices.Concat(t.Took[done], t.Took[unanswered])))
	at := int(q * float64(t.all()))
	if at >= len(took) {
		return math.Inf(1)
	}
	return millis(took[at])
}

// quantileOf is of those alone that ended so, in milliseconds; NaN when none did.
func (t tally) quantileOf(o outcome, q float64) float64 {
	took := t.Took[o]
	if len(took) == 0 {
		return math.NaN()
	}
	return millis(took[int(q*float64(len(took)))])
}

func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// String is how many ended how.
func (t tally) String() string {
	var parts []string
	for o := range outcomes {
		if n := t.count(o); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, o))
		}
	}
	if parts == nil {
		return "nothing was asked"
	}
	return strings.Join(parts, ", ")
}
