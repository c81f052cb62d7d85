package access_test

import (
	"testing"

	"rator/server/servertest"
)

func TestMain(m *testing.M) { servertest.Main(m) }

// TestOnBothEngines: what stands here holds of a store in PostgreSQL too.
func TestOnBothEngines(t *testing.T) { servertest.OnBoth(t) }
