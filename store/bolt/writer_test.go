package bolt

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"rator/failure"
	"rator/store"
	"rator/store/storetest"
)

// inFlight keeps a thing named first whose commit waits, until land is called with what
// its end is to be.
func inFlight(t *testing.T, db *DB) (land func(end func(*bbolt.Tx) error), told <-chan error) {
	t.Helper()
	flies, ends, done := make(chan bool), make(chan func(*bbolt.Tx) error), make(chan error, 1)
	db.commit = func(tx *bbolt.Tx) error {
		close(flies)
		end := <-ends
		db.commit = (*bbolt.Tx).Commit // the next comes after this one
		return end(tx)
	}
	go func() { done <- db.Update(context.Background(), keep("first")) }()
	<-flies
	return func(end func(*bbolt.Tx) error) { ends <- end }, done
}

// run has the writer run a closure, and gives its outcome, which may be long in coming.
func run(db *DB, fn func(store.Tx) error) (ran <-chan bool, told <-chan error) {
	begun, done := make(chan bool, 9), make(chan error, 1)
	go func() {
		done <- db.Update(context.Background(), func(tx store.Tx) error {
			err := fn(tx)
			begun <- true
			return err
		})
	}()
	return begun, done
}

func full(tx *bbolt.Tx) error  { return errors.Join(tx.Rollback(), syscall.ENOSPC) }
func broke(tx *bbolt.Tx) error { return errors.Join(tx.Rollback(), syscall.EIO) }

// sees is an error unless a thing of that name is there.
func sees(tx store.Tx, name string) error {
	_, err := storetest.Things.By(tx, "name", name)
	return err
}

// TestClosuresRunWhileACommitIsUnderWay: over what it writes, and nobody hears before it.
func TestClosuresRunWhileACommitIsUnderWay(t *testing.T) {
	db := openTest(t, Options{})
	land, first := inFlight(t, db)
	ran, second := run(db, func(tx store.Tx) error {
		n, err := storetest.Things.Count(tx)
		if n != 1 {
			t.Errorf("%d things", n)
		}
		return errors.Join(err, sees(tx, "first"), sees(tx.Before(), "first"), keep("second")(tx))
	})
	<-ran
	mine := errors.New("mine")
	ran, third := run(db, func(tx store.Tx) error { return errors.Join(sees(tx, "second"), mine) })
	<-ran
	select {
	case err := <-second:
		t.Errorf("told before the commit that it was run over: %v", err)
	case err := <-third:
		t.Errorf("refused before the commit that it was run over: %v", err)
	case <-first:
		t.Error("told before its commit")
	default:
	}
	if diff := cmp.Diff([]string(nil), kept(t, db)); diff != "" {
		t.Error(diff)
	}
	land((*bbolt.Tx).Commit)
	if err := errors.Join(<-first, <-second); err != nil {
		t.Error(err)
	}
	if err := <-third; !errors.Is(err, mine) {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"first", "second"}, kept(t, db)); diff != "" {
		t.Error(diff)
	}
}

// TestCommitBelowFails: what was run over a commit that changed nothing is run anew.
func TestCommitBelowFails(t *testing.T) {
	db := openTest(t, Options{})
	land, first := inFlight(t, db)
	times, after := 0, 0
	ran, second := run(db, func(tx store.Tx) error {
		if times++; (sees(tx, "first") == nil) != (times == 1) {
			t.Errorf("run %d: %v", times, sees(tx, "first"))
		}
		tx.After(func() { after++ })
		return keep("second")(tx)
	})
	<-ran
	exited := make(chan bool)
	exits := 0
	go func() {
		defer close(exited)
		_ = db.Update(context.Background(), func(tx store.Tx) error {
			exits++
			_ = keep("third")(tx)
			runtime.Goexit()
			return nil
		})
	}()
	panicked := make(chan any)
	panics := 0
	go func() {
		defer func() { panicked <- recover() }()
		_ = db.Update(context.Background(), func(tx store.Tx) error {
			if panics++; panics == 1 {
				panic("mine")
			}
			return keep("fourth")(tx) // which it thinks better of
		})
	}()
	for range 2 { // until both were run, or are waiting, which is no fault
		ran, last := run(db, func(tx store.Tx) error { return errors.New("mine") })
		<-ran
		defer func() { <-last }()
	}
	land(full)
	if err := <-first; failure.CodeOf(err) != store.Full {
		t.Errorf("error is %v", err)
	}
	if err := <-second; err != nil || times != 2 || after != 1 {
		t.Errorf("error is %v after %d runs, After ran %d times", err, times, after)
	}
	<-exited
	if p := <-panicked; (p != nil) != (panics == 1) {
		t.Errorf("panicked with %v after %d runs", p, panics)
	}
	want := []string{"second"}
	if panics == 2 {
		want = []string{"fourth", "second"}
	}
	if diff := cmp.Diff(want, kept(t, db)); diff != "" {
		t.Error(diff)
	}
}

// TestCommitBelowIsUnknown: what was run over a commit of which nobody knows is not kept,
// and its caller knows that.
func TestCommitBelowIsUnknown(t *testing.T) {
	db := openTest(t, Options{})
	mustKeep(t, db, "before")
	land, first := inFlight(t, db)
	ran, second := run(db, keep("second"))
	<-ran
	ran, third := run(db, func(tx store.Tx) error { return errors.New("saw what may not be there") })
	<-ran
	land(broke)
	if err := <-first; !errors.Is(err, store.ErrOutcomeUnknown) {
		t.Errorf("error is %v", err)
	}
	for _, told := range []<-chan error{second, third} {
		if err := <-told; !errors.Is(err, store.ErrNoWrites) || errors.Is(err, store.ErrOutcomeUnknown) {
			t.Errorf("error is %v", err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"before"}, kept(t, openAt(t, db.path, Options{}))); diff != "" {
		t.Error(diff)
	}
}

// TestCommitBelowTakesTooLong: nobody waits for ever for a commit that does not end, and
// nothing that was told so is lost when it does.
func TestCommitBelowTakesTooLong(t *testing.T) {
	for wait := 100 * time.Millisecond; !commitTakesTooLong(t, wait); wait *= 2 {
		t.Logf("nothing was run within %s", wait)
	}
}

// commitTakesTooLong has a commit take longer than a wait, within which something else is to be
// run; it is false when the machine was too slow for that.
func commitTakesTooLong(t *testing.T, wait time.Duration) bool {
	db := openTest(t, Options{})
	db.waits.commit, db.waits.queue = wait, 3*wait
	land, first := inFlight(t, db)
	ran, second := run(db, keep("second"))
	if err := <-first; !errors.Is(err, store.ErrOutcomeUnknown) {
		t.Errorf("error is %v", err)
	}
	if err := <-second; len(ran) == 0 {
		land((*bbolt.Tx).Commit)
		return false
	} else if !errors.Is(err, store.ErrOutcomeUnknown) {
		t.Errorf("error is %v", err)
	}
	if err := db.Update(context.Background(), keep("third")); failure.CodeOf(err) != failure.TryAgain {
		t.Errorf("error is %v", err)
	}
	land((*bbolt.Tx).Commit)
	patient(t, db)
	mustKeep(t, db, "fourth")
	if diff := cmp.Diff([]string{"first", "fourth", "second"}, kept(t, db)); diff != "" {
		t.Error(diff)
	}
	return true
}

// TestCloseEndsBothGroups: the one under way, and the one that was run over it.
func TestCloseEndsBothGroups(t *testing.T) {
	db := openTest(t, Options{})
	land, first := inFlight(t, db)
	ran, second := run(db, keep("second"))
	<-ran
	closed := make(chan error)
	go func() { closed <- db.Close() }()
	<-db.closing
	land((*bbolt.Tx).Commit)
	if err := errors.Join(<-first, <-second, <-closed); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"first", "second"}, kept(t, openAt(t, db.path, Options{}))); diff != "" {
		t.Error(diff)
	}
}

// A View whose Update waits for a commit that waits for the View, because the file must
// grow, ends: the Update is told.
func TestUpdateInsideViewEndsThoughAnotherMakesTheFileGrow(t *testing.T) {
	db := openTest(t, Options{InitialMmapSize: 1})
	db.waits.commit, db.waits.queue = 100*time.Millisecond, 100*time.Millisecond
	grows := make(chan bool)
	db.commit = func(tx *bbolt.Tx) error {
		close(grows)
		db.commit = (*bbolt.Tx).Commit
		return tx.Commit()
	}
	grown := make(chan error)
	err := db.View(context.Background(), func(store.Tx) error {
		go func() {
			grown <- db.Update(context.Background(), func(tx store.Tx) error {
				return storetest.Others.Insert(tx, &storetest.Thing{Note: strings.Repeat("x", 1<<20)})
			})
		}()
		<-grows
		time.Sleep(20 * time.Millisecond) // until it waits; when it does not yet, the Update is done
		inner := db.Update(context.Background(), keep("inner"))
		if inner != nil && !errors.Is(inner, store.ErrOutcomeUnknown) && failure.CodeOf(inner) != failure.TryAgain {
			t.Errorf("error is %v", inner)
		}
		return nil
	})
	if outer := <-grown; err != nil || outer != nil && !errors.Is(outer, store.ErrOutcomeUnknown) {
		t.Errorf("the View's error is %v, the Update's %v", err, outer)
	}
	patient(t, db)
	mustKeep(t, db, "after")
}

var (
	writerSeed  = flag.Uint64("writer.seed", 0, "seed of the commits that fail; 0 = a new one")
	writerCalls = flag.Int("writer.calls", 40, "calls of each caller of the writer's model test")
)

// TestWriterModel has many callers each put a link of their own at the end of a chain,
// while commits fail for lack of room: what was acknowledged, and nothing else, is in the
// chain, each link behind the one that it saw, and every count and cursor says the same.
func TestWriterModel(t *testing.T) {
	seed := *writerSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("seed %d; repeat with -writer.seed=%d", seed, seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	overlapping := 0
	db := openTest(t, Options{Observe: func(Commit) {}})
	db.commit = func(tx *bbolt.Tx) error {
		if rng.IntN(4) == 0 {
			return full(tx)
		}
		return tx.Commit()
	}
	var (
		mu           sync.Mutex
		acknowledged []string
		wg           sync.WaitGroup
	)
	mine := errors.New("mine")
	for caller := range 8 {
		wg.Go(func() {
			for n := range *writerCalls {
				name, runs, after := fmt.Sprintf("%d-%02d", caller, n), 0, 0
				err := db.Update(context.Background(), func(tx store.Tx) error {
					runs++
					end, err := storetest.Steadies.By(tx, "name", "end") // whose Group is the last link
					if err != nil {
						end = &storetest.Steady{Name: "end", Tags: []string{}}
					}
					link := &storetest.Thing{Name: name, Note: end.Group}
					end.Group = name
					tx.After(func() { after++ })
					if err := errors.Join(storetest.Things.Insert(tx, link), storetest.Steadies.Keep(tx, end), tx.Add("links", 1),
						tx.Emit(store.Event{Topic: "linked", Body: []byte(`"` + name + `"`)})); err != nil {
						return err
					}
					if n%7 == 3 {
						return mine
					}
					return nil
				})
				mu.Lock()
				switch {
				case err == nil:
					acknowledged = append(acknowledged, name)
				case failure.CodeOf(err) != store.Full && !errors.Is(err, mine):
					t.Error(err)
				}
				if (after == 1) != (err == nil) {
					t.Errorf("%s: After ran %d times, the error is %v", name, after, err)
				}
				if runs > 1 {
					overlapping++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	t.Logf("%d were acknowledged, %d were run anew", len(acknowledged), overlapping)
	err := db.View(context.Background(), func(tx store.Tx) error {
		var chain []string
		end, err := storetest.Steadies.By(tx, "name", "end")
		if err != nil {
			return err
		}
		for name := end.Group; name != ""; {
			link, err := storetest.Things.By(tx, "name", name)
			if err != nil {
				return err
			}
			chain = append(chain, name)
			name = link.Note
		}
		slices.Reverse(chain)
		events, err := tx.EventsAfter(0, 10_000)
		var told []string
		for _, e := range events {
			told = append(told, string(e.Body[1:len(e.Body)-1]))
		}
		if diff := cmp.Diff(chain, told); diff != "" {
			t.Errorf("the events are in another order: %s", diff)
		}
		n, sumErr := tx.Sum("links")
		if int(n) != len(chain) {
			t.Errorf("%d links were counted of %d", n, len(chain))
		}
		slices.Sort(chain)
		slices.Sort(acknowledged)
		if diff := cmp.Diff(acknowledged, chain); diff != "" {
			t.Errorf("acknowledged and kept differ: %s", diff)
		}
		return errors.Join(err, sumErr)
	})
	if err != nil {
		t.Error(err)
	}
	db.commit = (*bbolt.Tx).Commit
}
