package access

import (
	"net/netip"
	"time"
)

// Logins makes guessing the passwords of a site's customers slow, as the Guard does
// with those of operators: the answer to a wrong try waits, longer with each one in a
// row for that login, and with each one too many from that source. A right one never
// waits, and nobody is locked out. It remembers in memory, the last so many of each, and
// counts together with other servers of the store. Safe for concurrent use.
type Logins struct {
	now      func() time.Time
	byLogin  counted // wrong tries in a row
	bySource counted // wrong tries, of which a right one takes half away
}

const (
	firstLoginDelay   = 250 * time.Millisecond
	longestLoginDelay = 4 * time.Second // SOAP clients give up at 15 s (rator-api.md 1.9)

	// freeBySource is how many wrong tries of a source cost only what those of their
	// logins do: behind a shop's server there are many who mistype.
	freeBySource = 20
)

// What the tries are told apart by from those at operators, which come from a place.
const (
	atLogin    = "customer's login"
	fromSource = "source of customers' logins"
)

func ofLogins(t Try) bool { return t.From == atLogin || t.From == fromSource }

// NewLogins makes Logins with a clock; the zero SharedTries is of the store's only server.
func NewLogins(now func() time.Time, shared SharedTries) *Logins {
	return &Logins{now: now, byLogin: newCounted(shared), bySource: newCounted(shared)}
}

// Source is where calls of an operator from an address come from: the operator's own
// customers, at that place.
func Source(operator string, remote netip.Addr) string { return operator + " " + place(remote) }

// Tried counts one try of a login's password from a source, and says how long its
// answer waits. A login is whatever tells one from another; "" is none.
func (l *Logins) Tried(login, source string, right bool) time.Duration {
	now, of, from := l.now(), Try{Who: hashed(login), From: atLogin}, Try{Who: tame(source), From: fromSource}
	if right {
		l.byLogin.right(of, false, now)
		l.bySource.right(from, true, now)
		return 0
	}
	wrong := l.bySource.wrong(from, now) - freeBySource
	if login != "" {
		wrong = max(wrong, l.byLogin.wrong(of, now))
	}
	return min(firstLoginDelay<<min(max(wrong, 1)-1, 10), longestLoginDelay)
}

// HeardTries has tries of logins and their sources count that all servers of the store have
// counted, together with this one. Others are none of theirs.
func (l *Logins) HeardTries(t Try, n func() int) {
	switch t.From {
	case atLogin:
		l.byLogin.heard(t, n, l.now())
	case fromSource:
		l.bySource.heard(t, n, l.now())
	}
}
