package together

import (
	"fmt"
	"hash/fnv"
	"testing"
	"time"

	"rator/store/postgres"
	"rator/store/postgres/clustertest"
)

// patience is how long something may take that is waited for.
const patience = time.Minute

// openOne opens the store of a place, as one of its servers.
func openOne(t *testing.T, place string) *postgres.DB {
	t.Helper()
	h := fnv.New64a()
	fmt.Fprint(h, place)
	db, err := postgres.Open(t.Context(), clustertest.Shared(t).DSN("postgres")+fmt.Sprintf("&search_path=s%x", h.Sum64()), postgres.Options{As: postgres.Server})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// until waits for a condition.
func until(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !so(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within %s", what, patience)
		}
	}
}
