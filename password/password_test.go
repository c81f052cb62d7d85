package password_test

import (
	"runtime"
	"runtime/metrics"
	"strings"
	"sync"
	"testing"

	"rator/password"
)

func TestHashAndVerify(t *testing.T) {
	for _, plain := range []string{"secret", "", "Åse & <Øre> €", strings.Repeat("x", 1000), "a\x00b"} {
		hash, err := password.Hash(plain)
		if err != nil {
			t.Fatal(err)
		}
		if want := "$argon2id$v=19$m=19456,t=2,p=1$"; !strings.HasPrefix(hash, want) {
			t.Errorf("Hash(%q) = %s, want prefix %s", plain, hash, want)
		}
		if !password.IsHash(hash) {
			t.Errorf("IsHash(%s) = false", hash)
		}
		for tried, want := range map[string]bool{plain: true, plain + " ": false, hash: false} {
			if got, err := password.Verify(hash, tried); err != nil || got != want {
				t.Errorf("Verify(hash of %.20q, %.20q) = %v, %v; want %v", plain, tried, got, err, want)
			}
		}
	}
}

func TestSaltsDiffer(t *testing.T) {
	a, errA := password.Hash("same")
	b, errB := password.Hash("same")
	if errA != nil || errB != nil || a == b {
		t.Errorf("two hashes of one password: %s %v, %s %v; want different ones", a, errA, b, errB)
	}
}

// The vector is the reference implementation's own (phc-winner-argon2, test.c),
// with other costs than ours: hashes made elsewhere stay valid here.
func TestVerifyForeignHash(t *testing.T) {
	const hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if ok, err := password.Verify(hash, "password"); err != nil || !ok {
		t.Errorf("Verify = %v, %v; want true", ok, err)
	}
}

func TestDummyFitsNothing(t *testing.T) {
	if ok, err := password.Verify(password.Dummy(), ""); err != nil || ok {
		t.Errorf("Verify(Dummy, \"\") = %v, %v; want false", ok, err)
	}
}

func TestIsHash(t *testing.T) {
	const salt, key = "c29tZXNhbHQ", "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	for s, want := range map[string]bool{
		"$argon2id$v=19$m=65536,t=2,p=1$" + salt + "$" + key: true,
		"":                                       false,
		"secret":                                 false,
		"$argon2id$v=19$m=65536,t=2,p=1$" + salt: false,
		"$argon2i$v=19$m=65536,t=2,p=1$" + salt + "$" + key:            false,
		"$argon2id$v=16$m=65536,t=2,p=1$" + salt + "$" + key:           false,
		"$argon2id$v=19$m=65536,t=2,p=1 $" + salt + "$" + key:          false,
		"$argon2id$v=19$m=065536,t=2,p=1$" + salt + "$" + key:          false,
		"$argon2id$v=19$m=9999999,t=2,p=1$" + salt + "$" + key:         false,
		"$argon2id$v=19$m=65536,t=0,p=1$" + salt + "$" + key:           false,
		"$argon2id$v=19$m=65536,t=99,p=1$" + salt + "$" + key:          false,
		"$argon2id$v=19$m=65536,t=2,p=0$" + salt + "$" + key:           false,
		"$argon2id$v=19$m=65536,t=2,p=1$" + salt + "$" + key[:8]:       false,
		"$argon2id$v=19$m=65536,t=2,p=1$" + salt + "$" + "not base64!": false,
	} {
		if got := password.IsHash(s); got != want {
			t.Errorf("IsHash(%q) = %v, want %v", s, got, want)
		}
		if _, err := password.Verify(s, "x"); (err == nil) != want {
			t.Errorf("Verify(%q) gives error %v, want one: %v", s, err, !want)
		}
	}
}

// Many callers at once must not hold many times 19 MiB at once.
func TestMemoryIsBounded(t *testing.T) {
	const callers, each = 40, 19456 << 10
	var wg sync.WaitGroup
	stop, most := make(chan struct{}), make(chan uint64)
	go func() {
		var seen uint64
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}} // as the last collection found it
		for {
			metrics.Read(live)
			seen = max(seen, live[0].Value.Uint64())
			select {
			case <-stop:
				most <- seen
				return
			default:
				runtime.GC()
			}
		}
	}()
	for range callers {
		wg.Go(func() {
			if _, err := password.Verify(password.Dummy(), "x"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	close(stop)
	// What is allocated while the collector marks counts as live, though it may be
	// given back by then: allow it twice.
	if got, limit := <-most, uint64(2*(runtime.GOMAXPROCS(0)+1)*each); got > limit {
		t.Errorf("%d callers held %d MiB, want at most %d", callers, got>>20, limit>>20)
	}
}
