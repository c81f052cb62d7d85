package access_test

import (
	"bytes"
	"context"
	"net/netip"
	"sync"
	"testing"
	"time"

	"rator/access"
	"rator/failure"
	"rator/store"
)

const secret = "s3cret"

// secretHash is a hash of secret by its form only: the fixture's Verify knows it.
const secretHash = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g"

var (
	office = netip.MustParseAddr("192.0.2.7")
	home   = netip.MustParseAddr("198.51.100.9")
)

// guarded is a Guard over a store, with a clock that stands still, a Verify that
// is fast and counted, and a Sleep that only takes notes.
type guarded struct {
	*access.Guard
	st store.Store

	mu     sync.Mutex
	now    time.Time
	hashes []string // that Verify was asked about
	slept  []time.Duration
	hold   chan struct{}                          // set: Verify waits until it is closed
	verify func(hash, plain string) (bool, error) // what it then says
}

func newGuarded(t *testing.T, operators ...access.NewOperator) *guarded {
	t.Helper()
	g := &guarded{st: openStore(t), now: noon}
	g.verify = func(hash, plain string) (bool, error) { return hash == secretHash && plain == secret, nil }
	guard, err := access.NewGuard(access.GuardConfig{
		Now: func() time.Time { return g.now },
		Key: bytes.Repeat([]byte{7}, 32),
		Verify: func(hash, plain string) (bool, error) {
			g.mu.Lock()
			g.hashes = append(g.hashes, hash)
			g.mu.Unlock()
			if g.hold != nil {
				<-g.hold
			}
			return g.verify(hash, plain)
		},
		Sleep: func(_ context.Context, d time.Duration) {
			g.mu.Lock()
			defer g.mu.Unlock()
			g.slept = append(g.slept, d)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	g.Guard = guard
	for _, n := range operators {
		add(t, g.st, n)
	}
	return g
}

var shop = access.NewOperator{Name: "shop", PasswordHash: secretHash, Brands: []string{"DEMO"}, Rights: []string{"SOAP_GET_*"}, Trusted: []string{"10.0.0.0/8", "fe80::/10"}}

func (g *guarded) ask(c access.Credentials, from netip.Addr) (*access.Operator, error) {
	return g.Authenticate(context.Background(), g.st, c, from)
}

// try asks with a password from the office and says whether it was right.
func (g *guarded) try(t *testing.T, plain string) bool {
	t.Helper()
	_, err := g.ask(access.Credentials{Operator: "shop", Password: plain}, office)
	if err != nil {
		wantCode(t, err, failure.NotAuthenticated)
	}
	return err == nil
}
