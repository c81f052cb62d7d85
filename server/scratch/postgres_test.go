package scratch_test

import (
	"slices"
	"testing"

	"rator/replay"
	"rator/replay/fixture"
	"rator/server/scratch"
	"rator/server/servertest"
	"rator/store/postgres/clustertest"
	"rator/suite"
)

// TestScenariosOnPostgres: all scenarios of SOAP are answered from a PostgreSQL database as
// they are from a file.
func TestScenariosOnPostgres(t *testing.T) {
	suite.Long(t, "plays all scenarios on PostgreSQL")
	if suite.Apart(t) {
		return
	}
	databases := scratch.NewDatabases(clustertest.Shared(t).DSN("postgres"))
	dir := t.TempDir()
	target := scratch.NewTarget(dir)
	target.Databases = databases
	found, err := fixture.Find(fixture.Options{}, servertest.Scenarios)
	if err != nil {
		t.Fatal(err)
	}
	// A file's server forgets nonces with its end, so it refuses what is older than its start; a
	// database has them still (access.SharedNonces), so its servers do not.
	left := 0
	for _, s := range found {
		before := len(s.Steps)
		s.Steps = slices.DeleteFunc(s.Steps, func(step fixture.Step) bool {
			return s.Name == "ws-security-refused" && step.Name == "before-the-start"
		})
		left += before - len(s.Steps)
	}
	if left != 1 {
		t.Errorf("%d steps are left out", left)
	}
	player := &replay.Player{Target: target, Sink: servertest.Complaining{T: t}, Jobs: 2}
	summary, err := player.Play(t.Context(), found)
	if err != nil {
		t.Fatal(err)
	}
	if n := summary.Exchanges[replay.Equal]; n < 1800 {
		t.Errorf("%d exchanges were equal", n)
	}
	if err := databases.Close(); err != nil {
		t.Error(err)
	}
}
