package postgres

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"rator/store"
)

// puts makes a row of a sequence go on, as what is written under a lease does.
func puts(db *DB, ctx context.Context) error {
	return db.Update(ctx, func(tx store.Tx) error { return tx.AtLeast("written", 1) })
}

// expire has the time of a lease be over, as when nobody renewed it.
func expire(t *testing.T, db *DB, dsn, name string) {
	t.Helper()
	run(t, dsn, fmt.Sprintf("update %s set until=clock_timestamp()-interval '1 second' where name='%s'", db.schema.table("lease"), name))
}

// TestLostLease: a process that did not renew its lease in time, because it was stopped or cut
// off, commits nothing under it once another has it; until then it does, and has it again.
func TestLostLease(t *testing.T) {
	here, ctx := dsn(t, t.TempDir()), t.Context()
	one, two := openAt(t, here, Options{Name: "the first"}), openAt(t, here, Options{Name: "the second"})
	defer one.Close()
	defer two.Close()
	one.endLeases() // it is stopped
	held, done, err := one.Hold(ctx, "a job")
	if err != nil {
		t.Fatal(err)
	}
	defer done()

	expire(t, one, here, "a job")
	if err := puts(one, held); err != nil {
		t.Errorf("nobody has taken it, and yet: %v", err)
	}
	taken, doneToo, err := two.Hold(ctx, "a job")
	if err != nil {
		t.Fatalf("its time is over, and yet: %v", err)
	}
	defer doneToo()
	if err := puts(two, taken); err != nil {
		t.Error(err)
	}
	if err := puts(one, context.WithoutCancel(held)); !errors.Is(err, store.ErrLeaseLost) {
		t.Errorf("who has lost it commits: %v", err)
	}
	if err := puts(one, ctx); err != nil {
		t.Errorf("what is under no lease: %v", err)
	}
	// A standby that was promoted may not know who took it, and give the same fence again.
	run(t, here, "update "+one.schema.table("lease")+" set holder='another'")
	if err := puts(two, context.WithoutCancel(taken)); !errors.Is(err, store.ErrLeaseLost) {
		t.Errorf("another has it, by the same fence, and yet: %v", err)
	}
}

// TestLeaseIsLookedAfter: what is used is renewed; what another has taken ends, and so does
// what the clock says is over; what nobody uses is given back.
func TestLeaseIsLookedAfter(t *testing.T) {
	here, ctx := dsn(t, t.TempDir()), t.Context()
	one, two := openAt(t, here, Options{Name: "the first"}), openAt(t, here, Options{Name: "the second"})
	defer one.Close()
	defer two.Close()
	one.endLeases()
	two.endLeases()
	hold := func(db *DB, name string) (context.Context, func()) {
		t.Helper()
		held, done, err := db.Hold(ctx, name)
		if err != nil {
			t.Fatal(err)
		}
		return held, done
	}
	lease := func(db *DB, name string) *held { return db.leases.mine[name] }

	used, doneUsed := hold(one, "used")
	defer doneUsed()
	lease(one, "used").sure = lease(one, "used").sure.Add(-leaseRenew)
	was := lease(one, "used").sure
	lookAfter := func(what string, so func() bool) { // once more where that took too long
		t.Helper()
		until(t, what, func() bool { one.lookAfter(ctx); return so() })
	}
	lookAfter("a lease that is used is renewed", func() bool { now := lease(one, "used"); return now != nil && now.sure.After(was) })
	if used.Err() != nil {
		t.Errorf("a lease that is used: %v", context.Cause(used))
	}

	over, doneOver := hold(one, "over")
	defer doneOver()
	lease(one, "over").sure = lease(one, "over").sure.Add(-2 * leaseSure)
	if err := store.Had(over); !errors.Is(err, store.ErrLeaseLost) || !errors.Is(context.Cause(over), store.ErrLeaseLost) {
		t.Errorf("a lease whose time is over: %v, %v", err, context.Cause(over))
	}
	lookAfter("it is gone", func() bool { return lease(one, "over") == nil })
	if again, done := hold(one, "over"); store.Had(again) != nil {
		t.Error("it is not had again")
	} else {
		done()
	}

	taken, doneTaken := hold(one, "taken")
	defer doneTaken()
	expire(t, one, here, "taken")
	_, doneTheirs := hold(two, "taken")
	defer doneTheirs()
	lease(one, "taken").sure = lease(one, "taken").sure.Add(-leaseRenew)
	lookAfter("a lease that another has taken is gone", func() bool { return lease(one, "taken") == nil })
	if !errors.Is(context.Cause(taken), store.ErrLeaseLost) {
		t.Errorf("a lease that another has taken goes on: %v", context.Cause(taken))
	}
	var has *store.HeldError
	if _, _, err := one.Hold(ctx, "taken"); !errors.As(err, &has) || has.Who != "the second" {
		t.Errorf("who has it: %v", err)
	}

	_, doneIdle := hold(one, "idle")
	doneIdle()
	lease(one, "idle").used = lease(one, "idle").used.Add(-2 * leaseIdle)
	one.lookAfter(ctx)
	_, doneIdle = hold(two, "idle")
	doneIdle()
}
