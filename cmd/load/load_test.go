package main

import (
	"os"
	"testing"

	"rator/suite"
)

func TestMain(m *testing.M) {
	if asked, err := runErrand(os.Args); asked { // as main does, in processes that tests start
		exit(err)
	}
	os.Exit(m.Run())
}

// TestScenariosRun runs those that leave the machine to others, with a server of this
// checkout, and wants every row, whatever it says.
func TestScenariosRun(t *testing.T) {
	suite.Long(t, "what calls cost and what strangers leave, on one server")
	t.Chdir("../..")
	light := []string{"strangers", "cpu"}
	r, err := measured(t.Context(), options{base: "none", only: light, pairs: 1}, t.TempDir())
	if err != nil || len(r.Said) != 1 {
		t.Fatalf("%v, said %q", err, r.Said)
	}
	rows := map[string]int{}
	for _, row := range r.Rows {
		rows[row.Scenario]++
		if row.Load == "" || row.This == nil || row.This.Shown == "" || row.Base != nil {
			t.Errorf("%+v", row)
		}
	}
	for _, name := range light {
		if rows[name] == 0 {
			t.Errorf("no row of %s", name)
		}
	}
}
