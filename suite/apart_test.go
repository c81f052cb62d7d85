package suite_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"rator/suite"
)

// apartTells is the file in which a test says what it did in a process of its own.
const apartTells = "SUITE_APART_TELLS"

// TestSize: a whole run does everything once, without the race detector; the detector
// sees few.
func TestSize(t *testing.T) {
	file, apart := os.LookupEnv(apartTells)
	if apart {
		n := suite.Size(t, 3, 15)
		if err := os.WriteFile(file, []byte(strconv.Itoa(n)), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	file = filepath.Join(t.TempDir(), "told")
	t.Setenv(apartTells, file)
	t.Setenv("CI", "true")
	here := suite.Size(t, 3, 15)
	told, err := os.ReadFile(file)
	if here == 15 && err != nil {
		return // there is no detector in this run
	}
	if here != 3 || string(told) != "15" {
		t.Errorf("%d here and %q apart: %v", here, told, err)
	}
}

// TestApartFails: what fails apart fails, and is what the report is of.
func TestApartFails(t *testing.T) {
	if _, apart := os.LookupEnv(apartTells); apart {
		t.Run("one", func(*testing.T) {})
		t.Run("two", func(*testing.T) {})
		t.Run("three", func(t *testing.T) { t.Error("it is meant to") })
		return
	}
	t.Setenv(apartTells, "nothing")
	t.Setenv("CI", "true")
	done := true
	how, what := end(t, func(t testing.TB) { done = suite.Apart(t) })
	if how == "goes on" && !done {
		return // there is no detector in this run
	}
	if how != "failed" || !strings.Contains(what, "=== RUN   TestApartFails/three\n    apart_test.go:") || strings.Contains(what, "/one") {
		t.Errorf("%s %s", how, what)
	}
}
