package access_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/access"
	"rator/failure"
	"rator/password"
	"rator/store"
)

func TestAuthenticate(t *testing.T) {
	disabled := shop
	disabled.Name = "gone"
	noPassword := shop
	noPassword.Name, noPassword.PasswordHash = "batch", ""
	lan := netip.MustParseAddr("10.1.2.3")
	tests := []struct {
		name string
		ask  access.Credentials
		from netip.Addr
		in   bool
		runs []string // the hashes that were compared
	}{
		{"right", access.Credentials{Operator: "shop", Password: secret}, office, true, []string{secretHash}},
		{"wrong", access.Credentials{Operator: "shop", Password: "wrong"}, office, false, []string{secretHash}},
		{"empty", access.Credentials{Operator: "shop", Hint: "here"}, office, false, []string{secretHash}},
		{"unknown", access.Credentials{Operator: "shpo", Password: secret}, office, false, []string{password.Dummy()}},
		{"name of another case", access.Credentials{Operator: "SHOP", Password: secret}, office, false, []string{password.Dummy()}},
		{"no possible name", access.Credentials{Operator: "sh op", Password: secret}, office, false, []string{password.Dummy()}},
		{"nobody", access.Credentials{Hint: "here"}, office, false, nil},
		{"nobody, with a certificate", access.Credentials{Certificate: true}, office, false, nil},
		{"disabled", access.Credentials{Operator: "gone", Password: secret}, office, false, []string{password.Dummy()}},
		{"operator without password", access.Credentials{Operator: "batch"}, office, false, []string{password.Dummy()}},

		{"trusted network", access.Credentials{Operator: "shop"}, lan, true, nil},
		{"trusted network, IPv4 in IPv6", access.Credentials{Operator: "shop"}, netip.MustParseAddr("::ffff:10.1.2.3"), true, nil},
		{"trusted network with a zone", access.Credentials{Operator: "shop"}, netip.MustParseAddr("fe80::1%eth0"), true, nil},
		{"trusted network, without password at all", access.Credentials{Operator: "batch"}, lan, true, nil},
		{"trusted network, disabled", access.Credentials{Operator: "gone"}, lan, false, []string{password.Dummy()}},
		{"trusted network, unknown", access.Credentials{Operator: "shpo"}, lan, false, []string{password.Dummy()}},
		{"address unknown", access.Credentials{Operator: "shop"}, netip.Addr{}, false, []string{secretHash}},

		{"certificate", access.Credentials{Operator: "shop", Certificate: true}, office, true, nil},
		{"certificate, disabled", access.Credentials{Operator: "gone", Certificate: true}, office, false, nil},
		{"certificate, unknown", access.Credentials{Operator: "shpo", Certificate: true}, office, false, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := newGuarded(t, shop, disabled, noPassword)
			update(t, g.st, func(tx store.Tx) error { return access.Disable(tx, local, "gone") })
			o, err := g.ask(tt.ask, tt.from)
			if diff := cmp.Diff(tt.runs, g.hashes); diff != "" {
				t.Errorf("hashes compared: %s", diff)
			}
			if !tt.in {
				// A refusal reads the same whoever is or is not there: it tells of what was asked.
				want := "NOT_AUTHENTICATED: operator or password is wrong"
				switch {
				case tt.ask.Operator == "":
					want = "NOT_AUTHENTICATED: no operator is given"
				case tt.ask.Password == "" && !tt.ask.Certificate:
					want = "NOT_AUTHENTICATED: no password is given"
				}
				if tt.ask.Hint != "" {
					want += ": " + tt.ask.Hint
				}
				if diff := cmp.Diff(want, fmt.Sprint(err)); diff != "" {
					t.Error(diff)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if o.Name != tt.ask.Operator || o.PasswordHash != "" {
				t.Errorf("got operator %q with hash %q, want %q without", o.Name, o.PasswordHash, tt.ask.Operator)
			}
		})
	}
}

func TestGoneCallerIsRefused(t *testing.T) {
	g := newGuarded(t, shop)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := g.Authenticate(ctx, g.st, access.Credentials{Operator: "shop", Password: secret}, office)
	if !errors.Is(err, context.Canceled) || len(g.hashes) != 0 {
		t.Errorf("error %v after %d comparisons, want %v after none", err, len(g.hashes), context.Canceled)
	}
}

// Whoever is not there or disabled stays out, whatever the comparison with the
// hash that stands in for theirs may say.
func TestComparisonAloneLetsNobodyIn(t *testing.T) {
	st := openStore(t)
	guard, err := access.NewGuard(access.GuardConfig{Now: func() time.Time { return noon }, Key: make([]byte, 32),
		Verify: func(string, string) (bool, error) { return true, nil }, Sleep: func(context.Context, time.Duration) {}})
	if err != nil {
		t.Fatal(err)
	}
	add(t, st, shop)
	update(t, st, func(tx store.Tx) error { return access.Disable(tx, local, "shop") })
	for _, name := range []string{"shop", "shpo"} {
		for range 2 {
			_, err := guard.Authenticate(context.Background(), st, access.Credentials{Operator: name, Password: secret}, office)
			wantCode(t, err, failure.NotAuthenticated)
		}
	}
}

func TestCheckPassword(t *testing.T) {
	tests := []struct {
		name, operator, plain, hookpoint string
		want                             *failure.Code
		delay                            time.Duration
	}{
		{"may", "shop", secret, "SOAP_GET_X", nil, 0},
		{"may not", "shop", secret, "SOAP_CREATE_USER", access.OperatorCheckFailed, 0},
		{"wrong", "shop", "wrong", "SOAP_GET_X", access.OperatorCheckFailed, 100 * time.Millisecond},
		{"wrong, and may not", "shop", "wrong", "SOAP_CREATE_USER", access.OperatorCheckFailed, 100 * time.Millisecond},
		{"unknown", "shpo", secret, "SOAP_GET_X", access.OperatorCheckFailed, 100 * time.Millisecond},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := newGuarded(t, shop)
			var delay time.Duration
			err := g.st.View(context.Background(), func(tx store.Tx) (err error) {
				delay, err = g.CheckPassword(context.Background(), tx, tt.operator, tt.plain, tt.hookpoint, "asker")
				return err
			})
			wantCode(t, err, tt.want)
			if delay != tt.delay || g.slept != nil || len(g.hashes) != 1 {
				t.Errorf("delay %v, slept %v, %d comparisons; want %v, nothing, 1", delay, g.slept, len(g.hashes), tt.delay)
			}
		})
	}
}

func TestNewGuardNeedsItsParts(t *testing.T) {
	whole := access.GuardConfig{Now: func() time.Time { return noon }, Verify: password.Verify, Key: make([]byte, 32)}
	tests := []struct {
		name   string
		change func(*access.GuardConfig)
		ok     bool
	}{
		{"whole", func(*access.GuardConfig) {}, true},
		{"no clock", func(c *access.GuardConfig) { c.Now = nil }, false},
		{"no Verify", func(c *access.GuardConfig) { c.Verify = nil }, false},
		{"short key", func(c *access.GuardConfig) { c.Key = c.Key[1:] }, false},
	}
	for _, tt := range tests {
		c := whole
		tt.change(&c)
		if _, err := access.NewGuard(c); (err == nil) != tt.ok {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// looked is a store that is only looked at.
type looked struct {
	store.Store
	t *testing.T
}

func (l looked) View(context.Context, func(store.Tx) error) error {
	l.t.Error("the store is read in a transaction, where its copies may do")
	return errors.New("not here")
}

// Who calls is found in the copies that the store has of operators and tokens.
func TestOperatorsAreLookedAt(t *testing.T) {
	g := newGuarded(t, shop)
	_, token := addToken(t, g.st, "shop", time.Time{})
	st := looked{g.st, t}
	for _, c := range []access.Credentials{{Operator: "shop", Password: secret}, {Operator: "shop", Certificate: true}, {Token: token, Bearer: true}} {
		if _, err := g.Authenticate(t.Context(), st, c, office); err != nil {
			t.Error(err)
		}
	}
}
