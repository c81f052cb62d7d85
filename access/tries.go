package access

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Try is what wrong tries are counted of: somebody, and where the tries came from. Of an
// operator that is there Who is the name. All else is no text that people typed, as they
// type their passwords anywhere: it is hashed, or says a source.
type Try struct {
	Who, From string
	Known     bool // an operator is there that has the name
}

const (
	triesKept     = 10 * time.Minute
	mostTriesKept = 10_000
)

// SharedTries is told of what other servers of the same store are to count too. It does
// not wait for them; what they count comes by Guard.HeardTries and Logins.HeardTries.
// Without Wrong nobody else counts.
type SharedTries struct {
	// Wrong is one more wrong try.
	Wrong func(Try)
	// Right is a try that was right after some that were wrong: they count no more, or
	// half of them do.
	Right func(t Try, half bool)
}

// counted are wrong tries, of this server and of others that share them.
type counted struct {
	tries  *recent[Try, int]
	shared SharedTries
}

func newCounted(shared SharedTries) counted {
	return counted{newRecent[Try, int](triesKept, mostTriesKept), shared}
}

// wrong counts one more, and says how many they are.
func (c counted) wrong(t Try, now time.Time) int {
	n := c.tries.change(t, now, func(n int) int { return n + 1 })
	if c.shared.Wrong != nil {
		c.shared.Wrong(t)
	}
	return n
}

// right has those before count no more.
func (c counted) right(t Try) {
	if c.tries.forget(t) && c.shared.Right != nil {
		c.shared.Right(t, false)
	}
}

// halve has half of those before count.
func (c counted) halve(t Try, now time.Time) {
	switch n, found := c.tries.get(t, now); {
	case !found:
		return
	case n > 1:
		c.tries.change(t, now, func(n int) int { return n / 2 })
	default:
		c.tries.forget(t)
	}
	if c.shared.Right != nil {
		c.shared.Right(t, true)
	}
}

// heard has so many count as all servers have counted, together with this one.
func (c counted) heard(t Try, n int, now time.Time) {
	if n == 0 {
		c.tries.forget(t)
		return
	}
	c.tries.change(t, now, func(int) int { return n })
}

// hashed stands for a text that somebody typed.
func hashed(text string) string {
	hash := sha256.Sum256([]byte(text))
	return hex.EncodeToString(hash[:])
}
