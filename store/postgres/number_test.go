package postgres

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"rator/store"
)

// TestNumbersBeforeACrash: a number that the database has forgotten in a crash, as it was not on
// the disk, is not used beside its next holder's, nor given back from him; nor is an id.
func TestNumbersBeforeACrash(t *testing.T) {
	here := dsn(t, t.TempDir())
	db, other := openAt(t, here, Options{}), openAt(t, here, Options{})
	defer db.Close()
	defer other.Close()
	given := map[int64]string{} // that were committed
	update := func(who *DB, name string, undo error, meanwhile func()) (tries int) {
		t.Helper()
		n := int64(0)
		err := who.Update(t.Context(), func(tx store.Tx) (err error) {
			tries++
			if n, err = tx.Next("numbers"); err != nil {
				return err
			}
			if meanwhile != nil && tries == 1 {
				meanwhile()
			}
			if undo != nil {
				return undo
			}
			return emit(tx)
		})
		if !errors.Is(err, undo) {
			t.Fatal(err)
		}
		if undo == nil {
			if given[n] != "" {
				t.Errorf("%s and %s both have the number %d", given[n], name, n)
			}
			given[n] = name
		}
		return tries
	}
	crash := func() { // whose log lacks the newest number
		run(t, here, "truncate "+db.schema.table("epoch"), "update "+db.schema.table("sequence")+" set n=n-1 where name='numbers'")
	}
	update(db, "the first", nil, nil)
	if tries := update(db, "who was under way", nil, func() {
		crash()
		update(other, "who came after the crash", nil, nil)
	}); tries < 2 {
		t.Error("who was under way in the crash used its number")
	}
	undone := errors.New("undone")
	update(db, "", undone, func() {
		crash()
		run(t, here, db.schema.newEpoch()) // as somebody else has begun it
		update(other, "who came after the second", nil, nil)
	})
	update(other, "the last", nil, nil)

	seen := map[store.ID]bool{}
	ids := func(who *DB, meanwhile func()) {
		t.Helper()
		tries, id := 0, store.ID(0)
		if err := who.Update(t.Context(), func(tx store.Tx) (err error) {
			if id, err = tx.NextID(); err != nil {
				return err
			}
			if tries++; meanwhile != nil && tries == 1 {
				meanwhile()
			}
			return emit(tx)
		}); err != nil {
			t.Fatal(err)
		}
		if seen[id] || meanwhile != nil && tries == 1 {
			t.Errorf("the id %s after %d tries, taken %v", id, tries, seen[id])
		}
		seen[id] = true
	}
	ids(db, nil)
	ids(db, func() { crash() })
	ids(other, nil)
}

// TestNumbersAreTakenTogether by all who come while others are being taken, but by nobody with
// who has a least of his own.
func TestNumbersAreTakenTogether(t *testing.T) {
	var s sequences
	last, takes := int64(0), []int64(nil)
	begun, goOn := make(chan struct{}), make(chan struct{})
	take := func(numbers int64) (int64, int64, error) {
		takes = append(takes, numbers)
		begun <- struct{}{}
		<-goOn
		if len(takes) == 3 {
			return 0, 0, errMoved
		}
		last += numbers
		return last, 7, nil
	}
	var mu sync.Mutex
	var got []int64
	var failed int
	var all sync.WaitGroup
	come := func(n int) {
		for range n {
			all.Go(func() {
				n, epoch, err := s.next("numbers", 0, take)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err != nil:
					failed++
				case epoch != 7:
					t.Errorf("a number of the epoch %d", epoch)
				default:
					got = append(got, n)
				}
			})
		}
	}
	waiting := func(n int64) {
		until(t, "all are waiting", func() bool {
			s.mu.Lock()
			defer s.mu.Unlock()
			return s.of["numbers"].comes != nil && s.of["numbers"].comes.numbers == n
		})
	}
	come(1)
	<-begun
	come(9)
	waiting(9)
	if n, _, _ := s.next("numbers", 40, func(int64) (int64, int64, error) { return 41, 7, nil }); n != 41 {
		t.Errorf("above 40: %d", n)
	}
	goOn <- struct{}{}
	<-begun
	come(5)
	waiting(5)
	goOn <- struct{}{}
	<-begun
	goOn <- struct{}{}
	all.Wait()
	slices.Sort(got)
	if !slices.Equal(takes, []int64{1, 9, 5}) || !slices.Equal(got, []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}) || failed != 5 {
		t.Errorf("takes of %v gave %v, and %d failed", takes, got, failed)
	}
}
