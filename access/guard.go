package access

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"net/netip"
	"time"

	"golang.org/x/sync/singleflight"

	"rator/failure"
	"rator/password"
	"rator/store"
)

// Credentials name an operator to the Guard. Certificate says that TLS has
// verified the name, so that no password is asked. Hint says where the caller may
// give an operator and a password; a refusal tells it when one of them is missing.
type Credentials struct {
	Operator, Password string
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
}

// Guard recognises operators. A right password is remembered for a minute,
// because argon2id costs tens of milliseconds; equal tries at the same time
// share one run of it. Safe for concurrent use.
type Guard struct {
	config   GuardConfig
	running  singleflight.Group
	verified *recent[proof, struct{}]
	wrong    wrongTries
	nonces   *usedNonces
	pairs    *recent[pair, int] // how often one acted for another
}

// proof stands for one operator, as of one version, with one password.
type proof [sha256.Size]byte

const (
	verifiedKept     = time.Minute
	mostVerifiedKept = 4096
	keyBytes         = 32
)

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
	return &Guard{
		config: c, verified: newRecent[proof, struct{}](verifiedKept, mostVerifiedKept), wrong: newWrongTries(),
		nonces: newUsedNonces(c.Now(), c.MostNonces), pairs: newRecent[pair, int](pairsKept, mostPairsKept),
	}, nil
}

// Authenticate recognises who calls, reading the operator in a transaction of
// its own and verifying outside of it. Every refusal is
// failure.NotAuthenticated, whatever was wrong, and waits the longer the more
// wrong tries there were in a row; what names nobody is no try and does not wait.
// The result is without the password hash.
func (g *Guard) Authenticate(ctx context.Context, st store.Store, c Credentials, remote netip.Addr) (*Operator, error) {
	if c.Operator == "" {
		return nil, c.refusal()
	}
	var o *Operator
	err := st.View(ctx, func(tx store.Tx) (err error) {
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
	delay, err := g.verify(o, c.Password, newTry(c.Operator, place(remote)))
	if failure.CodeOf(err) == failure.NotAuthenticated {
		err = c.refusal()
	}
	if err != nil {
		g.config.Sleep(ctx, delay)
		return nil, err
	}
	return o.public(), nil
}

// CheckPassword asks, inside a read transaction, whether an operator has that
// password and the right to a hookpoint (SOAP_AUTHENTICATE_OPERATOR, rator-api.md
// 3.1); by is the operator who asks. It fails with OperatorCheckFailed, whichever
// of them was wrong. It does not sleep: delay is how long the answer must be held
// back once the transaction is over.
func (g *Guard) CheckPassword(tx store.Tx, name, plain, hookpoint, by string) (delay time.Duration, err error) {
	o, err := g.known(tx, name)
	if err != nil {
		return 0, err
	}
	delay, err = g.verify(o, plain, newTry(name, "operator "+by))
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

// verify fails with failure.NotAuthenticated, and then says how long that answer
// waits. A nil operator, a disabled one and one without a password cost as much
// as a wrong password.
func (g *Guard) verify(o *Operator, plain string, t try) (delay time.Duration, err error) {
	hash, may := password.Dummy(), false
	if o == nil {
		o = &Operator{Name: t.operator}
	} else if o.Enabled && o.PasswordHash != "" {
		hash, may = o.PasswordHash, true
	}
	right, err := g.compare(g.proof(o, plain), hash, plain)
	if err != nil {
		return 0, err
	}
	if !right || !may {
		return g.wrong.delay(t, g.config.Now()), failure.NotAuthenticated.Error()
	}
	g.wrong.reset(t)
	return 0, nil
}

// compare says whether plain is the password of hash, once a minute by argon2id.
// Who asks the same thing meanwhile gets the same answer. It is not left early
// when a caller goes away: callers who hang up must not pile up work that nobody
// counts.
func (g *Guard) compare(p proof, hash, plain string) (right bool, err error) {
	answer, err, _ := g.running.Do(string(p[:]), func() (any, error) {
		if _, known := g.verified.get(p, g.config.Now()); known {
			return true, nil
		}
		right, err := g.config.Verify(hash, plain)
		if err == nil && right {
			g.verified.change(p, g.config.Now(), func(none struct{}) struct{} { return none })
		}
		return right, err
	})
	right, _ = answer.(bool)
	return right, err
}

// proof is a keyed hash: whoever reads the memory of this process learns no
// password from it, and comparing it tells nothing by its time. A change of the
// operator moves the version, so that no older proof counts any more.
func (g *Guard) proof(o *Operator, plain string) proof {
	mac := hmac.New(sha256.New, g.config.Key)
	fmt.Fprintf(mac, "%d %d %q %q", o.ID, o.Version, o.Name, plain)
	return proof(mac.Sum(nil))
}

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
