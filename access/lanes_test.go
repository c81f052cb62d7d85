package access_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/access"
	"rator/failure"
	"rator/store"
)

// hashTime is how long a hash takes in a laned.
const hashTime = 20 * time.Millisecond

// laned is a Guard in the time of synctest, with one hash at a time, that notes when
// each began.
type laned struct {
	*access.Guard
	st    store.Store
	start time.Time

	mu    sync.Mutex
	began []string // "password after time since the start"
}

func newLaned(t *testing.T, operators ...access.NewOperator) *laned {
	t.Helper()
	l := &laned{st: openStore(t), start: time.Now()}
	guard, err := access.NewGuard(access.GuardConfig{
		Now: time.Now, Key: bytes.Repeat([]byte{7}, 32), Hashes: 1,
		Verify: func(hash, plain string) (bool, error) {
			l.mu.Lock()
			l.began = append(l.began, fmt.Sprintf("%s after %s", plain, time.Since(l.start)))
			l.mu.Unlock()
			time.Sleep(hashTime)
			return hash == secretHash && plain == secret, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	l.Guard = guard
	for _, n := range operators {
		add(t, l.st, n)
	}
	return l
}

// crm is an operator beside shop.
var crm = access.NewOperator{Name: "crm", PasswordHash: secretHash, Brands: []string{"DEMO"}, Rights: []string{"*"}}

// asked is an answer on its way.
type asked struct {
	err  error
	took time.Duration
}

// ask asks and waits until all that can happen at once has happened.
func (l *laned) ask(ctx context.Context, name, plain string, from netip.Addr) *asked {
	a, start := &asked{err: errors.New("no answer yet"), took: -1}, time.Now()
	go func() {
		_, err := l.Authenticate(ctx, l.st, access.Credentials{Operator: name, Password: plain}, from)
		a.err, a.took = err, time.Since(start)
	}()
	synctest.Wait()
	return a
}

func (l *laned) want(t *testing.T, began ...string) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if diff := cmp.Diff(began, l.began); diff != "" {
		t.Errorf("hashes began: %s", diff)
	}
}

func (a *asked) want(t *testing.T, what string, code *failure.Code, took time.Duration) {
	t.Helper()
	if failure.CodeOf(a.err) != code || code == nil && a.err != nil || a.took != took {
		t.Errorf("%s: %v after %s, want %v after %s", what, a.err, a.took, code, took)
	}
}

// pass lets time pass, and all that happens meanwhile.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

const ms = time.Millisecond

// One runs in a lane, two wait, and the lane rests after each wrong one; the others are
// refused, and their answers held back.
func TestLaneIsBounded(t *testing.T) {
	for _, tt := range []struct {
		what string
		name func(i int) string
	}{
		{"an operator's", func(int) string { return "shop" }},
		{"that of all who do not exist", func(i int) string { return fmt.Sprint("nobody", i) }},
		{"of who is disabled, too", func(i int) string { return []string{"nobody", "gone"}[i%2] }},
	} {
		t.Run(tt.what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				gone := crm
				gone.Name = "gone"
				l := newLaned(t, shop, gone)
				update(t, l.st, func(tx store.Tx) error { return access.Disable(tx, local, "gone") })
				var all []*asked
				for i := range 5 {
					all = append(all, l.ask(t.Context(), tt.name(i), fmt.Sprint("wrong", i), office))
				}
				pass(time.Minute)
				l.want(t, "wrong0 after 0s", "wrong1 after 80ms", "wrong2 after 160ms")
				for i, a := range all[:3] {
					if code := failure.CodeOf(a.err); code != failure.NotAuthenticated {
						t.Errorf("try %d: %v", i, a.err)
					}
				}
				all[3].want(t, "the fourth", failure.TryAgain, 266*ms)
				all[4].want(t, "the fifth", failure.TryAgain, 282*ms)
				if n := l.Counts(); n != (access.GuardCounts{Hashes: 3, Refused: 2}) {
					t.Errorf("counts %+v", n)
				}
				again := l.ask(t.Context(), "shop", secret, office)
				pass(time.Second)
				again.want(t, "a right one when all is over", nil, hashTime)
			})
		})
	}
}

// Whoever floods the lane of invented names, or that of an operator from elsewhere,
// costs an operator who is not known yet nothing, and one who is known no hash.
func TestFloodElsewhereHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLaned(t, shop, crm)
		for i := range 400 {
			go l.Authenticate(t.Context(), l.st, access.Credentials{Operator: fmt.Sprint("nobody", i), Password: "wrong"}, office)
		}
		synctest.Wait()
		cold := l.ask(t.Context(), "shop", secret, office)
		pass(hashTime)
		cold.want(t, "not known yet, at the address of the flood", nil, hashTime)
		l.ask(t.Context(), "shop", secret, office).want(t, "known", nil, 0)
		l.ask(t.Context(), "shop", secret, home).want(t, "known, from elsewhere", nil, 0)
		pass(time.Minute)

		for range 6 {
			l.ask(t.Context(), "crm", "wrong", office)
			pass(time.Minute)
		}
		for i := range 10 {
			l.ask(t.Context(), "crm", fmt.Sprint("wrong", i), office)
		}
		cold = l.ask(t.Context(), "crm", secret, home)
		pass(hashTime)
		cold.want(t, "an operator whose name a flood uses elsewhere", nil, hashTime)
		pass(time.Minute)
	})
}

// Lanes take their slot in the order of their turns, not each until it is empty.
func TestLanesTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLaned(t, shop, crm)
		l.ask(t.Context(), "crm", "wrong0", office)
		l.ask(t.Context(), "crm", "wrong1", office)
		l.ask(t.Context(), "crm", "wrong2", office)
		right := l.ask(t.Context(), "shop", secret, office)
		pass(time.Minute)
		right.want(t, "behind one hash, not three", nil, 2*hashTime)
		l.want(t, "wrong0 after 0s", "s3cret after 20ms", "wrong1 after 80ms", "wrong2 after 160ms")
	})
}

// Of many lanes with the name of one operator, another's waits for that which runs and for one more.
func TestNamesTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLaned(t, shop, crm)
		for i := range 100 {
			l.ask(t.Context(), "crm", fmt.Sprint("wrong", i), netip.AddrFrom4([4]byte{198, 51, 100, byte(i)}))
		}
		right := l.ask(t.Context(), "shop", secret, office)
		pass(time.Minute)
		right.want(t, "behind two of a hundred places", nil, 3*hashTime)
	})
}

// A thousand who ask the same thing before it is known are one hash, wherever from.
func TestEqualCredentialsAreOneHash(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLaned(t, shop)
		var all []*asked
		for i := range 1000 {
			all = append(all, l.ask(t.Context(), "shop", secret, []netip.Addr{office, home}[i%2]))
		}
		pass(hashTime)
		for i, a := range all {
			a.want(t, fmt.Sprint("caller ", i), nil, hashTime)
		}
		l.want(t, "s3cret after 0s")
	})
}

// Who waits in a lane waits until the call must end, and then leaves no hash behind.
func TestWaitInALaneEndsWithTheCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLaned(t, shop)
		l.ask(t.Context(), "shop", "wrong0", office)
		ctx, cancel := context.WithTimeout(t.Context(), 10*ms)
		defer cancel()
		gone := l.ask(ctx, "shop", "wrong1", office)
		stays := l.ask(t.Context(), "shop", "wrong2", office)
		both := []*asked{l.ask(ctx, "shop", "wrong2", office)}
		pass(10 * ms)
		gone.want(t, "who has gone", failure.TryAgain, 10*ms)
		if !errors.Is(gone.err, context.DeadlineExceeded) {
			t.Errorf("%v does not say that the call's time was over", gone.err)
		}
		both[0].want(t, "who shared the hash of another", failure.TryAgain, 10*ms)
		next := l.ask(t.Context(), "shop", secret, office) // has the place of who has gone
		pass(time.Minute)
		l.want(t, "wrong0 after 0s", "wrong2 after 80ms", "s3cret after 160ms")
		if failure.CodeOf(stays.err) != failure.NotAuthenticated || next.err != nil {
			t.Errorf("who stayed: %v; who came then: %v", stays.err, next.err)
		}
	})
}

// A hash that has begun is counted as a try, also for who hangs up.
func TestBegunHashCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLaned(t, shop)
		ctx, cancel := context.WithTimeout(t.Context(), hashTime/2)
		defer cancel()
		gone := l.ask(ctx, "shop", "wrong", office)
		pass(time.Minute)
		gone.want(t, "who hangs up", failure.NotAuthenticated, hashTime)
		next := l.ask(t.Context(), "shop", "wrong", office)
		pass(time.Minute)
		next.want(t, "the next one", failure.NotAuthenticated, hashTime+200*ms)
	})
}

// Invented names do not have the tries of operators forgotten.
func TestInventedNamesPushNobodyOut(t *testing.T) {
	g := newGuarded(t, shop)
	g.try(t, "wrong")
	for i := range 10_001 {
		_, _ = g.ask(access.Credentials{Operator: fmt.Sprint("nobody", i), Password: "wrong"}, office)
	}
	g.slept = nil
	g.try(t, "wrong")
	if want := []time.Duration{200 * ms}; !slices.Equal(g.slept, want) {
		t.Errorf("the second wrong try waits %v, want %v", g.slept, want)
	}
}

// So many answers are held back at a time, and no more.
func TestHeldAnswersAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLaned(t, shop)
		var all []*asked
		for range 2100 {
			all = append(all, l.ask(t.Context(), "shop", "wrong", office))
		}
		pass(time.Minute)
		atOnce := 0
		for _, a := range all {
			wantCode(t, a.err, failure.NotAuthenticated)
			if a.took == hashTime {
				atOnce++
			}
		}
		if atOnce != 2100-2048 {
			t.Errorf("%d of 2100 are answered at once", atOnce)
		}
	})
}

// Checks of passwords for an operator who is known have lanes of their own.
func TestStrangersTakeNoLaneOfOperators(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLaned(t, shop)
		for i := range 5 {
			l.ask(t.Context(), fmt.Sprint("nobody", i), "wrong", office)
		}
		view(t, l.st, func(tx store.Tx) error {
			_, err := l.CheckPassword(t.Context(), tx, "nobody", "wrong", "SOAP_GET_X", "portal")
			wantCode(t, err, access.OperatorCheckFailed)
			return nil
		})
		pass(time.Minute)
	})
}
