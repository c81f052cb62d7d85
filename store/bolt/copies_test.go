package bolt

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"testing"

	"go.etcd.io/bbolt"

	"rator/store"
	"rator/store/storetest"
)

// say has the steady thing named a say a word, and makes it first where it is not there.
func say(tx store.Tx, word string) error {
	x, err := storetest.Steadies.By(tx, "name", "a")
	if err != nil {
		return storetest.Steadies.Insert(tx, &storetest.Steady{Name: "a", Tags: []string{word}})
	}
	x.Tags = []string{word}
	return storetest.Steadies.Put(tx, x)
}

// says is an error unless it says that.
func says(tx store.Tx, want string) error {
	x, err := storetest.Steadies.By(tx, "name", "a")
	if err == nil && x.Tags[0] != want {
		err = fmt.Errorf("it says %s, want %s", x.Tags[0], want)
	}
	return err
}

// openSaying opens a store in which it says "old", and that is copied.
func openSaying(t *testing.T) *DB {
	t.Helper()
	db := openTest(t, Options{})
	err := db.Update(context.Background(), func(tx store.Tx) error { return say(tx, "old") })
	if err := errors.Join(err, everySays(db, "old")); err != nil {
		t.Fatal(err)
	}
	return db
}

// everySays asks by each way that may be open to a caller.
func everySays(db *DB, want string) error {
	fn := func(tx store.Tx) error { return says(tx, want) }
	return errors.Join(db.View(context.Background(), fn), db.Look(context.Background(), fn), db.View(context.Background(), fn))
}

// A closure sees what the ones before it in its group wrote, which nobody else does
// before the commit; and nothing of it is in a copy when the group fails.
func TestCopiesInAGroup(t *testing.T) {
	for _, fails := range []bool{false, true} {
		db := openSaying(t)
		if fails {
			db.commit = func(tx *bbolt.Tx) error { return errors.Join(tx.Rollback(), syscall.ENOSPC) }
		}
		mine := errors.New("mine")
		w := newWriter(db)
		run := func(fn func(store.Tx) error) {
			r := &request{ctx: context.Background(), fn: fn, done: make(chan struct{})}
			if w.run(r); r.err != nil && !errors.Is(r.err, mine) {
				t.Errorf("error is %v", r.err)
			}
		}
		run(func(tx store.Tx) error { return says(tx, "old") })
		run(func(tx store.Tx) error { return errors.Join(say(tx, "mine"), mine) })
		run(func(tx store.Tx) error {
			return errors.Join(says(tx, "old"), say(tx, "new"), says(tx, "new"), says(tx.Before(), "old"))
		})
		run(func(tx store.Tx) error {
			return errors.Join(says(tx, "new"), says(tx.Before(), "new"), says(tx, "new"), everySays(db, "old"))
		})
		run(func(tx store.Tx) error { return errors.Join(says(tx, "new"), keep("other")(tx)) })
		w.fly()
		<-w.flying.landed
		w.landed()
		want := "new"
		if fails {
			want = "old"
		}
		if err := everySays(db, want); err != nil {
			t.Errorf("fails %t: %v", fails, err)
		}
		db.commit = (*bbolt.Tx).Commit
		if err := db.Update(context.Background(), func(tx store.Tx) error { return says(tx, want) }); err != nil {
			t.Errorf("fails %t: %v", fails, err)
		}
		if db.copied(t) != true {
			t.Errorf("fails %t: nothing is copied any more", fails)
		}
	}
}

// While a commit is under way each sees the state that it has, before and after the
// file says something else.
func TestCopiesWhileCommitting(t *testing.T) {
	db := openSaying(t)
	began, end, ended := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		ended <- db.View(context.Background(), func(tx store.Tx) error {
			close(began)
			<-end
			return says(tx, "old")
		})
	}()
	<-began
	db.commit = func(tx *bbolt.Tx) error {
		before := everySays(db, "old")
		err := tx.Commit()
		return errors.Join(before, err, everySays(db, "new"))
	}
	if err := db.Update(context.Background(), func(tx store.Tx) error { return say(tx, "new") }); err != nil {
		t.Error(err)
	}
	close(end)
	if err := errors.Join(<-ended, everySays(db, "new")); err != nil {
		t.Error(err)
	}
}

// A View that takes its state while a commit is under way has no copies of before.
func TestCopiesOfAViewBegunWhileCommitting(t *testing.T) {
	db := openSaying(t)
	for _, settled := range []bool{false, true} {
		db.commit = func(tx *bbolt.Tx) error { return tx.Commit() }
		old := db.settled.Load()
		tx := &tx{db: db, copies: copies{before: old}}
		if settled { // the whole commit, between the View's two looks
			if err := db.Update(context.Background(), func(tx store.Tx) error { return say(tx, "new") }); err != nil {
				t.Fatal(err)
			}
		} else {
			db.unsettle(kindSet{storetest.Steadies.Name()})
		}
		tx.copies.after = db.settled.Load()
		if tx.Copies(storetest.Steadies.Name()) != nil {
			t.Errorf("settled %t: it has copies", settled)
		}
		db.settle(kindSet{storetest.Steadies.Name()})
	}
}

// Whatever came of a commit of which nobody knows: it is read, and nothing is copied.
func TestCopiesAfterAnUnknownOutcome(t *testing.T) {
	for _, durable := range []bool{false, true} {
		db := openSaying(t)
		want := "old"
		db.commit = func(tx *bbolt.Tx) error { return errors.Join(tx.Rollback(), syscall.EIO) }
		if durable {
			want = "new"
			db.commit = func(tx *bbolt.Tx) error { return errors.Join(tx.Commit(), syscall.EIO) }
		}
		err := db.Update(context.Background(), func(tx store.Tx) error { return say(tx, "new") })
		if !errors.Is(err, store.ErrOutcomeUnknown) {
			t.Errorf("error is %v", err)
		}
		if err := everySays(db, want); err != nil || db.copied(t) {
			t.Errorf("durable %t: copied %t, %v", durable, db.copied(t), err)
		}
	}
}

// copied says whether a new View has copies.
func (d *DB) copied(t *testing.T) (is bool) {
	t.Helper()
	err := d.View(context.Background(), func(tx store.Tx) error {
		is = tx.Copies(storetest.Steadies.Name()) != nil
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return is
}
