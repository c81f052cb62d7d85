package access_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rator/access"
	"rator/password"
	"rator/store"
)

func TestRightPasswordIsKnownForTenMinutes(t *testing.T) {
	tests := []struct {
		name  string
		after time.Duration
		plain string
		in    bool
		runs  int
	}{
		{"at once", 0, secret, true, 1},
		{"just before", 10*time.Minute - 1, secret, true, 1},
		{"ten minutes later", 10 * time.Minute, secret, true, 2},
		{"wrong ones are no cheaper", 0, "wrong", false, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := newGuarded(t, shop)
			g.try(t, secret)
			g.now = g.now.Add(tt.after)
			if in := g.try(t, tt.plain); in != tt.in {
				t.Errorf("let in: %v, want %v", in, tt.in)
			}
			if len(g.hashes) != tt.runs {
				t.Errorf("%d comparisons, want %d", len(g.hashes), tt.runs)
			}
		})
	}
}

// Each use makes it ten minutes more.
func TestUseKeepsAPasswordKnown(t *testing.T) {
	g := newGuarded(t, shop)
	for range 200 {
		g.try(t, secret)
		g.now = g.now.Add(9 * time.Minute)
	}
	if len(g.hashes) != 1 {
		t.Errorf("%d comparisons, want 1", len(g.hashes))
	}
}

func TestWrongPasswordIsNotRemembered(t *testing.T) {
	g := newGuarded(t, shop)
	g.try(t, "wrong")
	g.try(t, "wrong")
	if len(g.hashes) != 2 {
		t.Errorf("%d comparisons, want 2", len(g.hashes))
	}
}

func TestChangeCountsAtOnce(t *testing.T) {
	const otherHash = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcm90aGVyb3Q"
	tests := []struct {
		name   string
		change func(store.Tx) error
		in     bool
	}{
		{"passwd", func(tx store.Tx) error { return access.Passwd(tx, local, "shop", otherHash) }, false},
		{"disable", func(tx store.Tx) error { return access.Disable(tx, local, "shop") }, false},
		{"grant", func(tx store.Tx) error { return access.Grant(tx, local, "shop", "NEW") }, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := newGuarded(t, shop)
			g.try(t, secret)
			update(t, g.st, tt.change)
			if in := g.try(t, secret); in != tt.in {
				t.Errorf("let in: %v, want %v", in, tt.in)
			}
			if len(g.hashes) != 2 {
				t.Errorf("%d comparisons, want 2: the change must drop what was remembered", len(g.hashes))
			}
		})
	}
}

func TestRightIsAsOfNow(t *testing.T) {
	g := newGuarded(t, shop)
	g.try(t, secret)
	update(t, g.st, func(tx store.Tx) error { return access.Revoke(tx, local, "shop", "SOAP_GET_*") })
	o, err := g.ask(access.Credentials{Operator: "shop", Password: secret}, office)
	if err != nil {
		t.Fatal(err)
	}
	if o.May("SOAP_GET_X") {
		t.Error("a revoked right is still there")
	}
}

func TestEqualTriesShareOneRun(t *testing.T) {
	tests := []struct {
		name  string
		plain func(i int) string
		runs  int
	}{
		{"right", func(int) string { return secret }, 1},
		{"wrong", func(int) string { return "wrong" }, 1},
		{"two passwords", func(i int) string { return []string{secret, "wrong"}[i%2] }, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newGuarded(t, shop)
				g.hold = make(chan struct{})
				var all sync.WaitGroup
				for i := range 20 {
					plain := tt.plain(i)
					all.Go(func() {
						_, err := g.ask(access.Credentials{Operator: "shop", Password: plain}, office)
						if (err == nil) != (plain == secret) {
							t.Errorf("%q: %v", plain, err)
						}
					})
				}
				synctest.Wait()
				close(g.hold)
				all.Wait()
				if len(g.hashes) != tt.runs {
					t.Errorf("%d comparisons, want %d", len(g.hashes), tt.runs)
				}
			})
		})
	}
}

func TestWithArgon2id(t *testing.T) {
	g := newGuarded(t, access.NewOperator{Name: "shop", PasswordHash: hash(t, "Åse € 1"), Brands: []string{"DEMO"}})
	g.verify = password.Verify
	if !g.try(t, "Åse € 1") {
		t.Error("the right password is refused")
	}
	if g.try(t, "Åse € 2") {
		t.Error("a wrong password is let in")
	}
}
