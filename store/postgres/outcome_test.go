package postgres

import (
	"math/rand/v2"
	"testing"

	"rator/suite"
)

// TestOutcomeIsKnown: whatever byte of a call the connection breaks at, the caller learns
// what became of it, and nothing is done twice.
func TestOutcomeIsKnown(t *testing.T) {
	for name, late := range map[string]bool{"cut": false, "and what was sent comes later": true} {
		t.Run(name, func(t *testing.T) {
			c := &cuts{rng: rand.New(rand.NewPCG(3, 4)), after: []int{2_000, 8_000, 20_000}, late: late}
			db := openTest(t, t.TempDir(), Options{dial: c.dial})
			var l ledger
			l.open(t, db)
			const callers = 4
			each := suite.Rounds(t, 40, 400)
			c.set(true)
			l.calls(t, db, callers, each)
			c.set(false)
			l.check(t, db)
			t.Logf("%d cuts", c.done)
			if c.done < callers*each/4 || l.unknown > 0 {
				t.Errorf("%d cuts, %d unknown", c.done, l.unknown)
			}
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}
