package bolt

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/failure"
	"rator/store"
	"rator/store/storetest"
)

func TestUpdateInsideUpdateIsRefused(t *testing.T) {
	db := openTest(t, Options{})
	var inner error
	err := db.Update(context.Background(), func(tx store.Tx) error {
		inner = db.Update(context.Background(), keep("inner"))
		return keep("outer")(tx)
	})
	if err != nil || !errors.Is(inner, store.ErrNested) {
		t.Errorf("outer error is %v, inner %v", err, inner)
	}
	if diff := cmp.Diff([]string{"outer"}, kept(t, db)); diff != "" {
		t.Error(diff)
	}
}

// A closure that waits for another goroutine's Update waits for itself, which
// nobody can see; but not for ever.
func TestWaitForTheWriterEnds(t *testing.T) {
	db := openTest(t, Options{})
	db.waits.queue = 100 * time.Millisecond
	err := db.Update(context.Background(), func(store.Tx) error {
		inner := make(chan error)
		go func() { inner <- db.Update(context.Background(), keep("inner")) }()
		return <-inner
	})
	if failure.CodeOf(err) != failure.TryAgain {
		t.Errorf("error is %v, want %s", err, failure.TryAgain.Name)
	}
}

// blocked begins an Update that keeps a thing and waits in its closure until
// release is called, which gives its error.
func blocked(db *DB, name string) (release func() error) {
	inside, leave, done := make(chan bool), make(chan bool), make(chan error)
	go func() {
		done <- db.Update(context.Background(), func(tx store.Tx) error {
			close(inside)
			<-leave
			return keep(name)(tx)
		})
	}()
	<-inside
	return func() error {
		close(leave)
		return <-done
	}
}

func TestWaitingCallerLeavesTheQueue(t *testing.T) {
	db := openTest(t, Options{})
	release := blocked(db, "first")
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	err := db.Update(ctx, keep("second"))
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error is %v", err)
	}
	if err := release(); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"first"}, kept(t, db)); diff != "" {
		t.Error(diff)
	}
}

func TestGroup(t *testing.T) {
	var groups []int
	db := openTest(t, Options{Observe: func(c Commit) { groups = append(groups, c.Closures) }})
	release := blocked(db, "first")

	const callers = 300
	mine := errors.New("mine")
	var wg sync.WaitGroup
	for n := range callers {
		wg.Go(func() {
			name := fmt.Sprintf("n%03d", n)
			switch n {
			case 0:
				err := db.Update(context.Background(), func(tx store.Tx) error { return errors.Join(keep(name)(tx), mine) })
				if !errors.Is(err, mine) {
					t.Errorf("error is %v", err)
				}
			case 1:
				defer func() {
					if p, ok := recover().(*store.Panic); !ok || p.Value != "mine" || !strings.Contains(string(p.Stack), "TestGroup") {
						t.Errorf("panicked with %v", p)
					}
				}()
				_ = db.Update(context.Background(), func(tx store.Tx) error { _ = keep(name)(tx); panic("mine") })
			case 2:
				_ = db.Update(context.Background(), func(tx store.Tx) error { _ = keep(name)(tx); runtime.Goexit(); return nil })
				t.Error("Update returned though the goroutine ended")
			default:
				if err := db.Update(context.Background(), keep(name)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	time.Sleep(100 * time.Millisecond) // until they wait; fewer make smaller groups, which is no fault
	if err := release(); err != nil {
		t.Error(err)
	}
	wg.Wait()

	names := kept(t, db)
	if len(names) != 1+callers-3 || names[0] != "first" || names[1] != "n003" {
		t.Errorf("%d are kept: %v", len(names), names)
	}
	if sum := sumOf(groups); slices.Max(groups) > maxGroup || len(groups) > 100 || sum < callers-2 || sum > callers+1 {
		t.Errorf("the groups are %v", groups)
	}
}

func sumOf(ns []int) (sum int) {
	for _, n := range ns {
		sum += n
	}
	return sum
}

// A View that waits for an Update keeps the file from being mapped anew, which a
// commit that makes it grow needs: the Update must not wait for ever.
func TestUpdateInsideViewEndsThoughTheFileGrows(t *testing.T) {
	db := openTest(t, Options{InitialMmapSize: 1})
	db.waits.commit = 100 * time.Millisecond
	var inner error
	err := db.View(context.Background(), func(store.Tx) error {
		inner = db.Update(context.Background(), func(tx store.Tx) error {
			return storetest.Others.Insert(tx, &storetest.Thing{Note: strings.Repeat("x", 1<<20)})
		})
		return nil
	})
	if err != nil || !errors.Is(inner, store.ErrOutcomeUnknown) {
		t.Errorf("the View's error is %v, the Update's %v", err, inner)
	}
	patient(t, db)
	mustKeep(t, db, "after")
}

func TestCloseRefusesThoseWaiting(t *testing.T) {
	db := openTest(t, Options{})
	release := blocked(db, "first")
	second := make(chan error)
	go func() { second <- db.Update(context.Background(), keep("second")) }()
	time.Sleep(20 * time.Millisecond)
	closed := make(chan error)
	go func() { closed <- db.Close() }()
	if err := <-second; !errors.Is(err, store.ErrClosed) {
		t.Errorf("error is %v", err)
	}
	if err := errors.Join(release(), <-closed); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"first"}, kept(t, openAt(t, db.path, Options{}))); diff != "" {
		t.Error(diff)
	}
}
