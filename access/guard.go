package access

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"net/netip"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"rator/failure"
	"rator/password"
	"rator/store"
)

// Credentials name an operator to the Guard. Certificate says that TLS has
// verified the name, so that no password is asked. Bearer says that a token is how the
// caller says who asks (HTTP Bearer), and that Token is its text; then nothing else
// counts. Hint says where the caller may give an operator and a password; a refusal
// tells it when one of them is missing.
type Credentials struct {
	Operator, Password string
	Token              string
	Bearer             bool
	Certificate        bool
	Hint               string
}

// GuardConfig is what a Guard is made of.
type GuardConfig struct {
	Now    func() time.Time
	Key    []byte                                     // at least 32 random bytes, of this process and kept nowhere
	Verify func(hash, plain string) (bool, error)     // password.Verify
	Sleep  func(ctx context.Context, d time.Duration) // nil = really sleep, at most until ctx ends
	Demo   bool                                       // operators of a demo are let in

	LenientTokens bool // no operator is held to StrictTokens
	// Tolerated is told of what a strict operator would be refused for (CheckSecurity);
	// may be nil.
	Tolerated  func(operator string, refusal *failure.Code)
	MostNonces int // remembered of one operator; 0 = 100,000
	// Hashes is how many passwords of who is not known yet are hashed at a time, those
	// of who was wrong too often not counted; 0 = one less than there are cores, at
	// least one.
	Hashes int
	// Tries and Nonces are of all servers of the store; without, this is its only one.
	Tries  SharedTries
	Nonces SharedNonces
}

// Guard recognises operators. A right password is known for ten minutes after its
// last use; one that is not known is hashed in a lane (lanes.go), which costs tens of
// milliseconds. Call it before a call takes a turn: nothing here needs one, and who
// is not recognised must not hold one. Safe for concurrent use.
type Guard struct {
	config   GuardConfig
	macs     sync.Pool // of hash.Hash with the Key, for proofs
	verified *recent[proof, struct{}]
	lanes    *lanes
	wrong    wrongTries
	held     atomic.Int64 // answers, at the moment
	nonces   *usedNonces
	pairs    *recent[pair, int] // how often one acted for another
	hashed   atomic.Int64       // passwords, since the start
}

const keyBytes = 32

// NewGuard makes a Guard. It fails when a part is missing.
func NewGuard(c GuardConfig) (*Guard, error) {
	if c.Now == nil || c.Verify == nil || len(c.Key) < keyBytes {
		return nil, fmt.Errorf("access: a guard needs Now, Verify and a Key of %d bytes, not of %d", keyBytes, len(c.Key))
	}
	if c.Sleep == nil {
		c.Sleep = sleep
	}
	if c.Tolerated == nil {
		c.Tolerated = func(string, *failure.Code) {}
	}
	if c.MostNonces == 0 {
		c.MostNonces = mostNonces
	}
	if c.Hashes == 0 {
		c.Hashes = max(1, runtime.GOMAXPROCS(0)-1)
	}
	return &Guard{
		macs:   sync.Pool{New: func() any { return hmac.New(sha256.New, c.Key) }},
		config: c, verified: newRecent[proof, struct{}](verifiedKept, mostVerifiedKept), lanes: newLanes(c.Now, c.Hashes), wrong: newWrongTries(c.Tries),
		nonces: newUsedNonces(c.Now(), c.MostNonces), pairs: newRecent[pair, int](pairsKept, mostPairsKept),
	}, nil
}

// Authenticate recognises who calls, reading the operator for itself and verifying
// outside of any transaction. A refusal is failure.NotAuthenticated, whatever was
// wrong, and waits the longer the more wrong tries there were in a row; what names
// nobody is no try and does not wait, nor does a token, which nobody guesses. It is
// failure.TryAgain when too many passwords wait to be hashed, or when ctx ends before
// that one was. The result is without the password hash. Credentials.Named says whom
// a refused caller named.
func (g *Guard) Authenticate(ctx context.Context, st store.Store, c Credentials, remote netip.Addr) (*Operator, error) {
	if c.Bearer {
		return g.byToken(ctx, st, c.Token)
	}
	if c.Operator == "" {
		return nil, c.refusal()
	}
	var o *Operator
	err := st.Look(ctx, func(tx store.Tx) (err error) {
		o, err = g.known(tx, c.Operator)
		return err
	})
	if err != nil {
		return nil, err
	}
	if o != nil && o.Enabled && (c.Certificate || o.trusts(remote)) {
		return o.public(), nil
	}
	if c.Certificate {
		return nil, c.refusal()
	}
	delay, err := g.verify(ctx, o, c.Password, newTry(c.Operator, place(remote)), laneKey{})
	if failure.CodeOf(err) == failure.NotAuthenticated {
		err = c.refusal()
	}
	if err != nil {
		g.hold(ctx, delay)
		return nil, err
	}
	return o.public(), nil
}

// Known is who calls where that is known without hashing a password: by a token, a
// certificate, a trusted network, or a password that was right a short while ago. It is
// nil for everybody else, which is no refusal, and no try.
func (g *Guard) Known(ctx context.Context, st store.Store, c Credentials, remote netip.Addr) *Operator {
	if c.Bearer {
		o, _ := g.byToken(ctx, st, c.Token)
		return o
	}
	if c.Operator == "" {
		return nil
	}
	var o *Operator
	err := st.Look(ctx, func(tx store.Tx) (err error) {
		o, err = g.known(tx, c.Operator)
		return err
	})
	if err != nil || o == nil || !o.Enabled {
		return nil
	}
	known := c.Certificate || o.trusts(remote)
	if !known && o.PasswordHash != "" {
		_, known = g.verified.use(g.proof(o, c.Password), g.config.Now())
	}
	if !known {
		return nil
	}
	return o.public()
}

// CheckPassword asks, inside a read transaction, whether an operator has that
// password and the right to a hookpoint (SOAP_AUTHENTICATE_OPERATOR, rator-api.md
// 3.1); by is the operator who asks. It fails with OperatorCheckFailed, whichever
// of them was wrong, and with failure.TryAgain as Authenticate does; strangers take
// none of its lanes. It does not sleep: delay is how long the answer must be held
// back once the transaction is over.
func (g *Guard) CheckPassword(ctx context.Context, tx store.Tx, name, plain, hookpoint, by string) (delay time.Duration, err error) {
	o, err := g.known(tx, name)
	if err != nil {
		return 0, err
	}
	from := "operator " + by
	delay, err = g.verify(ctx, o, plain, newTry(name, from), laneKey{place: from})
	if failure.CodeOf(err) == failure.NotAuthenticated || err == nil && !o.May(hookpoint) {
		return delay, OperatorCheckFailed.Error()
	}
	return delay, err
}

// known gives nil for an operator that is not there, and for that of a demo where
// none is given: one whose password everybody knows is nobody, by whatever way.
func (g *Guard) known(tx store.Tx, name string) (*Operator, error) {
	o, err := known(tx, name)
	if o != nil && o.Demo && !g.config.Demo {
		return nil, err
	}
	return o, err
}

// known gives nil for an operator that is not there.
func known(tx store.Tx, name string) (*Operator, error) {
	o, err := find(tx, name)
	if failure.CodeOf(err) == UnknownOperator {
		return nil, nil
	}
	return o, err
}

// dummy is compared where there is no hash.
var dummy = password.Dummy()

// verify fails with failure.NotAuthenticated, or with failure.TryAgain where too many
// wait, and says how long that answer waits. A nil operator, a disabled one and one
// without a password cost as much as a wrong password; their lane is nobody.
func (g *Guard) verify(ctx context.Context, o *Operator, plain string, t Try, nobody laneKey) (delay time.Duration, err error) {
	hash, exists, in := dummy, false, nobody
	if o == nil {
		o = &Operator{Name: t.Who}
	} else if o.Enabled && o.PasswordHash != "" {
		hash, exists, in = o.PasswordHash, true, laneKey{o.Name, t.From}
	}
	right, err := g.compare(ctx, g.proof(o, plain), hash, plain, in, !exists || g.wrong.doubted(t, g.config.Now()))
	switch {
	case err == errFull:
		return refusedDelayOf(g.lanes.refusals()), err
	case err != nil:
		return 0, err
	case !right || !exists:
		return g.wrong.delay(t, exists, g.config.Now()), failure.NotAuthenticated.Error()
	}
	g.wrong.reset(t, g.config.Now())
	return 0, nil
}

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
