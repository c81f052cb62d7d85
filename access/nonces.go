package access

import (
	"container/heap"
	"crypto/sha256"
	"sync"
	"time"

	"rator/failure"
	"rator/store"
)

// mostNonces are remembered of one operator: less than 20 MB.
const mostNonces = 100_000

// usedNonces remembers the nonces of tokens for as long as the token itself may
// still be taken. It is empty at the start, so that tokens of before are refused.
// Safe for concurrent use.
type usedNonces struct {
	start time.Time
	most  int // of one operator

	mu sync.Mutex
	of map[store.ID]*nonces
}

// nonces are those of one operator.
type nonces struct {
	used   map[sum]sum // what was asked for, by the nonce
	oldest byCreated
	// forgotten is up to when tokens may have been let go: those of then and before
	// are not taken.
	forgotten time.Time
}

type usedNonce struct {
	created time.Time
	nonce   sum
}

// sum stands for a nonce, and for what was asked for with it.
type sum = [sha256.Size]byte

// newUsedNonces counts the start by whole seconds, as most clients write Created:
// a token of the server's first second is not one of before.
func newUsedNonces(start time.Time, most int) *usedNonces {
	return &usedNonces{start: start.Truncate(time.Second).Add(-1), most: most, of: map[store.ID]*nonces{}}
}

// use notes the nonce of a token made at created, and what is asked for with it: "",
// or what may be asked for again. It fails with UsedToken, and with StaleToken for a
// token of before the start, or of a time whose nonces had to be let go because there
// were too many.
func (u *usedNonces) use(operator store.ID, nonce []byte, asked string, created, now time.Time) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	n := u.of[operator]
	if n == nil {
		n = &nonces{used: map[sum]sum{}, forgotten: u.start}
		u.of[operator] = n
	}
	for len(n.oldest) > 0 && n.oldest[0].created.Before(now.Add(-tokenAge)) {
		n.forget()
	}
	one, request := usedNonce{created, sha256.Sum256(nonce)}, sha256.Sum256([]byte(asked))
	switch before, used := n.used[one.nonce]; {
	case used && asked != "" && before == request:
		return nil
	case used:
		return errUsedToken
	case created.After(n.forgotten):
	case n.forgotten.Equal(u.start):
		return StaleToken.With("Created is %s, and the server was started after that: send a new token", shown(created))
	default:
		return StaleToken.With("Created is %s, and there were more than %d tokens since then: send a new one", shown(created), u.most)
	}
	n.used[one.nonce] = request
	heap.Push(&n.oldest, one)
	if len(n.oldest) > u.most {
		n.forgotten = n.oldest[0].created
		n.forget()
	}
	return nil
}

// SharedNonces remembers the nonces of all servers of a store: it keeps one of an operator
// until then, and what was asked for with it. Where that was done before, it gives what was
// asked for then. It does not take long.
type SharedNonces func(operator store.ID, nonce, asked [sha256.Size]byte, until time.Time) (before [sha256.Size]byte, used bool, err error)

// clocksApart is how far the clocks of servers may be apart that share nonces.
const clocksApart = time.Minute

// useShared is usedNonces.use with nonces that other servers know too, and which a restart
// does not forget. It fails with failure.TryAgain where they cannot be asked.
func useShared(shared SharedNonces, operator store.ID, nonce []byte, asked string, created time.Time) error {
	request := sha256.Sum256([]byte(asked))
	before, used, err := shared(operator, sha256.Sum256(nonce), request, created.Add(tokenAge+clocksApart))
	switch {
	case err != nil:
		return failure.TryAgain.Because(err)
	case used && (asked == "" || before != request):
		return errUsedToken
	}
	return nil
}

var errUsedToken = UsedToken.With("make a new Nonce for each message")

// forget lets go of the oldest.
func (n *nonces) forget() { delete(n.used, heap.Pop(&n.oldest).(usedNonce).nonce) }

// byCreated is a heap with the oldest token at 0.
type byCreated []usedNonce

func (b byCreated) Len() int           { return len(b) }
func (b byCreated) Less(i, j int) bool { return b[i].created.Before(b[j].created) }
func (b byCreated) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }
func (b *byCreated) Push(x any)        { *b = append(*b, x.(usedNonce)) }
func (b *byCreated) Pop() any {
	last := len(*b) - 1
	x := (*b)[last]
	*b = (*b)[:last]
	return x
}
