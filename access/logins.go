package access

import (
	"net/netip"
	"time"
)

// Logins makes guessing the passwords of a site's customers slow, as the Guard does
// with those of operators: the answer to a wrong try waits, longer with each one in a
// row for that login, and with each one too many from that source. A right one never
// waits, and nobody is locked out. It remembers in memory, the last so many of each.
// Safe for concurrent use.
type Logins struct {
	now      func() time.Time
	byLogin  *recent[string, int] // wrong tries in a row
	bySource *recent[string, int] // wrong tries, of which a right one takes half away
}

const (
	firstLoginDelay   = 250 * time.Millisecond
	longestLoginDelay = 4 * time.Second // SOAP clients give up at 15 s (rator-api.md 1.9)

	// freeBySource is how many wrong tries of a source cost only what those of their
	// logins do: behind a shop's server there are many who mistype.
	freeBySource = 20
)

// NewLogins makes Logins with a clock.
func NewLogins(now func() time.Time) *Logins {
	return &Logins{now: now, byLogin: newRecent[string, int](triesKept, mostTriesKept), bySource: newRecent[string, int](triesKept, mostTriesKept)}
}

// Source is where calls of an operator from an address come from: the operator's own
// customers, at that place.
func Source(operator string, remote netip.Addr) string { return operator + " " + place(remote) }

// Tried counts one try of a login's password from a source, and says how long its
// answer waits. A login is whatever tells one from another; "" is none.
func (l *Logins) Tried(login, source string, right bool) time.Duration {
	now := l.now()
	login, source = tame(login), tame(source)
	if right {
		l.byLogin.forget(login)
		if _, found := l.bySource.get(source, now); found {
			l.bySource.change(source, now, func(wrong int) int { return wrong / 2 })
		}
		return 0
	}
	wrong := l.bySource.change(source, now, func(wrong int) int { return wrong + 1 }) - freeBySource
	if login != "" {
		wrong = max(wrong, l.byLogin.change(login, now, func(wrong int) int { return wrong + 1 }))
	}
	return min(firstLoginDelay<<min(max(wrong, 1)-1, 10), longestLoginDelay)
}
