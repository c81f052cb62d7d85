package bolt

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"rator/store"
	"rator/store/storetest"
)

// aViewSees wants a View to find that, while others may be open.
func aViewSees(t *testing.T, db *DB, want ...string) {
	t.Helper()
	if got := kept(t, db); !slices.Equal(got, want) {
		t.Errorf("a View sees %q, want %q", got, want)
	}
}

// A look is used again while nobody writes, and ended when somebody does, also when it is
// in use meanwhile.
func TestLooksAreUsedAgain(t *testing.T) {
	t.Parallel()
	db := openTest(t, Options{Unsynced: true})
	open := func(when string, want int) {
		t.Helper()
		if got := db.file.Stats().OpenTxN; got != want {
			t.Errorf("%s %d looks are open, want %d", when, got, want)
		}
	}
	mustKeep(t, db, "a")
	open("after an Update", 0)
	for range 3 {
		aViewSees(t, db, "a")
		open("after a View", 1)
	}
	mustKeep(t, db, "b")
	open("after another Update", 0)
	aViewSees(t, db, "a", "b")
	err := db.View(context.Background(), func(store.Tx) error {
		aViewSees(t, db, "a", "b")
		mustKeep(t, db, "c")
		aViewSees(t, db, "a", "b", "c")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	open("after a View in which others wrote", 1)
	aViewSees(t, db, "a", "b", "c")
	mine := errors.New("mine")
	if err := db.View(context.Background(), func(store.Tx) error { return mine }); err != mine {
		t.Errorf("the error is %v", err)
	}
	open("after a View that failed", 1)
	func() {
		defer func() { _ = recover() }()
		_ = db.View(context.Background(), func(store.Tx) error { panic("mine") })
	}()
	open("after a View that panicked", 0)
}

// A look that began while somebody wrote may be of the state before.
func TestLooksOfACommitUnderWay(t *testing.T) {
	t.Parallel()
	db := openTest(t, Options{Unsynced: true})
	mustKeep(t, db, "a")
	aViewSees(t, db, "a")
	var (
		commit  = db.commit
		begun   = make(chan bool)
		resume  = make(chan bool)
		updated = make(chan error)
	)
	db.commit = func(tx *bbolt.Tx) error {
		close(begun)
		<-resume
		return commit(tx)
	}
	go func() { updated <- db.Update(context.Background(), keep("b")) }()
	<-begun
	err := db.View(context.Background(), func(store.Tx) error {
		aViewSees(t, db, "a") // begins and ends while the commit is under way
		close(resume)
		return <-updated // and this one ends after it
	})
	if err != nil {
		t.Fatal(err)
	}
	aViewSees(t, db, "a", "b")
	if err := db.Close(); err != nil { // which waits for every look
		t.Error(err)
	}
	if err := db.View(context.Background(), func(store.Tx) error { return nil }); err != store.ErrClosed {
		t.Errorf("after Close the error is %v", err)
	}
}

// Idle looks do not keep the file from growing.
func TestLooksLetTheFileGrow(t *testing.T) {
	t.Parallel()
	db := openTest(t, Options{Unsynced: true, InitialMmapSize: 1})
	aViewSees(t, db)
	err := db.Update(context.Background(), func(tx store.Tx) error {
		return storetest.Others.Insert(tx, &storetest.Thing{Note: strings.Repeat("x", 1<<20)})
	})
	if err != nil {
		t.Fatal(err)
	}
}
