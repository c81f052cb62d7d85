// Package replay plays recorded exchanges against a server and says what differs
// (replay.md). Where a server comes from, what fixtures look like, how answers are
// compared and how results are shown are its parts' business; it plays.
package replay

import (
	"errors"
	"time"

	"rator/replay/compare"
	"rator/replay/fixture"
)

// Result is one scenario, played.
type Result struct {
	Scenario  *fixture.Scenario
	Started   time.Time
	Took      time.Duration
	Exchanges []Exchange // all of the scenario's; deeds are not in it
	// Err says why it was not played to the end: an *fixture.Error, an
	// *unreachableError, ErrInterrupted, or what a deed said. nil: it was.
	Err error
	// Variables are what ${…} stood for by then; nil without Err.
	Variables map[string]string
}

// Outcome is how an exchange or a scenario ended, the worst last.
type Outcome string

// The outcomes.
const (
	Equal     Outcome = "equal"
	Different Outcome = "different"
	Failed    Outcome = "failed" // could not be played
	// NotPlayed is an exchange that was not sent, or whose answer nobody waited for.
	NotPlayed Outcome = "not played"
	// Unfinished is a scenario whose playing was interrupted.
	Unfinished Outcome = "not finished"
)

// Exchange is one exchange, played. With --repeat it stands for all its
// repetitions: the figures are of all, the rest is of the first that was not equal.
type Exchange struct {
	Step fixture.Step
	// Operation is the hookpointKey, or else the name of the first element of the
	// body, or "" for what is no XML.
	Operation string
	Started   time.Duration // after its scenario's start
	Latency   Latency
	Status    int // of the answer
	ErrorCode int // of an answer of ours; 0 else
	Outcome   Outcome
	// Differences are those that count, in the order of the expected text.
	Differences []compare.Difference
	Err         error  // why it failed
	Why         string // it was not played, as in "step 01 failed: …"
	Cause       string // the number of the step that is to blame for that; "" = none is
	// Replaced are the values put in for recorded ones in the request.
	Replaced []Replacement
	// Sent, Want and Got are the bodies; nil when the exchange was equal.
	Sent, Want, Got []byte
	// Variables are what ${…} stood for by then, --set included; nil when the exchange
	// was equal.
	Variables map[string]string
}

// Replacement is a live value sent for a recorded one.
type Replacement struct {
	Recorded, Live string
	Why            string // id, volatile KEY, ${name}
}

// Latency is how long an exchange took, from the first byte sent to the last
// received.
type Latency struct {
	Count         int
	Sum, Min, Max time.Duration
}

// ErrInterrupted says that the playing of a scenario was interrupted.
var ErrInterrupted = errors.New("interrupted")

// Outcome is that of the worst of the scenario's exchanges that were played. It is
// Failed when it was not played to the end, and where one was not sent without any
// that is to blame.
func (r *Result) Outcome() Outcome {
	switch {
	case errors.Is(r.Err, ErrInterrupted):
		return Unfinished
	case r.Err != nil:
		return Failed
	}
	has := map[Outcome]bool{}
	for i := range r.Exchanges {
		has[r.Exchanges[i].Outcome] = true
	}
	switch {
	case has[Failed]:
		return Failed
	case has[Different]:
		return Different
	case has[NotPlayed]:
		return Failed
	}
	return Equal
}

// Summary is a whole playing.
type Summary struct {
	Endpoint  string // "" = a server in this process for each scenario
	Started   time.Time
	Took      time.Duration
	Scenarios map[Outcome]int
	Exchanges map[Outcome]int
	// Operations are the latencies by Exchange.Operation.
	Operations map[string]*Histogram
	// Planned is how many exchanges were to be played, with all repetitions; Played is
	// how many of them were sent and judged.
	Planned, Played int
	// Interrupted says that it ended before everything was played.
	Interrupted bool
	// Withheld is how many answers --update did not write, as later steps need what the
	// recorded ones give.
	Withheld int
	// Unreachable says that the endpoint was not there, or went away.
	Unreachable bool
	// Misused says that a fixture has a mistake.
	Misused bool
}

// Sink takes results as they come: each scenario once, in the order in which they
// were given, then the summary. It keeps no more than it must: there may be
// hundreds of thousands.
type Sink interface {
	Played(r *Result) error
	Done(s *Summary) error
}

// Observer is told of an exchange that got an answer: its operation and the bodies,
// which it must not keep.
type Observer func(operation string, sent, got []byte)

// Sinks tells several.
type Sinks []Sink

// Played tells each.
func (all Sinks) Played(r *Result) error {
	var err error
	for _, s := range all {
		err = errors.Join(err, s.Played(r))
	}
	return err
}

// Done tells each.
func (all Sinks) Done(s *Summary) error {
	var err error
	for _, one := range all {
		err = errors.Join(err, one.Done(s))
	}
	return err
}
