package servertest

import (
	"testing"

	"rator/server"
	"rator/workflow"
)

// ShippedSet is the set of the shipped hookpoints.
func ShippedSet(t testing.TB) *workflow.Set {
	t.Helper()
	set, mistakes := workflow.Load(server.Shipped())
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	return set
}
