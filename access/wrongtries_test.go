package access_test

import (
	"context"
	"errors"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/access"
	"rator/failure"
)

func TestWrongTriesAreDelayed(t *testing.T) {
	const ms = time.Millisecond
	g := newGuarded(t, shop)
	wrong := func(operator string, from netip.Addr) {
		_, err := g.ask(access.Credentials{Operator: operator, Password: "wrong"}, from)
		wantCode(t, err, failure.NotAuthenticated)
	}
	steps := []struct {
		name string
		do   func()
		want []time.Duration
	}{
		{"doubling to two seconds", func() {
			for range 7 {
				wrong("shop", office)
			}
		}, []time.Duration{100 * ms, 200 * ms, 400 * ms, 800 * ms, 1600 * ms, 2000 * ms, 2000 * ms}},
		{"from elsewhere", func() { wrong("shop", home) }, []time.Duration{100 * ms}},
		{"another operator", func() { wrong("shpo", office) }, []time.Duration{100 * ms}},
		{"unknown operators wait the same", func() { wrong("shpo", office) }, []time.Duration{200 * ms}},
		{"a right one never waits", func() { g.try(t, secret) }, nil},
		{"and starts anew", func() { wrong("shop", office) }, []time.Duration{100 * ms}},
		{"also a remembered one", func() { g.try(t, secret); wrong("shop", office) }, []time.Duration{100 * ms}},
		{"not elsewhere", func() { wrong("shop", home) }, []time.Duration{200 * ms}},
		{"one network in IPv6", func() {
			wrong("shop", netip.MustParseAddr("2001:db8:1:2::1"))
			wrong("shop", netip.MustParseAddr("2001:db8:1:2:ffff::1"))
			wrong("shop", netip.MustParseAddr("2001:db8:1:3::1"))
		}, []time.Duration{100 * ms, 200 * ms, 100 * ms}},
		{"forgotten after ten minutes", func() { g.now = g.now.Add(10 * time.Minute); wrong("shop", home) }, []time.Duration{100 * ms}},
	}
	for _, step := range steps {
		g.slept = nil
		step.do()
		if diff := cmp.Diff(step.want, g.slept); diff != "" {
			t.Errorf("%s: %s", step.name, diff)
		}
	}
}

// A fault of the server is not a wrong password, and does not count as one.
func TestFaultIsNotAWrongTry(t *testing.T) {
	g := newGuarded(t, shop)
	broken, works := errors.New("broken hash"), g.verify
	g.verify = func(string, string) (bool, error) { return false, broken }
	if _, err := g.ask(access.Credentials{Operator: "shop", Password: "wrong"}, office); !errors.Is(err, broken) {
		t.Errorf("error %v, want %v", err, broken)
	}
	g.verify, g.slept = works, nil
	g.try(t, "wrong")
	if diff := cmp.Diff([]time.Duration{100 * time.Millisecond}, g.slept); diff != "" {
		t.Errorf("the try after it: %s", diff)
	}
}

func TestRealSleep(t *testing.T) {
	tests := []struct {
		name  string
		hangs bool // the caller hangs up while the password is compared
		want  time.Duration
	}{
		{"waits", false, 100 * time.Millisecond},
		{"not for a caller who has gone", true, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				st := openStore(t)
				add(t, st, shop)
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				guard, err := access.NewGuard(access.GuardConfig{Now: time.Now, Key: make([]byte, 32), Verify: func(string, string) (bool, error) {
					if tt.hangs {
						cancel()
					}
					return false, nil
				}})
				if err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				_, err = guard.Authenticate(ctx, st, access.Credentials{Operator: "shop"}, office)
				wantCode(t, err, failure.NotAuthenticated)
				if waited := time.Since(start); waited != tt.want {
					t.Errorf("waited %v, want %v", waited, tt.want)
				}
			})
		})
	}
}
