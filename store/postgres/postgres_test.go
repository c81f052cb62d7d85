package postgres

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"testing"
	"time"

	"rator/store"
	"rator/store/postgres/clustertest"
	"rator/store/storetest"
	"rator/suite"
)

// dsn is a schema of the tests' server for each place.
func dsn(t *testing.T, place string) string {
	t.Helper()
	h := fnv.New64a()
	fmt.Fprint(h, place)
	return clustertest.Shared(t).DSN("postgres") + fmt.Sprintf("&search_path=s%x", h.Sum64())
}

// openTest opens the store of a place.
func openTest(t *testing.T, place string, o Options) *DB {
	t.Helper()
	return openAt(t, dsn(t, place), o)
}

func openAt(t *testing.T, dsn string, o Options) *DB {
	t.Helper()
	db, err := Open(context.Background(), dsn, o)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T, place string, now func() time.Time) store.Store {
		t.Helper()
		return openTest(t, place, Options{Now: now})
	}, "")
}

// TestStoreRepeats: nothing is otherwise where the database has transactions repeated all the
// time, as one does that sees to their order itself.
func TestStoreRepeats(t *testing.T) {
	suite.Long(t, "runs the tests of a store on a database that refuses by itself")
	if suite.Apart(t) {
		return
	}
	storetest.Run(t, func(t *testing.T, place string, now func() time.Time) store.Store {
		t.Helper()
		return openAt(t, dsn(t, place)+"&default_transaction_isolation=serializable", Options{Now: now})
	}, "")
}

// TestStoreIsCutOff: nor where connections break, at any byte, in either direction.
func TestStoreIsCutOff(t *testing.T) {
	suite.Long(t, "runs the tests of a store twice, with connections that break")
	if suite.Apart(t) {
		return
	}
	for name, late := range map[string]bool{"cut": false, "and what was sent comes later": true} {
		t.Run(name, func(t *testing.T) {
			all := 0
			storetest.Run(t, func(t *testing.T, place string, now func() time.Time) store.Store {
				t.Helper()
				c := &cuts{rng: rand.New(rand.NewPCG(1, 2)), after: []int{20_000, 50_000, 2_000_000}, late: late}
				db := openTest(t, place, Options{Now: now, dial: c.dial})
				c.set(true)
				t.Cleanup(func() { all += c.done })
				return patient{db, c}
			}, "")
			if t.Logf("%d connections were cut", all); all == 0 {
				t.Error("no connection was cut")
			}
		})
	}
}
