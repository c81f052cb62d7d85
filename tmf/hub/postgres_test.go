package hub_test

import (
	"testing"

	"rator/server/servertest"
)

// TestOnBothEngines: what stands here holds of a store in PostgreSQL too.
func TestOnBothEngines(t *testing.T) { servertest.OnBoth(t) }
