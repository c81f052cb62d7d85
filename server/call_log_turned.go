package server

import (
	"net/http"
	"sync"
	"time"

	"rator/calllog"
	"rator/failure"
)

// MostTurnedAway is how many calls of a minute the call log has that were turned away.
const MostTurnedAway = 60

// turnedAway bounds the calls in the call log for which nothing was done, since nobody
// was recognised or the server was busy: anybody can make thousands of them a second,
// which would push out all others. The first of each minute are kept, for who looks
// why their password is refused.
type turnedAway struct {
	mu     sync.Mutex
	minute time.Time
	kept   int
}

// isTurnedAway tells such a call by its answer.
func isTurnedAway(c *calllog.Call) bool {
	if c.Status == http.StatusServiceUnavailable || c.Status == http.StatusUnauthorized {
		return true
	}
	return c.Face == calllog.FaceSOAP && (c.ErrorCode == failure.NotAuthenticated.Number || c.ErrorCode == failure.TryAgain.Number)
}

// leavesOut reports whether there were enough such calls in the minute of c.
func (t *turnedAway) leavesOut(c *calllog.Call) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if minute := c.At.Truncate(time.Minute); !minute.Equal(t.minute) {
		t.minute, t.kept = minute, 0
	}
	t.kept++
	return t.kept > MostTurnedAway
}
