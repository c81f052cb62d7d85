package delivery

import (
	"errors"
	"math/rand/v2"
	"time"
)

// State is what becomes of a subscriber's messages.
type State string

// The states. What a suspended subscriber would be told is kept for it.
const (
	Active    State = "ACTIVE"
	Suspended State = "SUSPENDED"
)

// Standing is how it goes with a subscriber. What is kept of one embeds it.
type Standing struct {
	State    State
	Reason   string    // of a suspension, or of the last failure
	Attempts int       // that failed in a row
	Next     time.Time // no attempt before
	Since    time.Time // registered, suspended or resumed
}

// mostAttempts is how many times in a row a subscriber may fail before it is suspended.
const mostAttempts = 10

// longestPause bounds the time between two attempts.
const longestPause = 5 * time.Minute

// Backoff is a second after the first failure and twice as much after each further one,
// up to five minutes, give or take a quarter: ten attempts take about ten minutes.
func Backoff(failed int) time.Duration {
	d := min(time.Second<<min(failed-1, 20), longestPause)
	return d - d/4 + rand.N(d/2)
}

// Due reports whether a subscriber may be told something now. A pause that ends later than
// any may was made by a clock that was ahead, and is over.
func (s *Standing) Due(now time.Time) bool {
	return s.State == Active && (!s.Next.After(now) || s.Next.Sub(now) > mostAfter)
}

// Failed counts an attempt that failed, after which a subscriber is left alone at least as
// long as it asks. The tenth in a row suspends.
func (s *Standing) Failed(why error, now time.Time, backoff func(failed int) time.Duration) {
	s.Attempts++
	s.Reason = reasonOf(why).Error()
	pause := backoff(s.Attempts)
	if status := (*StatusError)(nil); errors.As(why, &status) {
		pause = max(pause, status.After)
	}
	s.Next = now.Add(pause)
	if s.Attempts >= mostAttempts && s.State == Active {
		s.Suspend(s.Reason, now)
	}
}

// Took forgets failures, and reports whether there were any.
func (s *Standing) Took() (changed bool) {
	if s.Attempts == 0 {
		return false
	}
	s.Reason, s.Attempts, s.Next = "", 0, time.Time{}
	return true
}

// Suspend has a subscriber told nothing until it is resumed.
func (s *Standing) Suspend(reason string, now time.Time) {
	s.State, s.Reason, s.Since, s.Next = Suspended, reason, now, time.Time{}
}

// Resume has a subscriber told what it was not told, and at once. It is also how a new one
// begins.
func (s *Standing) Resume(now time.Time) { *s = Standing{State: Active, Since: now} }
