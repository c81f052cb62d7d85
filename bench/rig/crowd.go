package rig

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"
)

// Crowd is a number of connections, each of which asks, waits for the answer and
// asks again.
type Crowd struct {
	To, From string // HOST:PORT; the address of this machine that it comes from
	Size     int
	// Message is what a connection, counted from 0, asks over and over; Number is of
	// each of its requests, nil = they are not numbered. No more when it gives false.
	Message func(connection int) *Message
	Number  func() (int64, bool)
	Manners Manners
	Pause   time.Duration // between an answer and the next request
	Once    bool          // each connection asks once
	Enough  func() bool   // ends it before its time; nil = nothing does
}

// Manners are what a connection does when it was refused because the server is busy.
type Manners int

const (
	Rude   Manners = iota // asks again at once
	Hasty                 // asks again after hastyPause, or up to twice as long
	Decent                // asks again when Retry-After says, or up to twice as late
)

const hastyPause = 200 * time.Millisecond

// Tally is how the requests of a crowd ended, and how long each took.
type Tally struct {
	Took [outcomes][]time.Duration
	Late int // of those that were done, after the crowd's end
}

// Run has the crowd ask until end. What was answered before begin is not counted; what
// is not answered a second after end counts as unanswered.
func (c Crowd) Run(begin, end time.Time) Tally {
	parts := make([]Tally, c.Size)
	var all sync.WaitGroup
	for i := range c.Size {
		all.Go(func() { parts[i] = c.one(i, begin, end) })
		if i%64 == 63 {
			time.Sleep(5 * time.Millisecond) // for the queue of connections that nobody accepted yet
		}
	}
	all.Wait()
	var t Tally
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

func (c Crowd) one(i int, begin, end time.Time) (t Tally) {
	k := &Caller{To: c.To, From: c.From, End: end.Add(time.Second)}
	defer k.HangUp()
	m := c.Message(i)
	for time.Now().Before(end) && (c.Enough == nil || !c.Enough()) {
		if c.Number != nil {
			n, more := c.Number()
			if !more {
				return t
			}
			m.number(n)
		}
		start := time.Now()
		o := k.Ask(m)
		now := time.Now()
		if now.After(begin) {
			t.Took[o] = append(t.Took[o], now.Sub(start))
		}
		if o == Done && now.After(end) {
			t.Late++
		}
		switch pause := c.Pause; {
		case c.Once:
			return t
		case o == Cut:
			time.Sleep(50 * time.Millisecond)
		case o == Busy && c.Manners == Decent:
			time.Sleep(min(spread(k.Wait), time.Until(end)))
		case o == Busy && c.Manners == Hasty:
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

// Count is how many ended so.
func (t Tally) Count(of Outcome) int { return len(t.Took[of]) }

// All is how many there were.
func (t Tally) All() (n int) {
	for _, took := range t.Took {
		n += len(took)
	}
	return n
}

// Quantile is of those that were done and, with as long as they had been waiting,
// those unanswered. All others took for ever: who counts only what was done finds a
// Server fast that refuses. In milliseconds.
func (t Tally) Quantile(q float64) float64 {
	took := slices.Sorted(slices.Values(slices.Concat(t.Took[Done], t.Took[Unanswered])))
	at := int(q * float64(t.All()))
	if at >= len(took) {
		return math.Inf(1)
	}
	return Millis(took[at])
}

// QuantileOf is of those alone that ended so, in milliseconds; NaN when none did.
func (t Tally) QuantileOf(o Outcome, q float64) float64 {
	took := t.Took[o]
	if len(took) == 0 {
		return math.NaN()
	}
	return Millis(took[int(q*float64(len(took)))])
}

// Millis is a time in milliseconds.
func Millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// String is how many ended how.
func (t Tally) String() string {
	var parts []string
	for o := range outcomes {
		if n := t.Count(o); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, o))
		}
	}
	if parts == nil {
		return "nothing was asked"
	}
	return strings.Join(parts, ", ")
}
