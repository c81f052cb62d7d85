package postgres

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"rator/store"
	"rator/store/storetest"
)

// TestLookHears: a Look knows what another process has committed once it was asked for, and
// answers from no copies that may be older.
func TestLookHears(t *testing.T) {
	place, ctx := t.TempDir(), context.Background()
	one, two := openTest(t, place, Options{}), openTest(t, place, Options{})
	defer two.Close()
	one.endListening() // the test says when it asks
	x := &storetest.Steady{Name: "a", Group: "first"}
	update := func(fn func(tx store.Tx) error) {
		t.Helper()
		if err := two.Update(ctx, fn); err != nil {
			t.Fatal(err)
		}
	}
	update(func(tx store.Tx) error { return storetest.Steadies.Insert(tx, x) })
	look := func() (value string) {
		t.Helper()
		err := one.Look(ctx, func(tx store.Tx) error {
			y, err := storetest.Steadies.By(tx, "name", "a")
			if err == nil {
				value = y.Group
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
	change := func(value string) {
		t.Helper()
		update(func(tx store.Tx) error {
			x.Group = value
			return storetest.Steadies.Put(tx, x)
		})
	}
	for _, step := range []struct {
		name string
		do   func()
		want string
	}{
		{"it is read", func() {}, "first"},
		{"nobody has asked", func() { change("second"); one.heard.note(time.Now().Add(time.Hour), nil) }, "first"},
		{"it was asked for", func() { hear(t, one) }, "second"},
		{"the last answer is old", func() { change("third"); one.heard.note(time.Now().Add(-2*hearing), nil) }, "third"},
	} {
		if step.do(); look() != step.want {
			t.Errorf("%s: a look does not see %s", step.name, step.want)
		}
	}
	if err := one.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestReadySaysWhy: a store is not ready while its database is away or takes no writes.
func TestReadySaysWhy(t *testing.T) {
	db := openTest(t, t.TempDir(), Options{})
	defer db.Close()
	db.endListening()
	ctx := context.Background()
	ready := func(want string) {
		t.Helper()
		if err := db.Ready(); want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("ready: %v, want %q", err, want)
		}
	}
	hear(t, db)
	ready("")
	over, cancel := context.WithCancel(ctx)
	cancel()
	db.hear(over) // as one that takes too long
	ready("")
	db.heard.at = time.Now().Add(-2 * deafAfter)
	ready("store: no connection to the database")
	hear(t, db)
	ready("")
	for _, step := range []struct{ readOnly, want string }{{"on", "takes no writes"}, {"off", ""}} {
		until(t, "the connection that asks is so", func() bool { // it is another one after a question that took too long
			if err := db.trip(ctx, db.aside, []statement{{sql: "set default_transaction_read_only=" + step.readOnly}}); err != nil {
				t.Fatal(err)
			}
			db.heard.at = time.Now().Add(-2 * deafAfter)
			hear(t, db)
			return errors.Is(db.heard.err, errStandby) == (step.readOnly == "on")
		})
		ready(step.want)
	}
}

// hear asks until the database has said something, however slow it is, and has that hold on.
func hear(t *testing.T, db *DB) {
	t.Helper()
	for range 100 {
		switch db.hear(t.Context()); {
		case db.heard.err == nil:
			db.heard.at = time.Now().Add(time.Hour)
			return
		case errors.Is(db.heard.err, errStandby):
			return
		}
	}
	t.Fatal(db.heard.err)
}

// TestClockIsTheDatabases: a machine whose clock is wrong keeps the database's time, and is
// not ready where it is far off. A clock that is to be another, as a test clock, stays that.
func TestClockIsTheDatabases(t *testing.T) {
	for _, step := range []struct {
		name      string
		off, test time.Duration // of the machine's clock, of Options.Now from that
		want      string        // of Ready
	}{
		{"right", 0, 0, ""},
		{"a test clock", 0, 24 * time.Hour, ""},
		{"some seconds ahead", 10 * time.Second, 0, ""},
		{"an hour ahead", time.Hour, 0, "1h0m0s behind this machine's"},
		{"an hour behind, a test clock", -time.Hour, -24 * time.Hour, "1h0m0s ahead of this machine's"},
	} {
		real := func() time.Time { return time.Now().Add(step.off) }
		db := openTest(t, t.TempDir(), Options{real: real, Now: func() time.Time { return real().Add(step.test) }})
		db.endListening()
		hear(t, db)
		var now, before time.Time
		err := db.View(t.Context(), func(tx store.Tx) error {
			now, before = tx.Now(), time.Now().Add(step.test)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		// What a trip took is not known better than that; it takes no longer than a second.
		if off := now.Sub(before); step.off == 0 && db.clock.added.Load() != 0 || off > time.Second || off < -time.Minute {
			t.Errorf("%s: the time is %s off, with %s added", step.name, off, time.Duration(db.clock.added.Load()))
		}
		if skew := db.Skew(); (skew + step.off).Abs() > time.Second {
			t.Errorf("%s: skew %s", step.name, skew)
		}
		if err := db.Ready(); step.want == "" && err != nil || step.want != "" && (err == nil || !strings.Contains(err.Error(), step.want)) {
			t.Errorf("%s: ready: %v, want %q", step.name, err, step.want)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}
