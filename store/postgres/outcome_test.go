package postgres

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"rator/failure"
	"rator/store"
	"rator/store/storetest"
	"rator/suite"
)

// TestOutcomeIsKnown: whatever byte of a call the connection breaks at, the caller learns
// what became of it, and nothing is done twice.
func TestOutcomeIsKnown(t *testing.T) {
	for name, late := range map[string]bool{"cut": false, "and what was sent comes later": true} {
		t.Run(name, func(t *testing.T) {
			c := &cuts{rng: rand.New(rand.NewPCG(3, 4)), after: []int{2_000, 8_000, 20_000}, late: late}
			db := openTest(t, t.TempDir(), Options{dial: c.dial})
			count := &storetest.Thing{Name: "count", Note: "0"}
			ctx := context.Background()
			if err := db.Update(ctx, func(tx store.Tx) error { return storetest.Things.Insert(tx, count) }); err != nil {
				t.Fatal(err)
			}
			const callers = 4
			each := suite.Rounds(t, 40, 400)
			c.set(true)
			var (
				mu           sync.Mutex
				kept         = map[string]bool{}
				unknown      int
				acknowledged int
				all          sync.WaitGroup
			)
			for caller := range callers {
				all.Go(func() {
					for n := range each {
						name := fmt.Sprint(caller, "-", n)
						err := db.Update(ctx, func(tx store.Tx) error {
							x, err := storetest.Things.By(tx, "name", "count")
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
							if n%2 == 0 { // half of them without an event
								if err := tx.Emit(store.Event{Topic: name, Body: []byte(`{}`)}); err != nil {
									return err
								}
							}
							return storetest.Things.Insert(tx, &storetest.Thing{Group: "made", Note: name})
						})
						mu.Lock()
						switch {
						case err == nil:
							kept[name] = true
							acknowledged++
						case errors.Is(err, store.ErrOutcomeUnknown):
							unknown++
						case failure.CodeOf(err) != failure.TryAgain:
							t.Error(err)
						}
						mu.Unlock()
					}
				})
			}
			all.Wait()
			c.set(false)
			made := 0
			err := db.View(ctx, func(tx store.Tx) error {
				seen := map[string]int{}
				for x, err := range storetest.Things.All(tx, "group", "made") {
					if err != nil {
						return err
					}
					made++
					seen[x.Note]++
				}
				for name, n := range seen {
					if n != 1 {
						t.Errorf("%s was done %d times", name, n)
					}
				}
				for name := range kept {
					if seen[name] == 0 {
						t.Errorf("%s was acknowledged, and is not there", name)
					}
				}
				x, err := storetest.Things.By(tx, "name", "count")
				if err == nil && x.Note != fmt.Sprint(made) {
					t.Errorf("%s were counted, and %d were made", x.Note, made)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
			t.Logf("%d cuts: %d acknowledged, %d made, %d unknown", c.done, acknowledged, made, unknown)
			if c.done < callers*each/4 || unknown > 0 || made != acknowledged {
				t.Errorf("%d cuts, %d made of %d acknowledged, %d unknown", c.done, made, acknowledged, unknown)
			}
			storetest.Check(t, db)
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}
