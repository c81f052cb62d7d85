package postgres

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"rator/store"
	"rator/store/storetest"
)

// TestSettledWaits: a transaction that took its id, and is not committed, is not passed by
// what others have committed meanwhile; nor is one of another process.
func TestSettledWaits(t *testing.T) {
	var mu sync.Mutex
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	now := func() time.Time { mu.Lock(); defer mu.Unlock(); return at }
	pass := func(d time.Duration) { mu.Lock(); defer mu.Unlock(); at = at.Add(d) }
	place := t.TempDir()
	one, two := openTest(t, place, Options{Now: now}), openTest(t, place, Options{Now: now})
	ctx := context.Background()
	upTo := func() store.ID {
		t.Helper()
		id, err := two.Settled(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	runs, slow := 0, storetest.Thing{}
	err := one.Update(ctx, func(tx store.Tx) error {
		runs++
		slow = storetest.Thing{Name: "slow"}
		if err := storetest.Things.Insert(tx, &slow); err != nil {
			return err
		}
		if runs > 1 {
			return nil
		}
		pass(4 * time.Second)
		if err := two.Update(ctx, func(tx store.Tx) error { return storetest.Things.Insert(tx, &storetest.Thing{Name: "quick"}) }); err != nil {
			return err
		}
		if upTo() >= slow.ID {
			t.Errorf("settled up to %s, while %s is to come", upTo(), slow.ID)
		}
		pass(10 * time.Second)
		for end := time.Now().Add(time.Minute); upTo() < slow.ID; time.Sleep(10 * time.Millisecond) { // what another test began may be ending
			if time.Now().After(end) {
				t.Fatalf("settled up to %s: nobody may be as late as %s", upTo(), slow.ID)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if runs != 2 || slow.ID <= upTo() {
		t.Errorf("after %d runs the id is %s, of which up to %s is settled", runs, slow.ID, upTo())
	}
}

// TestSettledWaitsForTransactions: what the database has under way is waited for, however
// far the time is.
func TestSettledWaitsForTransactions(t *testing.T) {
	s := settled{}
	for _, step := range []struct{ tick, from, unseen, want int64 }{
		{100, 7, 7, 100}, // nothing is under way
		{200, 7, 9, 100}, // 7 and 8 may be
		{300, 8, 9, 100},
		{400, 9, 12, 200}, // they are over: what was seen then is settled
		{500, 10, 13, 200},
		{600, 13, 13, 500},
	} {
		if s.see(step.tick, step.from, step.unseen); s.upTo != step.want {
			t.Fatalf("at %+v: settled up to %d", step, s.upTo)
		}
	}
}

// TestSettledEnds with who asks: a server that ends does not wait for what is tried again.
func TestSettledEnds(t *testing.T) {
	db := openTest(t, t.TempDir(), Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	before := db.aside.Stat().CanceledAcquireCount()
	if _, err := db.Settled(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if tries := db.aside.Stat().CanceledAcquireCount() - before; tries != 1 {
		t.Errorf("it was tried %d times for who is gone", tries)
	}
}
