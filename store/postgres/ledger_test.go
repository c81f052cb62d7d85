package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"rator/failure"
	"rator/store"
	"rator/store/storetest"
)

// ledger is what callers write down of calls that count themselves: so that afterwards it
// can be said whether one was lost, or done twice.
type ledger struct {
	mu           sync.Mutex
	kept         []string // acknowledged
	busy         int      // told to come again
	unknown      int      // told that nobody knows
	acknowledged func(n int)
}

const counter = "count"

// open begins a ledger in an empty store.
func (l *ledger) open(t *testing.T, db *DB) {
	t.Helper()
	if err := db.Update(context.Background(), func(tx store.Tx) error {
		return storetest.Things.Insert(tx, &storetest.Thing{Name: counter, Note: "0"})
	}); err != nil {
		t.Fatal(err)
	}
}

// call counts one more and makes a thing of that name, half of them with an event.
func (l *ledger) call(t *testing.T, db *DB, name string, event bool) {
	err := db.Update(context.Background(), func(tx store.Tx) error {
		x, err := storetest.Things.By(tx, "name", counter)
		if err != nil {
			return err
		}
		var was int
		if _, err := fmt.Sscan(x.Note, &was); err != nil {
			return err
		}
		x.Note = fmt.Sprint(was + 1)
		if err := storetest.Things.Put(tx, x); err != nil {
			return err
		}
		if event {
			if err := tx.Emit(store.Event{Topic: name, Body: []byte(`{}`)}); err != nil {
				return err
			}
		}
		return storetest.Things.Insert(tx, &storetest.Thing{Group: "made", Note: name})
	})
	l.mu.Lock()
	switch {
	case err == nil:
		l.kept = append(l.kept, name)
	case errors.Is(err, store.ErrOutcomeUnknown):
		l.unknown++
	case failure.CodeOf(err) == failure.TryAgain:
		l.busy++
	default:
		t.Error(err)
	}
	n, told := len(l.kept), l.acknowledged
	l.mu.Unlock()
	if err == nil && told != nil {
		told(n)
	}
}

// calls has so many callers call so often each.
func (l *ledger) calls(t *testing.T, db *DB, callers, each int) {
	var all sync.WaitGroup
	for caller := range callers {
		all.Go(func() {
			for n := range each {
				l.call(t, db, fmt.Sprint(caller, "-", n), n%2 == 0)
			}
		})
	}
	all.Wait()
}

// check says what is there that should not be, and what is not; of calls whose outcome was
// unknown it may be.
func (l *ledger) check(t *testing.T, db *DB) {
	t.Helper()
	made, seen := 0, map[string]int{}
	err := db.View(context.Background(), func(tx store.Tx) error {
		for x, err := range storetest.Things.All(tx, "group", "made") {
			if err != nil {
				return err
			}
			made++
			seen[x.Note]++
		}
		x, err := storetest.Things.By(tx, "name", counter)
		if err == nil && x.Note != fmt.Sprint(made) {
			t.Errorf("%s were counted, and %d were made", x.Note, made)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	for name, n := range seen {
		if n != 1 {
			t.Errorf("%s was done %d times", name, n)
		}
	}
	for _, name := range l.kept {
		if seen[name] == 0 {
			t.Errorf("%s was acknowledged, and is not there", name)
		}
	}
	t.Logf("%d acknowledged, %d made, %d busy, %d unknown", len(l.kept), made, l.busy, l.unknown)
	if made < len(l.kept) || made > len(l.kept)+l.unknown {
		t.Errorf("%d were made, of %d that were acknowledged and %d that are unknown", made, len(l.kept), l.unknown)
	}
	storetest.Check(t, db)
}
