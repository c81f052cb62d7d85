package load

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"time"

	"rator/replay"
)

// Callers make callers that play courses: each plays one to its end and then the one that
// is next for all of them, from the first again after the last.
type Callers struct {
	courses []*replay.Course
	next    atomic.Int64
}

// Of plays courses, of which there is at least one.
func Of(courses []*replay.Course) *Callers { return &Callers{courses: courses} }

// New makes a caller.
func (c *Callers) New() Caller { return &caller{all: c} }

// caller plays courses.
type caller struct {
	all   *Callers
	steps *replay.Steps // nil = a new playing begins
}

// Call sends the next request of the course, or the first of the next course.
func (c *caller) Call(ctx context.Context) (made Call) {
	for {
		begun := time.Now()
		if c.steps == nil {
			var err error
			if c.steps, err = c.begin(ctx); err != nil {
				c.steps = nil
				return ended(begun, nil, err, made.Skipped)
			}
		}
		before := c.steps.Skipped
		a, err := c.steps.Next(ctx)
		made.Skipped += c.steps.Skipped - before
		if a != nil || err != nil {
			return ended(begun, a, err, made.Skipped)
		}
		c.steps = nil
	}
}

func (c *caller) begin(ctx context.Context) (*replay.Steps, error) {
	n := c.all.next.Add(1) - 1
	of := int64(len(c.all.courses))
	return c.all.courses[n%of].Begin(ctx, int(n/of)+1)
}

// ended is a call that got an answer, or an error.
func ended(begun time.Time, a *replay.Answer, err error, skipped int) Call {
	made := Call{Begun: begun, Ended: time.Now(), Skipped: skipped, Err: err}
	if a != nil {
		made.Operation = a.Operation
	}
	if err != nil {
		made.Outcome = unanswered(err)
		return made
	}
	made.Begun, made.Ended, made.Outcome = a.Begun, a.Came, outcomeOf(a.Status, a.Body)
	made.Expected = made.Outcome == fine || made.Outcome == recorded(a)
	return made
}

// unanswered is how a call ends that gets no answer.
func unanswered(err error) string {
	var late net.Error
	if errors.As(err, &late) && late.Timeout() {
		return "no answer in time"
	}
	return "no answer"
}
