package store

import (
	"slices"
	"sync"
)

// Copies are decoded copies of what a stable kind holds in one state: answers to
// questions that were asked of it. A driver gives new ones, by NewCopies, to each
// state that differs in the kind, so that nothing in them ever gets old. Safe for
// concurrent use; nil Copies have and keep nothing.
//
// They are bounded, whatever is asked: where there is no room, some answer goes.
type Copies struct {
	mu      sync.RWMutex
	answers map[question]answer
	size    int // of all answers
	nul     bool
}

// NewCopies are empty.
func NewCopies() *Copies { return &Copies{answers: map[question]answer{}} }

// question is what can be asked: for the thing of an id, for the first with a value
// in an index, or for all with it; for all without an index, too.
type question struct {
	all          bool
	index, value string
	id           ID
}

type answer struct {
	things any // []*T
	size   int
}

const (
	mostInAnswer = 1024 // things; a longer list is read each time
	mostInCopies = 8192 // things, and questions
	longestAsked = 256  // bytes of a value: longer ones are read each time
)

// answerOf is what is known to answer q. The things are not to be changed.
func answerOf[T any](c *Copies, q question) (things []*T, known bool) {
	if c == nil || len(q.value) > longestAsked {
		return nil, false
	}
	c.mu.RLock()
	a, known := c.answers[q]
	c.mu.RUnlock()
	if known {
		things = a.things.([]*T)
	}
	return things, known
}

// HoldNUL reports whether what was copied HoldsNUL.
func (c *Copies) HoldNUL() bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.nul
}

// keep takes in what answers q, so many things, of these documents.
func (c *Copies) keep(q question, things any, count int, of ...Record) {
	if c == nil || len(q.value) > longestAsked {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(q)
	for other := range c.answers { // in no order, so that no way of asking drives out all others
		if c.size+count < mostInCopies {
			break
		}
		c.drop(other)
	}
	c.nul = c.nul || slices.ContainsFunc(of, func(r Record) bool { return HoldsNUL(r.Doc) })
	c.answers[q] = answer{things, count + 1}
	c.size += count + 1
}

func (c *Copies) drop(q question) {
	c.size -= c.answers[q].size
	delete(c.answers, q)
}
