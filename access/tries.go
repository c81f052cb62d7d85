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
// not wait for them; what they count comes by Guard.HeardTries and Logins.HeardTries, whose
// number is asked for while nothing is counted. Without Wrong nobody else counts.
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

// replace has another number of tries count, of which others are told before anybody here
// counts or hears of one more.
func (c counted) replace(t Try, now time.Time, f func(n int) int) int {
	return c.tries.replace(t, now, func(n int) (int, bool) {
		n = f(n)
		return n, n > 0
	})
}

// wrong counts one more, and says how many they are.
func (c counted) wrong(t Try, now time.Time) int {
	return c.replace(t, now, func(n int) int {
		if c.shared.Wrong != nil {
			c.shared.Wrong(t)
		}
		return n + 1
	})
}

// right has those before count no more, or half of them.
func (c counted) right(t Try, half bool, now time.Time) {
	c.replace(t, now, func(n int) int {
		if n > 0 && c.shared.Right != nil {
			c.shared.Right(t, half)
		}
		if half {
			return n / 2
		}
		return 0
	})
}

// heard has so many count as all servers have counted, together with this one.
func (c counted) heard(t Try, n func() int, now time.Time) {
	c.replace(t, now, func(int) int { return n() })
}

// hashed stands for a text that somebody typed.
func hashed(text string) string {
	hash := sha256.Sum256([]byte(text))
	return hex.EncodeToString(hash[:])
}
